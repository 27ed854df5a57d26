"""Steps that were taken are told on the topic ``alarms``, each at least once."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from alerts.tables import AlarmRow, StepRow

AT_ONCE = 500

UNCHANGING: Final = (
    AlarmRow.patient_id,
    AlarmRow.pattern_name,
    AlarmRow.kind,
    AlarmRow.started_ms,
)
"""What a message says of the alarm; to read its policy would take the longest."""

Told = tuple[str, bytes]
"""Key and value of a message."""


def untold(session: Session) -> dict[int, Told]:
    """Return messages not written yet by their steps' positions, the oldest first."""
    query = (
        select(StepRow, *UNCHANGING)
        .join(AlarmRow, AlarmRow.alarm_id == StepRow.alarm_id)
        .where(~StepRow.published)
        .order_by(StepRow.position)
        .limit(AT_ONCE)
    )
    rows: Iterable[Any] = session.execute(query)
    return {
        row.StepRow.position: (row.patient_id, message(row.StepRow, row))
        for row in rows
    }


def mark_told(session: Session, positions: Sequence[int]) -> None:
    """Take steps out of the outbox."""
    of_them = StepRow.position.in_(positions)
    session.execute(update(StepRow).where(of_them).values(published=True))


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
