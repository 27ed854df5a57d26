"""What people do to alarms through the page: a transaction each, on record."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from alerts import heartbeat
from alerts.delivery_settings import DeliverySettings
from alerts.discharge import Discharge, discharge, discharged_since
from alerts.effects import Effects
from alerts.events import Acknowledge, Event
from alerts.links import Links, acknowledge_by
from alerts.model import Alarm, State
from alerts.notice_table import LocalMessage, Notice
from alerts.people import People
from alerts.service import now_ms
from alerts.settings import AlertSettings
from alerts.sms import note_status
from alerts.system import SYSTEM
from alerts.tables import AlarmRow
from alerts.wiring import Wiring, link_key, when_there
from gateway.admission import Place
from gateway.chain import Chain
from gateway.look import Banner, Look
from gateway.ward import EVERYWHERE
from producers.schema import DAY_MS

UNREADABLE: Final = "The database has an alarm that cannot be read, of patient"
AWAY: Final = Banner("The database of alarms does not answer: alarms shown may be old.")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """The database of alarms, its people, and the links that were sent to them."""

    wiring: Wiring
    links: Links
    has_channel: Callable[[], bool] = lambda: True
    has_synthetic: bool = True
    began_ms: int = field(default_factory=now_ms)

    @classmethod
    def of(cls, settings: AlertSettings, delivery: DeliverySettings) -> Self:
        """Open what the settings name, as soon as the database is there."""
        links = Links(delivery.page_url, link_key(settings, delivery))
        wiring = when_there(settings, delivery)
        return cls(
            wiring,
            links,
            lambda: reaches_somebody(delivery, wiring.people),
            settings.synthetic,
        )

    def place_of(self, patient_id: str) -> Place:
        """Return where a patient lies; what is wrong with Vigil concerns all wards."""
        if patient_id == SYSTEM:
            return EVERYWHERE, "Vigil itself"
        plan = self.wiring.people.plan(patient_id)
        return plan.ward, plan.place

    def wards(self) -> Iterable[str]:
        """Return the names of all wards there are."""
        return self.wiring.people.wards

    def look(self) -> Look:
        """Return the open alarms, and what everybody at the page must know."""
        try:
            with self.wiring.database.reading() as session:
                alarms, unreadable = _open_alarms(session)
                beat = heartbeat.last(session, heartbeat.ALERTS)
        except DBAPIError:
            return Look(None, (AWAY,))
        chain = Chain(
            began_ms=self.began_ms,
            has_channel=self.has_channel(),
            has_synthetic=self.has_synthetic,
        )
        unread = (Banner(f"{UNREADABLE} {each}. Look at them.") for each in unreadable)
        return Look(alarms, (*chain.banners(beat, now_ms()), *unread))

    def open_alarms(self) -> list[Alarm]:
        """Return the alarms that somebody has been told of and that are not over."""
        with self.wiring.database.reading() as session:
            return _open_alarms(session)[0]

    def do(self, alarm_id: str, event: Event) -> Alarm:
        """Lead an alarm on by what somebody did; raise ``Refused`` with the reason."""
        with self.wiring.database.writing() as session:
            return self._do(session, alarm_id, event)

    def _do(self, session: Session, alarm_id: str, event: Event) -> Alarm:
        """Lead on an alarm by its whole id: no program means "one that begins so"."""
        ledger = self.wiring.ledger(session)
        return ledger.happen(ledger.whole(alarm_id), event)

    def discharge(self, asked: Discharge) -> tuple[int, int]:
        """Close all that is open of a patient; return when, and how many it was."""
        with self.wiring.database.writing() as session:
            ledger = self.wiring.ledger(session)
            return ledger.now_ms, len(discharge(ledger, asked))

    def discharged(self) -> dict[str, int]:
        """Return who went home in the time that the page looks back, and when."""
        with self.wiring.database.reading() as session:
            return discharged_since(session, now_ms() - DAY_MS)

    def behind(self, token: str) -> Notice:
        """Return what a link is about, and leave the link unused."""
        with self.wiring.database.reading() as session:
            notice = self.links.behind(session, token, now_ms())
            session.expunge(notice)
            return notice

    def acknowledge_by(self, token: str) -> Alarm:
        """Acknowledge the alarm of a link, for whom the link was sent to."""
        after: list[Alarm] = []

        def acknowledge(session: Session, alarm_id: str, by: str) -> None:
            after.append(self._do(session, alarm_id, Acknowledge(by=by)))

        acknowledge_by(
            token,
            now_ms(),
            links=self.links,
            database=self.wiring.database,
            then=acknowledge,
        )
        return after[0]

    def messages(self, most: int) -> list[LocalMessage]:
        """Return the messages that stayed here for want of a provider, latest first."""
        latest = select(LocalMessage).order_by(LocalMessage.sent_ms.desc()).limit(most)
        with self.wiring.database.reading() as session:
            found = list(session.scalars(latest))
            session.expunge_all()
            return found

    def note_status(self, message_id: str, form: Mapping[str, str]) -> bool:
        """Write down what became of an SMS; return whether it was one of ours."""
        alarms = Effects(now_ms, self.wiring.tell, self.wiring.rules)
        with self.wiring.database.writing() as session:
            return note_status(session, message_id, form, alarms)


def _open_alarms(session: Session) -> tuple[list[Alarm], list[str]]:
    """Return the open alarms, and whose cannot be read: those hide no other."""
    is_open = AlarmRow.is_open, AlarmRow.state != State.PENDING
    try:
        rows = session.scalars(select(AlarmRow).where(*is_open))
        return [row.alarm() for row in rows], []
    except (LookupError, ValueError):  # a row says what no version of us writes
        logger.exception("open alarms are read one by one")
    ids = session.execute(
        select(AlarmRow.alarm_id, AlarmRow.patient_id).where(*is_open)
    )
    alarms, unreadable = [], []
    for alarm_id, patient_id in ids.all():
        try:
            alarms.append(session.get_one(AlarmRow, alarm_id).alarm())
        except (LookupError, ValueError):
            unreadable.append(patient_id)
    return alarms, unreadable


def reaches_somebody(delivery: DeliverySettings, people: People) -> bool:
    """Return whether there is a way to tell anybody, and not only to show it here."""
    is_set_up = {"email": bool(delivery.smtp_host), "sms": bool(delivery.twilio())}
    return any(is_set_up.get(each, True) for each in people.channel_names())
