"""Alarms in one transaction: looked up, led on, and written with what they say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import Session

from alerts.events import Event, Refused
from alerts.life import is_open, step
from alerts.model import Alarm, Step
from alerts.tables import AlarmRow, StepRow
from alerts.timers import Result, due_ms

AT_ONCE: Final = 500
"""Alarms whose timers are looked after in one transaction."""

HOLD_MS: Final = 5_000
"""How often it is asked whether escalation is still held."""

_FIELDS: Final = tuple(each.name for each in fields(Alarm))

Tell = Callable[[Session, Alarm, Step], None]
"""Writes whom a step is told, into the same transaction."""

Held = Callable[[Alarm, int], bool]
"""Says whether an alarm's escalation is held at a time."""

Place = tuple[str, str]
"""A patient and a pattern: where there is one open alarm at most."""


def tell_nobody(_session: Session, _alarm: Alarm, _step: Step) -> None:
    """Write no notice: for those who only look after alarms."""


def hold_nothing(_alarm: Alarm, _now_ms: int) -> bool:
    """Let every alarm escalate when its time has come."""
    return False


@dataclass(slots=True)
class Ledger:
    """The open alarms of some patients, locked, as long as the transaction lasts."""

    session: Session
    now_ms: int
    tell: Tell = tell_nobody
    held: Held = hold_nothing
    _open: dict[Place, AlarmRow] = field(default_factory=dict, init=False)
    _rows: dict[str, AlarmRow] = field(default_factory=dict, init=False)

    def load(self, patients: Iterable[str]) -> None:
        """Look up and lock the open alarms of ``patients``."""
        query = (
            select(AlarmRow)
            .where(AlarmRow.is_open, AlarmRow.patient_id.in_(sorted(set(patients))))
            .order_by(AlarmRow.alarm_id)  # so that no two wait for one another
        )
        for row in self._locked(query):
            self._open[row.patient_id, row.pattern_name] = row

    def at(self, place: Place) -> Alarm | None:
        """Return the open alarm of a loaded patient, if there is one."""
        row = self._open.get(place)
        return row.alarm() if row else None

    def happen(
        self, alarm: Alarm, event: Event | None, until_ms: int | None = None
    ) -> Alarm:
        """Lead an alarm on by one event, and write what became of it."""
        return self.write(step(alarm, event, self.now_ms, until_ms=until_ms))

    def write(self, result: Result) -> Alarm:
        """Write an alarm, its steps, and whom they are told."""
        alarm, steps = result
        row = self._rows.get(alarm.alarm_id) or self._added(alarm)
        write_over(row, alarm)
        if not row.is_open:
            self._open.pop((alarm.patient_id, alarm.pattern_name), None)
        for each in steps:
            self.session.add(StepRow.of(each))
            self.tell(self.session, alarm, each)
        return alarm

    def _added(self, alarm: Alarm) -> AlarmRow:
        row = self._rows[alarm.alarm_id] = AlarmRow()
        self._open[alarm.patient_id, alarm.pattern_name] = row
        self.session.add(row)
        return row

    def _locked(
        self, query: Select[AlarmRow], *, skip: bool = False
    ) -> Sequence[AlarmRow]:
        rows = self.session.scalars(query.with_for_update(skip_locked=skip)).all()
        self._rows |= {row.alarm_id: row for row in rows}
        return rows

    def pass_time(self, alarm_id: str | None = None) -> int:
        """Do what is due by now, and return how many alarms that were; or for one."""
        is_due = AlarmRow.due_ms <= self.now_ms
        query = (
            select(AlarmRow)
            .where(is_due if alarm_id is None else AlarmRow.alarm_id == alarm_id)
            .order_by(AlarmRow.due_ms)
            .limit(AT_ONCE)
        )
        rows = self._locked(query, skip=True)
        for row in rows:
            self.happen(self._unless_held(row.alarm()), None)
        return len(rows)

    def _unless_held(self, alarm: Alarm) -> Alarm:
        if not self.held(alarm, self.now_ms):
            return alarm
        return replace(alarm, held_until_ms=self.now_ms + HOLD_MS)

    def whole(self, alarm_id: str) -> Alarm:
        """Return the alarm of this id, locked; refuse if there is none."""
        found = self._locked(select(AlarmRow).where(AlarmRow.alarm_id == alarm_id))
        if not found:
            msg = f"there is no alarm {alarm_id!r}: `python -m alerts list` shows them"
            raise Refused(msg)
        return found[0].alarm()

    def find(self, beginning: str) -> Alarm:
        """Return the alarm whose id begins so, locked; refuse if it is not one.

        A range of ids is looked up, so that no history makes it slow.
        """
        query = select(AlarmRow).where(*_beginning(beginning))
        found = self._locked(query.order_by(AlarmRow.alarm_id).limit(2))
        if found and found[0].alarm_id == beginning:
            return found[0].alarm()
        if len(found) != 1:
            several = "several alarms begin" if found else "no alarm begins"
            msg = f"{several} with {beginning!r}: `python -m alerts list` shows them"
            raise Refused(msg)
        return found[0].alarm()


def _beginning(text: str) -> list[ColumnElement[bool]]:
    """Return what is true of ids that begin with ``text``, as a range of an index."""
    if not text:
        return []
    if not (text.isascii() and text.isprintable()):
        return [false()]
    after = text[:-1] + chr(ord(text[-1]) + 1)
    return [AlarmRow.alarm_id >= text, AlarmRow.alarm_id < after]


def write_over(row: AlarmRow, alarm: Alarm) -> None:
    """Write an alarm into its row."""
    for name in _FIELDS:
        setattr(row, name, getattr(alarm, name))
    row.is_open = is_open(alarm)
    row.due_ms = due_ms(alarm)
