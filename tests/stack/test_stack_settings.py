"""Settings come from files, then from the environment; secrets stay masked."""

from pathlib import Path

import pytest

from stack.errors import StackError
from stack.settings import FILES, Settings

EXAMPLE = FILES[:1]


def test_the_example_alone_is_enough() -> None:
    settings = Settings.load({}, EXAMPLE)
    assert settings.kafka_brokers == "127.0.0.1:9092"
    assert settings.influx_url == "http://127.0.0.1:8086"
    assert settings.flink_url == "http://127.0.0.1:8081"


def test_a_later_file_wins_and_the_environment_over_both(tmp_path: Path) -> None:
    mine = tmp_path / ".env"
    mine.write_text("VIGIL_INFLUX_ORG=ward\nVIGIL_FLINK_SLOTS=2\n", encoding="utf-8")
    settings = Settings.load({"VIGIL_FLINK_SLOTS": "4"}, (*EXAMPLE, mine))
    assert settings.influx_org == "ward"
    assert settings.flink_slots == 4


def test_a_port_from_the_environment_changes_the_address() -> None:
    settings = Settings.load({"VIGIL_KAFKA_PORT": "19093"}, EXAMPLE)
    assert settings.kafka_brokers == "127.0.0.1:19093"


def test_every_wrong_or_missing_value_is_named_at_once() -> None:
    with pytest.raises(StackError) as error:
        Settings.load({"VIGIL_KAFKA_PORT": "many"}, ())
    assert "VIGIL_KAFKA_PORT: " in str(error.value)
    assert "VIGIL_INFLUX_ORG: Field required" in str(error.value)


def test_no_token_of_the_database_goes_in_clear_over_a_network() -> None:
    elsewhere = {"VIGIL_INFLUX_URL": "http://influx.example:8086"}
    with pytest.raises(StackError, match=r"^settings: VIGIL_INFLUX_URL: .* https://"):
        Settings.load(elsewhere, EXAMPLE)


def test_tokens_are_named_by_the_files_that_hold_them() -> None:
    settings = Settings.load({"VIGIL_STATE_DIR": "/state"}, EXAMPLE)
    passed = settings.environment()
    files = {passed[f"VIGIL_INFLUX_{role}_TOKEN_FILE"] for role in ("WRITE", "READ")}
    assert files == {"/state/data/influx-write.token", "/state/data/influx-read.token"}


def test_a_relative_state_folder_lies_in_the_clone() -> None:
    assert Settings.load({}, EXAMPLE).state_dir.is_absolute()


def test_what_processes_read_says_the_same_again() -> None:
    settings = Settings.load({"VIGIL_FLINK_PORT": "18081"}, EXAMPLE)
    assert Settings.load(settings.environment(), ()) == settings.model_copy(
        update={"cache": Settings.load({}, EXAMPLE).cache}
    )


def test_what_is_empty_is_where_it_would_be_unsaid() -> None:
    """An empty state folder would be the clone itself, and reset would wipe that."""
    names = ("STATE_DIR", "FLINK_KEY_FILE", "INFLUX_READ_TOKEN_FILE")
    empty = Settings.load({f"VIGIL_{name}": "" for name in names}, EXAMPLE)
    assert empty == Settings.load({}, EXAMPLE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_PORT", "0"),
        ("KAFKA_PORT", "65536"),
        ("FLINK_SLOTS", "0"),
        ("FLINK_URL", "http://127.0.0.1:many"),
        ("FLINK_URL", "127.0.0.1:8081"),
        ("GATEWAY_URL", ""),
        ("INFLUX_URL", "http://"),
    ],
)
def test_what_cannot_be_is_named_with_its_setting(name: str, value: str) -> None:
    with pytest.raises(StackError, match=rf"^settings: VIGIL_{name}: ") as error:
        Settings.load({f"VIGIL_{name}": value}, EXAMPLE)
    assert "\n" not in str(error.value)
