"""Matches for tests: times are in seconds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from alerts.database import Database
from alerts.fold import Rules, fold
from alerts.ledger import Ledger
from alerts.match import Match
from alerts.model import Alarm, Policy, StepKind
from alerts.tables import AlarmRow, StepRow
from cep_patterns.pattern import Kind, Severity
from tests.alerts.alarms import MEDIUM, POLICY, URGENCY

AT_ONCE: Final = replace(URGENCY, delay_s=0)
NO_DELAY: Final = replace(POLICY, urgencies=dict.fromkeys(Severity, AT_ONCE))


def rules(_pattern: str, _patient: str) -> Policy:
    """Treat every alarm alike: raised at once, over after 10 s of quiet."""
    return NO_DELAY


def ongoing(  # noqa: PLR0913 - a match has that many parts
    match_id: str,
    at: float = 0,
    *,
    patient: str = "p",
    pattern: str = "tachypnoea",
    severity: Severity = MEDIUM,
    device: str = "",
) -> Match:
    """Return what says at ``at`` that a match was found, which began 20 s before."""
    return Match(
        match_id=match_id,
        pattern_name=pattern,
        rule_version=1,
        kind=Kind.CLINICAL,
        severity=severity,
        phase="ongoing",
        patient_id=patient,
        device_id=device or f"of-{match_id}",
        started_ms=round(at * 1000) - 20_000,
        ts_ms=round(at * 1000),
        observed=31.0,
        source="a test",
    )


def ended(match: Match, at: float) -> Match:
    """Return what says at ``at`` that ``match`` is over."""
    at_ms = round(at * 1000)
    changes = {"phase": "ended", "ended_ms": at_ms, "ts_ms": at_ms}
    return match.model_copy(update=changes)


def with_delay(_pattern: str, _patient: str) -> Policy:
    """Treat every alarm alike: raised after 5 s."""
    return POLICY


def folded(database: Database, now: float, *matches: Match, by: Rules = rules) -> None:
    """Fold ``matches`` at ``now`` in one transaction, and do what is due."""
    with database.writing() as session:
        ledger = Ledger(session, round(now * 1000))
        fold(ledger, matches, by)
        ledger.pass_time()


def alarms(database: Database) -> list[Alarm]:
    """Return every alarm there ever was, the oldest first."""
    with database.reading() as session:
        query = select(AlarmRow).order_by(AlarmRow.found_ms, AlarmRow.alarm_id)
        return [row.alarm() for row in session.scalars(query)]


def said(database: Database) -> Sequence[tuple[float, StepKind]]:
    """Return every step there ever was, in order."""
    with database.reading() as session:
        query = select(StepRow.at_ms, StepRow.kind).order_by(StepRow.position)
        return [(at_ms / 1000, kind) for at_ms, kind in session.execute(query)]
