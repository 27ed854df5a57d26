"""What the database and the people's file know that decides about a notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from alerts.holds import HIGH, Facts
from alerts.model import Alarm, StepKind
from alerts.notice_table import Notice, Sending
from alerts.notices import instant
from alerts.people import People
from alerts.roster import Roster
from alerts.tables import AlarmRow
from cep_patterns import sensor_off
from cep_patterns.pattern import Severity

OUT: Final = (Sending.SENDING, Sending.SENT, Sending.DELIVERED)
"""Handed over, as far as we know."""


class Alarms(Protocol):
    """What sending does to alarms, in the same transaction."""

    def unreachable(self, session: Session, alarm_id: str, reason: str) -> None:
        """Escalate at once: those who should have been told cannot be."""
        ...

    def flooded(
        self, session: Session, recipient: str, channel: str, *, over: bool
    ) -> None:
        """Raise the alarm that somebody gets more than he can read, or end it."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What sending depends on besides its own table."""

    alarms: Alarms
    roster: Roster

    @property
    def people(self) -> People:
        """Who they are now."""
        return self.roster.people


def facts_of(session: Session, notice: Notice, around: Around, now_ms: int) -> Facts:
    """Return all that decides whether ``notice`` is sent now."""
    same = (
        Notice.alarm_id == notice.alarm_id,
        Notice.recipient == notice.recipient,
        Notice.channel == notice.channel,
        Notice.sending.in_(OUT),
    )
    before = notice.phase is StepKind.CLEARED and _exists(
        session, *same, Notice.number < notice.number
    )
    later = _exists(session, *same, Notice.number > notice.number)
    people = around.people
    window = _window_ends_ms(people, notice, now_ms)
    if notice.rank == HIGH:
        return Facts(told_before=before, told_later=later, window_ends_ms=window)
    open_alarms = _open_alarms(session, notice.patient_id)
    return Facts(
        over=all(each.alarm_id != notice.alarm_id for each in open_alarms),
        told_before=before,
        told_later=later,
        sensor_off=inhibited(notice.alarm_id, open_alarms),
        window_ends_ms=window,
        grouped_until_ms=_grouped_until_ms(session, notice, people),
        flooded_until_ms=_flooded_until_ms(session, notice, people, now_ms),
    )


def inhibited(alarm_id: str, open_alarms: Sequence[Alarm]) -> bool:
    """Return whether all devices that say an alarm also say that a sensor is off."""
    is_off = sensor_off.PATTERN.name
    devices = {
        (each.pattern_name == is_off, match.device_id)
        for each in open_alarms
        if each.pattern_name == is_off or each.alarm_id == alarm_id
        for match in each.ongoing
    }
    own = {device for of_sensor, device in devices if not of_sensor}
    return bool(own) and own <= {device for of_sensor, device in devices if of_sensor}


def escalation_held(alarm: Alarm, people: People, now_ms: int) -> bool:
    """Return whether maintenance on the alarm's ward holds escalation now."""
    window = people.window(people.ward_of(alarm.patient_id), instant(now_ms))
    return window is not None and (
        alarm.severity is not Severity.HIGH or window.also_high
    )


def _open_alarms(session: Session, patient_id: str) -> list[Alarm]:
    of_patient = AlarmRow.patient_id == patient_id, AlarmRow.is_open
    return [row.alarm() for row in session.scalars(select(AlarmRow).where(*of_patient))]


def _window_ends_ms(people: People, notice: Notice, now_ms: int) -> int | None:
    window = people.window(notice.ward, instant(now_ms))
    if window is None or (notice.rank == HIGH and not window.also_high):
        return None
    return round(window.ends_at.timestamp() * 1000)


def _grouped_until_ms(session: Session, notice: Notice, people: People) -> int | None:
    last = session.scalar(
        select(func.max(Notice.sent_ms)).where(
            *_sent_to(notice), Notice.patient_id == notice.patient_id
        )
    )
    return None if last is None else last + round(1000 * people.group_s)


def _flooded_until_ms(
    session: Session, notice: Notice, people: People, now_ms: int
) -> int | None:
    within_ms = round(60_000 * people.flood.within_min)
    sent = Notice.sent_ms
    times = session.execute(
        select(func.max(sent))
        .where(*_sent_to(notice), sent > now_ms - within_ms)
        .group_by(Notice.message_id)
        .order_by(func.max(sent).desc())
        .limit(people.flood.most)
    ).scalars()
    latest = [sent_ms for sent_ms in times if sent_ms]
    full = len(latest) == people.flood.most
    return latest[-1] + within_ms if full else None


def _sent_to(notice: Notice) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of messages to the same person that may be put together."""
    return (
        Notice.recipient == notice.recipient,
        Notice.channel == notice.channel,
        Notice.sending.in_(OUT),
        Notice.rank < HIGH,
    )


def _exists(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return session.scalar(select(Notice.number).where(*conditions).limit(1)) is not None
