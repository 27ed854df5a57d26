"""Secrets are made once, for one installation, and are the owner's alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from dotenv import dotenv_values

from producers.secrecy import EXAMPLE
from stack import configuration, credentials
from stack.credentials import IN_CONTAINERS, NEEDED, InfluxAdmin
from stack.errors import StackError
from stack.paths import Paths
from stack.servers import find
from stack.settings import Settings

GOOD = {
    "VIGIL_INFLUX_PASSWORD": "a-long-password",
    "VIGIL_INFLUX_TOKEN": "a-long-token",
}
OURS = {
    "VIGIL_ALERTS_SMTP_PASSWORD": "pass'word \\ # \"${HOME",
    "VIGIL_GATEWAY_USERS": "nurse:hush, doctor:hush",
    "VIGIL_INFLUX_TOKEN": "hush-operator",
    "VIGIL_ANYTHING_NEW": "hush",
}


@pytest.fixture
def none(tmp_path: Path) -> Path:
    """Return a file of own settings that is not there."""
    return tmp_path / "none"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with a state folder of the test's own."""
    return Settings.load({"VIGIL_STATE_DIR": str(tmp_path / "state")}, (EXAMPLE,))


def test_the_example_holds_no_secret() -> None:
    assert not set(IN_CONTAINERS) & set(dotenv_values(EXAMPLE))
    assert "change-me" not in EXAMPLE.read_text(encoding="utf-8")


def test_secrets_are_made_once(settings: Settings, none: Path) -> None:
    made = credentials.make(settings, {}, none)
    first = dotenv_values(made)
    assert set(first) == set(NEEDED)
    assert all(len(text or "") >= 16 for text in first.values())
    assert dotenv_values(credentials.make(settings, {}, none)) == first


def test_two_installations_share_no_secret(tmp_path: Path, none: Path) -> None:
    one, two = (
        Settings.load({"VIGIL_STATE_DIR": str(tmp_path / name)}, (EXAMPLE,))
        for name in ("one", "two")
    )
    first = dotenv_values(credentials.make(one, {}, none)).values()
    assert not {*first} & {*dotenv_values(credentials.make(two, {}, none)).values()}


def test_secrets_are_the_owners_alone(settings: Settings, none: Path) -> None:
    made = credentials.make(settings, {}, none)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [each.name for each in made.parent.iterdir()] == [made.name]


def test_several_who_start_first_make_the_same(settings: Settings, none: Path) -> None:
    def make(_: int) -> dict[str, str | None]:
        return dict(dotenv_values(credentials.make(settings, {}, none)))

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(8)))
    assert all(each == made[0] for each in made)


def test_what_is_given_is_not_made(settings: Settings, none: Path) -> None:
    none.write_text("VIGIL_GATEWAY_USERS=\n", encoding="utf-8")
    made = dotenv_values(credentials.make(settings, GOOD, none))
    assert set(made) == {"VIGIL_GATEWAY_SECRET"}


def test_what_is_given_beats_what_was_made(settings: Settings, none: Path) -> None:
    credentials.make(settings, {}, none)
    made = InfluxAdmin.load(settings, {}, none)
    admin = InfluxAdmin.load(settings, GOOD, none)
    assert admin != made
    assert admin.influx_token.get_secret_value() == GOOD["VIGIL_INFLUX_TOKEN"]
    assert "a-long-token" not in repr(admin)


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", ["demo-password-change-me", "", "short"])
def test_a_published_or_empty_secret_is_refused(
    settings: Settings, none: Path, name: str, value: str
) -> None:
    line = rf"settings: {name}: .*make up makes"
    with pytest.raises(StackError, match=line) as error:
        InfluxAdmin.load(settings, {**GOOD, name: value}, none)
    assert not value or value not in str(error.value)


def test_a_secret_that_is_missing_is_named(settings: Settings, none: Path) -> None:
    both = r"VIGIL_INFLUX_PASSWORD: .*VIGIL_INFLUX_TOKEN"
    with pytest.raises(StackError, match=both):
        InfluxAdmin.load(settings, {}, none)


def test_containers_get_settings_and_secrets_in_one_file(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    credentials.make_for_containers(EXAMPLE, target)
    made = dotenv_values(target, interpolate=False)
    assert set(made) == set(dotenv_values(EXAMPLE)) | set(IN_CONTAINERS)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(StackError, match="has all secrets already"):
        credentials.make_for_containers(EXAMPLE, target)


def test_what_the_owner_wrote_for_containers_stays(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    target.write_text("VIGIL_GRAFANA_PORT=3001\nVIGIL_INFLUX_TOKEN=mine-alone\n")
    credentials.make_for_containers(EXAMPLE, target)
    made = dotenv_values(target)
    assert made["VIGIL_GRAFANA_PORT"] == "3001"
    assert made["VIGIL_INFLUX_TOKEN"] == "mine-alone"  # noqa: S105 - of this test
    assert set(IN_CONTAINERS) <= set(made)


def test_no_server_is_started_with_a_secret(settings: Settings, none: Path) -> None:
    paths = Paths(settings.state_dir)
    secrets = dotenv_values(credentials.make(settings, {}, none)).values()
    given = configuration.environment(settings, find(settings, {}), paths, OURS)
    assert not set(given.values()) & {*secrets, *OURS.values()}
    assert not set(given) & {*OURS, *NEEDED}


def test_alarms_and_page_are_told_what_the_environment_gave(settings: Settings) -> None:
    paths = Paths(settings.state_dir)
    paths.make()
    configuration.write_given(paths, {**OURS, "HOME": "/h", "VIGIL_KAFKA_PORT": "1"})
    assert stat.S_IMODE(paths.given.stat().st_mode) == 0o600
    assert dict(dotenv_values(paths.given)) == OURS


def test_the_key_to_flink_is_made_once_for_its_owner_alone(settings: Settings) -> None:
    file = settings.flink_key_file
    credentials.make_flink_key(settings)
    made = file.read_text("utf-8")
    assert len(made) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    credentials.make_flink_key(settings)
    assert file.read_text("utf-8") == made


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_a_key_to_flink_that_is_none_is_made_anew(
    settings: Settings, nothing: str
) -> None:
    settings.flink_key_file.parent.mkdir(parents=True)
    settings.flink_key_file.write_text(nothing)
    credentials.make_flink_key(settings)
    assert settings.flink_key_file.read_text("utf-8").strip()
