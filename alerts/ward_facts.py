"""What the database and the people's file know that decides about a notice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from alerts.holds import HIGH, Facts, Present
from alerts.model import Alarm, Ongoing, StepKind
from alerts.notice_table import Notice, Sending
from alerts.notices import instant
from alerts.people import People
from alerts.roster import Roster
from alerts.tables import AlarmRow, StepRow
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

    def broken(self, session: Session, channel: str, *, over: bool) -> None:
        """Raise the alarm that nobody can be told by a channel, or end it."""
        ...


class Lasting(Protocol):
    """An open alarm, and the matches because of which it lasts."""

    @property
    def alarm_id(self) -> str:
        """Which alarm."""
        ...

    @property
    def pattern_name(self) -> str:
        """What it says."""
        ...

    @property
    def ongoing(self) -> tuple[Ongoing, ...]:
        """Its matches, with the devices that say them."""
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


def present(session: Session, notices: Iterable[Notice]) -> dict[str, Present]:
    """Return the alarms of ``notices`` as they are now, by id."""
    ids = {each.alarm_id for each in notices}
    row = AlarmRow
    query = select(row.alarm_id, row.state, row.severity, row.is_open)
    found = session.execute(query.where(row.alarm_id.in_(sorted(ids))))
    return {
        alarm_id: Present(state, severity, is_open)
        for alarm_id, state, severity, is_open in found
    }


@dataclass(slots=True)
class Look:
    """One look at all that decides about some notices, in one transaction."""

    session: Session
    around: Around
    now_ms: int
    _alarms: dict[str, Present] = field(default_factory=dict, init=False)
    _full: dict[str, int | None] = field(default_factory=dict, init=False)

    def know(self, notices: Iterable[Notice]) -> None:
        """Look up the alarms of ``notices``, as they are now."""
        new = [each for each in notices if each.alarm_id not in self._alarms]
        self._alarms |= present(self.session, new) if new else {}

    def facts(self, notice: Notice) -> Facts:
        """Return all that decides whether ``notice`` is sent now."""
        later = self._told(notice, Notice.number > notice.number)
        before = missed = False
        if notice.phase is StepKind.CLEARED:
            before = self._told(notice, Notice.number < notice.number)
            missed = not before and _missed(self.session, notice)
        known = Facts(
            present=self._alarms.get(notice.alarm_id),
            missed=missed,
            told_before=before,
            told_later=later,
            window_ends_ms=_window_ends_ms(self.around.people, notice, self.now_ms),
        )
        return known if notice.rank == HIGH else self._with_holds(notice, known)

    def _told(self, notice: Notice, when: ColumnElement[bool]) -> bool:
        """Return whether the same person was told another step of the same alarm."""
        same = (
            Notice.alarm_id == notice.alarm_id,
            Notice.recipient == notice.recipient,
            Notice.channel == notice.channel,
            Notice.sending.in_(OUT),
        )
        return _exists(self.session, *same, when)

    def _with_holds(self, notice: Notice, known: Facts) -> Facts:
        lasting = open_alarms(self.session, notice.patient_id)
        person = notice.recipient
        if person not in self._full:
            self._full[person] = self._flooded_until_ms(notice)
        return replace(
            known,
            sensor_off=inhibited(notice.alarm_id, lasting),
            grouped_until_ms=self._grouped_until_ms(notice),
            flooded_until_ms=self._full[person],
        )

    def _grouped_until_ms(self, notice: Notice) -> int | None:
        group_ms = round(1000 * self.around.people.group_s)
        of_patient = Notice.patient_id == notice.patient_id
        recent = Notice.sent_ms > self.now_ms - group_ms
        query = select(func.max(Notice.sent_ms))
        last = self.session.scalar(query.where(*_sent_to(notice), recent, of_patient))
        return None if last is None else last + group_ms

    def _flooded_until_ms(self, notice: Notice) -> int | None:
        flood = self.around.people.flood
        within_ms = round(60_000 * flood.within_min)
        sent = Notice.sent_ms
        times = self.session.execute(
            select(func.max(sent))
            .where(*_sent_to(notice), sent > self.now_ms - within_ms)
            .group_by(Notice.message_id)
            .order_by(func.max(sent).desc())
            .limit(flood.most)
        ).scalars()
        latest = [sent_ms for sent_ms in times if sent_ms]
        full = len(latest) == flood.most
        return latest[-1] + within_ms if full else None


def inhibited(alarm_id: str, open_alarms: Sequence[Lasting]) -> bool:
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


def open_alarms(session: Session, patient_id: str) -> Sequence[Lasting]:
    """Return what holds of a patient; to read the policies would take the longest."""
    query = select(AlarmRow.alarm_id, AlarmRow.pattern_name, AlarmRow.ongoing)
    of_patient = AlarmRow.patient_id == patient_id, AlarmRow.is_open
    found: Sequence[Any] = session.execute(query.where(*of_patient)).all()
    return found


def _missed(session: Session, end: Notice) -> bool:
    """Return whether an alarm was high and over before anybody was told or looked."""
    of_alarm = Notice.alarm_id == end.alarm_id, Notice.phase != StepKind.CLEARED
    too_late = (
        Notice.recipient == end.recipient,
        Notice.channel == end.channel,
        Notice.rank == HIGH,
        Notice.sending == Sending.DROPPED,
    )
    looked = select(StepRow.position).where(
        StepRow.alarm_id == end.alarm_id, StepRow.by != ""
    )
    return (
        _exists(session, *of_alarm, *too_late)
        and not _exists(session, *of_alarm, Notice.sending.in_(OUT))
        and session.scalar(looked.limit(1)) is None
    )


def _window_ends_ms(people: People, notice: Notice, now_ms: int) -> int | None:
    window = people.window(notice.ward, instant(now_ms))
    if window is None or (notice.rank == HIGH and not window.also_high):
        return None
    return round(window.ends_at.timestamp() * 1000)


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
