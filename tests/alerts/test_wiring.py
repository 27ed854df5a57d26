"""The parts put together."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE
from typing import Final

import pytest
from pydantic import SecretStr

from alerts import wiring
from alerts.database import Database, DatabaseError
from alerts.delivery_settings import DeliverySettings
from alerts.link_key import LEAST, kept
from alerts.settings import AlertSettings
from alerts.wiring import Wiring

GIVEN: Final = SecretStr("a key of more than thirty characters")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> AlertSettings:
    """Return settings of a state folder of its own."""
    monkeypatch.setenv("VIGIL_STATE_DIR", str(tmp_path))
    return AlertSettings()


def test_the_key_of_links_is_made_once_and_is_ours_alone(
    settings: AlertSettings,
) -> None:
    delivery = DeliverySettings(link_key=SecretStr(""))
    first = wiring.link_key(settings, delivery)
    assert wiring.link_key(settings, delivery) == first
    assert S_IMODE((settings.data_dir / "link.key").stat().st_mode) == 0o600
    given = DeliverySettings(link_key=GIVEN)
    assert wiring.link_key(settings, given) == GIVEN.get_secret_value()


def test_a_key_is_whole_for_all_who_start_at_once(tmp_path: Path) -> None:
    file = tmp_path / "data/link.key"
    with ThreadPoolExecutor(8) as threads:
        (key,) = set(threads.map(kept, [file] * 8))
    assert len(key) >= LEAST
    assert list(file.parent.iterdir()) == [file], "nothing else is left"


def test_a_crash_before_the_end_leaves_no_key_that_anybody_could_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "link.key"

    def lost(*_: object) -> None:
        raise ConnectionAbortedError

    monkeypatch.setattr("os.fsync", lost)
    with pytest.raises(ConnectionAbortedError):
        kept(file)
    assert not file.exists()


@pytest.mark.parametrize("content", ["", "x" * 31, f"\n{'x' * 31}\n"])
def test_a_key_that_is_not_whole_is_refused_in_one_line(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "link.key"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit, match="remove it, and a new one is made") as told:
        kept(file)
    assert "\n" not in str(told.value)
    file.write_text("x" * 32, encoding="utf-8")
    assert kept(file) == "x" * 32


def test_a_key_that_could_be_guessed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIGIL_ALERTS_LINK_KEY", "x" * 31)
    with pytest.raises(SystemExit, match="VIGIL_ALERTS_LINK_KEY: give 32 characters"):
        DeliverySettings.from_environment()
    monkeypatch.setenv("VIGIL_ALERTS_LINK_KEY", "x" * 32)
    DeliverySettings.from_environment()


def test_a_service_waits_for_its_database(
    settings: AlertSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = iter([False, False, True])
    really = Database.open

    def sometimes(url: str) -> Database:
        if not next(tries):
            msg = "away"
            raise DatabaseError(msg)
        return really(url)

    monkeypatch.setattr(Database, "open", sometimes)
    monkeypatch.setattr(wiring.when_there.retry, "sleep", lambda _: None)
    opened = wiring.when_there(settings, DeliverySettings())
    opened.database.close()
    assert list(tries) == []


def test_an_alarm_is_given_the_rules_of_its_pattern_and_ward(
    settings: AlertSettings,
) -> None:
    opened = Wiring.of(settings, DeliverySettings())
    policy = opened.rules("apnoea", "patient-00001")
    assert policy.latching
    assert policy.people
    opened.database.close()
