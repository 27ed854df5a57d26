"""Somebody went home: what is open of theirs is closed, and who said so is on record.

A sensor that was taken off is silent for ever, and nothing else would end its alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from alerts.events import Close, Over, Refused
from alerts.ledger import Ledger
from alerts.life import is_open
from alerts.model import Alarm
from alerts.system import SYSTEM
from alerts.tables import COUNTED, AlarmRow, Base


class DischargeRow(Base):
    """That a patient went home; written once."""

    __tablename__ = "discharge"

    position: Mapped[int] = mapped_column(COUNTED, primary_key=True)
    patient_id: Mapped[str]
    at_ms: Mapped[int] = mapped_column(index=True)
    by: Mapped[str]
    reason: Mapped[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """Who sends whom home, and why."""

    patient_id: str
    by: str
    reason: str


def discharge(ledger: Ledger, asked: Discharge) -> list[Alarm]:
    """Close all that is open of a patient, and return it as it then is."""
    if asked.patient_id == SYSTEM:
        msg = f"{SYSTEM} is no patient: its alarms end when what is wrong does"
        raise Refused(msg)
    ledger.session.add(
        DischargeRow(
            patient_id=asked.patient_id,
            at_ms=ledger.now_ms,
            by=asked.by,
            reason=asked.reason,
        )
    )
    return [_closed(ledger, each, asked) for each in _open(ledger, asked.patient_id)]


def _open(ledger: Ledger, patient_id: str) -> Iterator[Alarm]:
    ledger.load([patient_id])
    query = select(AlarmRow.pattern_name).where(
        AlarmRow.is_open, AlarmRow.patient_id == patient_id
    )
    for pattern_name in ledger.session.scalars(query).all():
        if alarm := ledger.at((patient_id, pattern_name)):
            yield alarm


def _closed(ledger: Ledger, alarm: Alarm, asked: Discharge) -> Alarm:
    """Close an alarm; one that nobody was told of yet passes, as if it had ended."""
    if alarm.raised_ms is None:
        for match in alarm.ongoing:
            over = Over(match_id=match.match_id, at_ms=ledger.now_ms)
            alarm = ledger.happen(alarm, over)
    if alarm.raised_ms is not None and is_open(alarm):
        close = Close(by=asked.by, reason=asked.reason)
        alarm = ledger.happen(alarm, close)
    return alarm


def discharged_since(session: Session, since_ms: int) -> dict[str, int]:
    """Return who went home since then, and when that was."""
    latest = (
        select(DischargeRow.patient_id, func.max(DischargeRow.at_ms))
        .where(DischargeRow.at_ms >= since_ms)
        .group_by(DischargeRow.patient_id)
    )
    return dict(session.execute(latest).tuples().all())
