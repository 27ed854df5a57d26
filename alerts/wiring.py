"""The parts of alarms put together: what ``serve`` and every command start from."""

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

from sqlalchemy.orm import Session
from tenacity import before_sleep_log, retry, retry_if_exception_type, wait_fixed

from alerts import synthetic
from alerts.database import ERRORS, Database, DatabaseError
from alerts.delivery_settings import DeliverySettings
from alerts.good_people import keep, last_good
from alerts.ledger import Ledger
from alerts.link_key import kept
from alerts.model import Alarm, Policy, Step
from alerts.notices import with_people
from alerts.outbox import record
from alerts.people import People, PeopleError
from alerts.policies import policy_of
from alerts.roster import WRONG, Roster
from alerts.service import now_ms
from alerts.settings import AlertSettings
from alerts.ward_facts import escalation_held
from alerts.watch import Verdicts
from producers.contract.columns import SYNTHETIC_PATIENT_ID

logger = logging.getLogger(__name__)

AGAIN_S: Final = 5


@dataclass(frozen=True, slots=True)
class Wiring:
    """The database, and the people who are told."""

    database: Database
    roster: Roster

    @classmethod
    def of(cls, settings: AlertSettings, delivery: DeliverySettings) -> Self:
        """Open what the settings name."""
        database, path = Database.open(settings.database_url), delivery.people
        try:
            return cls(database, Roster.read(path, lambda: last_good(database, path)))
        except PeopleError:
            database.close()
            raise

    @property
    def people(self) -> People:
        """Who they are now."""
        return self.roster.people

    def rules(self, pattern_name: str, patient_id: str) -> Policy:
        """Return the policy that is frozen for a new alarm."""
        if patient_id == SYNTHETIC_PATIENT_ID:
            return synthetic.POLICY
        return with_people(policy_of(pattern_name), self.people, patient_id)

    def tell(self, session: Session, alarm: Alarm, step: Step) -> None:
        """Write whom a step is told; of the synthetic patient, nobody."""
        if alarm.patient_id == SYNTHETIC_PATIENT_ID:
            if new := synthetic.notice(alarm, step):
                session.add(new)
            return
        record(session, alarm, step, self.people)

    def held(self, alarm: Alarm, at_ms: int) -> bool:
        """Return whether maintenance holds an alarm's escalation."""
        return escalation_held(alarm, self.people, at_ms)

    def ledger(self, session: Session) -> Ledger:
        """Return the alarms as a command finds them now."""
        return Ledger(session, now_ms(), self.tell, self.held)


@retry(
    retry=retry_if_exception_type(DatabaseError),
    wait=wait_fixed(AGAIN_S),
    before_sleep=before_sleep_log(logger, logging.WARNING),
)
def when_there(settings: AlertSettings, delivery: DeliverySettings) -> Wiring:
    """Open what the settings name, as soon as the database is there."""
    return Wiring.of(settings, delivery)


def people_verdict(wiring: Wiring, path: Path) -> Verdicts:
    """Return whether the people's file is wrong; what is right is kept."""
    roster = wiring.roster
    _ = roster.people  # nobody may have asked since it changed
    try:
        roster.keep(partial(keep, wiring.database, path))
    except ERRORS as error:
        logger.warning("the people's file is not kept: %s", str(error).splitlines()[0])
    return {WRONG: roster.is_wrong}


def link_key(settings: AlertSettings, delivery: DeliverySettings) -> str:
    """Return the key that signs links: the one given, or one made once and kept."""
    given = delivery.link_key.get_secret_value()
    return given or kept(settings.data_dir / "link.key")
