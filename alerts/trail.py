"""What led to an alarm, and what was done about it, in the order it happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.model import Alarm
from alerts.notice_table import Notice
from alerts.tables import MatchRow, StepRow


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at_ms: int
    what: str
    detail: str
    by: str = ""
    reason: str = ""


def trail(session: Session, alarm: Alarm) -> list[Entry]:
    """Return all that is known of ``alarm``, the earliest first."""
    matches = session.scalars(
        select(MatchRow)
        .where(MatchRow.alarm_id == alarm.alarm_id)
        .order_by(MatchRow.folded_ms, MatchRow.started_ms)
    ).all()
    steps = session.scalars(
        select(StepRow)
        .where(StepRow.alarm_id == alarm.alarm_id)
        .order_by(StepRow.number)
    ).all()
    notices = session.scalars(
        select(Notice).where(Notice.alarm_id == alarm.alarm_id).order_by(Notice.number)
    ).all()
    entries = [*_of_matches(matches), *_of_steps(steps), *_of_notices(notices)]
    return sorted(entries, key=lambda entry: entry.at_ms)


def _of_matches(matches: Sequence[MatchRow]) -> Iterator[Entry]:
    for match in matches:
        name = f"match {match.match_id[:8]}"
        rule = f", rule version {match.rule_version}" if match.rule_version else ""
        limit = "" if match.limit_value is None else f", limit {match.limit_value:g}"
        value = "" if match.observed is None else f", observed {match.observed:g}"
        yield Entry(match.started_ms, "reading", f"first of {name}, {match.device_id}")
        found = f"{name}, {match.severity}{rule}{value}{limit}"
        yield Entry(match.found_ms, "found", found)
        yield Entry(match.folded_ms, "folded", f"{name}, read at {match.source}")
        if match.ended_ms is not None:
            yield Entry(match.ended_ms, "ended", f"last reading of {name}")


def _of_steps(steps: Sequence[StepRow]) -> Iterator[Entry]:
    for step in steps:
        detail = f"{step.state}, {step.severity}, level {step.level}"
        yield Entry(step.at_ms, step.kind, detail, step.by, step.reason)


def _of_notices(notices: Sequence[Notice]) -> Iterator[Entry]:
    for notice in notices:
        who = f"{notice.phase} to {notice.recipient} by {notice.channel}"
        yield Entry(notice.created_ms, "notice", who)
        if notice.sent_ms is not None:
            yield Entry(notice.sent_ms, notice.sending, who, reason=notice.why)
        elif notice.why:
            yield Entry(notice.created_ms, notice.sending, who, reason=notice.why)
