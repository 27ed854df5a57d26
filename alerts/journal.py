"""Steps that were taken are told on the topic ``alarms``, each at least once.

But for those that no broker takes: they are marked so, and the rest goes out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from alerts.tables import AlarmRow, StepRow
from producers.contract import ALARMS
from producers.contract.columns import SYNTHETIC_PATIENT_ID
from producers.delivery import Outgoing

AT_ONCE = 500

UNCHANGING: Final = (
    AlarmRow.patient_id,
    AlarmRow.pattern_name,
    AlarmRow.kind,
    AlarmRow.started_ms,
)
"""What a message says of the alarm; to read its policy would take the longest."""


class Untold(NamedTuple):
    """A step in the outbox: its message, or why there can be none."""

    position: int
    message: Outgoing | None
    why: str = ""


def untold(session: Session) -> list[Untold]:
    """Return the steps not written yet, the oldest first."""
    query: Any = (
        select(StepRow, *UNCHANGING)
        .join(AlarmRow, AlarmRow.alarm_id == StepRow.alarm_id)
        .where(AlarmRow.patient_id != SYNTHETIC_PATIENT_ID)  # nobody is told of it
        .order_by(StepRow.position)
    )
    waiting = query.where(~StepRow.published).limit(AT_ONCE)
    try:
        rows: Iterable[Any] = session.execute(waiting).all()
    except (LookupError, ValueError):  # a row says what no version of us writes
        of_steps = select(StepRow.position).where(~StepRow.published)
        ids = session.scalars(of_steps.order_by(StepRow.position).limit(AT_ONCE))
        return [_alone(session, query, each) for each in ids.all()]
    return [_untold(row) for row in rows]


def _alone(session: Session, query: Select[Any], position: int) -> Untold:
    try:
        row = session.execute(query.where(StepRow.position == position)).one()
    except (LookupError, ValueError) as error:
        return Untold(position, None, str(error))
    return _untold(row)


def _untold(row: Any) -> Untold:  # noqa: ANN401 - a step, and what never changes of its alarm
    position = row.StepRow.position
    try:
        value = message(row.StepRow, row)
        return Untold(position, Outgoing(ALARMS.name, row.patient_id.encode(), value))
    except (TypeError, ValueError) as error:
        return Untold(position, None, str(error))


def mark_told(session: Session, positions: Sequence[int]) -> None:
    """Take steps out of the outbox."""
    of_them = StepRow.position.in_(positions)
    session.execute(update(StepRow).where(of_them).values(published=True))


def mark_untellable(session: Session, why: Mapping[int, str]) -> None:
    """Take steps out of the outbox that no broker takes, each with its reason."""
    for position, reason in why.items():
        became = {"published": True, "untold_because": reason}
        this = update(StepRow).where(StepRow.position == position)
        session.execute(this.values(**became))


def message(step: StepRow, alarm: Any) -> bytes:  # noqa: ANN401 - has those columns
    """Return a step as the contract has it; of the alarm, what never changes."""
    value = {
        "step_id": step.step_id,
        "alarm_id": step.alarm_id,
        "patient_id": alarm.patient_id,
        "pattern_name": alarm.pattern_name,
        "kind": alarm.kind,
        "step_number": step.number,
        "step_name": step.kind,
        "state": step.state,
        "severity": step.severity,
        "escalation_level": step.level,
        "ts_ms": step.at_ms,
        "started_ms": alarm.started_ms,
        "until_ms": step.until_ms,
        "done_by": step.by,
        "reason": step.reason,
    }
    return orjson.dumps({name: each for name, each in value.items() if each != ""})
