"""The synthetic patient comes through to a notice, and nobody is told of it."""

from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from alerts.database import Database
from alerts.delivery import Delivery
from alerts.delivery_settings import DeliverySettings
from alerts.effects import Effects
from alerts.fold import fold
from alerts.journal import untold
from alerts.ledger import Ledger
from alerts.links import Links
from alerts.match import Match
from alerts.notice_table import LocalMessage, Notice, Sending
from alerts.roster import Roster
from alerts.streams import Streams
from alerts.synthetic import EVERY_S, KEPT_MS, NOWHERE, STILL_S, forget, readings
from alerts.tables import AlarmRow, MatchRow, StepRow
from alerts.wiring import Wiring
from cep_patterns import pulse_loss
from cep_patterns.pattern import Severity
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from tests.alerts.hospital import NOON, hospital, ms
from tests.alerts.matches import ended, ongoing

NOW_S: Final = ms(NOON) / 1000


class House:
    """Everything between a match and a notice, with a clock of the test's own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.wiring = Wiring(database, Roster(hospital(folder)))
        self.streams = Streams(is_checked=True)
        self.now_s = NOW_S
        self.database = database
        self._delivery = Delivery(
            database=database,
            roster=self.wiring.roster,
            alarms=Effects(self._now_ms, self.wiring.tell, self.wiring.rules),
            settings=DeliverySettings(),
            links=Links("https://ward.example.org", "key"),
            now_ms=self._now_ms,
            streams=self.streams,
        )

    def _now_ms(self) -> int:
        return round(1000 * self.now_s)

    def folds(self, *matches: Match) -> None:
        """Fold matches, and do what is due."""
        with self.database.writing() as session:
            ledger = Ledger(session, self._now_ms(), self.wiring.tell)
            fold(ledger, matches, self.wiring.rules)
            ledger.pass_time()

    def sends(self) -> None:
        """Send on every channel there is."""
        for sender in self._delivery.senders():
            while sender.send_due():
                pass

    def count(self, table: type) -> int:
        """Return how many rows there are."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def notices(self) -> list[Notice]:
        """Return all notices."""
        with self.database.reading() as session:
            return list(session.scalars(select(Notice)))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path)


def found(match_id: str = "m", pattern: str = pulse_loss.PATTERN.name) -> Match:
    return ongoing(
        match_id,
        NOW_S,
        patient=SYNTHETIC_PATIENT_ID,
        pattern=pattern,
        severity=Severity.HIGH,
    )


def test_the_way_is_open_when_the_notice_is_sent_and_nobody_is_told(
    house: House,
) -> None:
    house.folds(found())
    assert house.streams.came_ms is None
    house.sends()
    assert house.streams.came_ms == ms(NOON)
    (notice,) = house.notices()
    assert (notice.channel, notice.sending) == (NOWHERE, Sending.SENT)
    assert house.count(LocalMessage) == 0
    with house.database.reading() as session:
        assert untold(session) == []


def test_it_comes_through_every_minute_anew(house: House) -> None:
    for minute in range(3):
        house.now_s = NOW_S + EVERY_S * minute
        match = found(f"m{minute}").model_copy(
            update={"started_ms": round(1000 * house.now_s)}
        )
        house.folds(match)
        house.sends()
        house.folds(ended(match, house.now_s + STILL_S))
        assert house.streams.came_ms == round(1000 * house.now_s)
    assert [each.phase for each in house.notices()] == ["raised"] * 3


def test_it_is_never_escalated(house: House) -> None:
    house.folds(found())
    house.now_s += 3600
    house.folds()
    assert [each.phase for each in house.notices()] == ["raised"]


def test_what_comes_minutes_late_or_of_another_pattern_is_no_open_way(
    house: House,
) -> None:
    house.folds(found("other", "silent_sensor"))
    house.sends()
    assert house.notices() == []
    house.now_s += KEPT_MS / 1000
    house.folds(found())
    house.sends()
    assert len(house.notices()) == 1
    assert house.streams.came_ms is None


def test_what_is_left_of_it_is_deleted_and_nothing_else(house: House) -> None:
    house.folds(found(), ongoing("of a patient", NOW_S, patient="icu-1"))
    house.sends()
    others = len([n for n in house.notices() if n.channel != NOWHERE])
    with house.database.writing() as session:
        forget(session, ms(NOON))
    assert house.count(AlarmRow) == 2
    with house.database.writing() as session:
        forget(session, ms(NOON) + 1)
    assert house.count(AlarmRow) == house.count(MatchRow) == house.count(StepRow) == 1
    assert len(house.notices()) == others > 0


def test_its_heart_stands_still_once_a_minute_for_as_long_as_is_looked_for() -> None:
    minute = list(islice(readings(), EVERY_S))
    still = [
        second
        for second, each in enumerate(minute)
        if each and not each["heart_rate_bpm"]
    ]
    assert still == list(range(pulse_loss.HOLD_S + 2))
    spoken = [second for second, each in enumerate([*minute, *minute]) if each]
    gaps = [later - earlier for earlier, later in pairwise(spoken)]
    assert max(gaps) <= 10
