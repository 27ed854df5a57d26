"""What a job reads from its environment is right, or said in one line."""

import pytest

from jobs.settings import from_environment

RIGHT = {
    "VIGIL_KAFKA_BROKERS": "127.0.0.1:9092",
    "VIGIL_INFLUX_URL": "http://influxdb:8086",
    "VIGIL_INFLUX_ORG": "vigil",
    "VIGIL_INFLUX_WRITE_TOKEN_FILE": "/run/token",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what is right."""
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)


def test_what_compose_sets_is_right() -> None:
    assert from_environment().influx_url == RIGHT["VIGIL_INFLUX_URL"]


def test_a_job_does_not_start_where_its_token_would_go_in_clear_over_a_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIGIL_INFLUX_URL", "http://influx.example:8086")
    with pytest.raises(SystemExit) as refused:
        from_environment()
    said = str(refused.value)
    assert "VIGIL_INFLUX_URL: a token would go in clear to influx.example" in said
    assert "https://" in said
    assert "\n" not in said


def test_all_that_is_missing_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in RIGHT:
        monkeypatch.delenv(name)
    with pytest.raises(SystemExit) as refused:
        from_environment()
    assert all(name in str(refused.value) for name in RIGHT)
