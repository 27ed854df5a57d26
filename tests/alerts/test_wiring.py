"""The parts put together."""

from stat import S_IMODE

import pytest

from alerts import wiring
from alerts.database import Database, DatabaseError
from alerts.delivery_settings import DeliverySettings
from alerts.settings import AlertSettings
from alerts.wiring import Wiring


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> AlertSettings:
    """Return settings of a state folder of its own."""
    monkeypatch.setenv("VIGIL_STATE_DIR", str(tmp_path))
    return AlertSettings()


def test_the_key_of_links_is_made_once_and_is_ours_alone(
    settings: AlertSettings,
) -> None:
    delivery = DeliverySettings(link_key="")
    first = wiring.link_key(settings, delivery)
    assert wiring.link_key(settings, delivery) == first
    assert S_IMODE((settings.data_dir / "link.key").stat().st_mode) == 0o600
    given = DeliverySettings(link_key="given")
    assert wiring.link_key(settings, given) == "given"


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
