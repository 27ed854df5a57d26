"""Settings: named in one line when they are wrong, secret when they are shown."""

import pytest

from gateway.settings import from_environment
from tests.gateway.small_ward import settings

GOOD = {
    "VIGIL_KAFKA_BROKERS": "127.0.0.1:9092",
    "VIGIL_GATEWAY_PORT": "8000",
    "VIGIL_GATEWAY_USERS": "nurse:a:b, doctor:c",
    "VIGIL_GATEWAY_SECRET": "sixteen-letters!",
}


@pytest.fixture(autouse=True)
def _good(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_several_users_have_a_password_each() -> None:
    assert from_environment().users == {"nurse": "a:b", "doctor": "c"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIL_GATEWAY_USERS", "nurse"),
        ("VIGIL_GATEWAY_USERS", "nurse:"),
        ("VIGIL_GATEWAY_USERS", ":sesame"),
        ("VIGIL_GATEWAY_USERS", ""),
        ("VIGIL_GATEWAY_SECRET", "fifteen-letters"),
        ("VIGIL_GATEWAY_PORT", "eight"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=name) as error:
        from_environment()
    assert "\n" not in str(error.value)
    assert value not in str(error.value) or not value


def test_secrets_are_not_shown() -> None:
    assert "a-password" not in repr(settings(1))
    assert "a-secret" not in repr(settings(1))
