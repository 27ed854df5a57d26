"""Alarms of which nobody of the last level can be told, which is an alarm itself."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.fold import Rules, fold
from alerts.ledger import Ledger
from alerts.model import UNATTENDED, Alarm, StepKind
from alerts.notice_table import Notice, Sending
from alerts.system import SYSTEM, Trouble, as_end, as_match
from alerts.tables import AlarmRow
from cep_patterns.pattern import Severity

NOBODY: Final = "nobody_reached"
"""The alarm that says so; that nobody hears of it raises no other."""

LOST: Final = (Sending.FAILED, Sending.DROPPED)


def may_still_be_heard(session: Session, alarm: Alarm) -> bool:
    """Return whether somebody of the alarm's level has a notice, or may get one.

    Where the fallback was told, nobody is left.
    """
    of_level = Notice.alarm_id == alarm.alarm_id, Notice.level == alarm.level
    told_all = Notice.phase == StepKind.UNREACHED
    found = select(Notice.number).where(
        *of_level, Notice.sending.not_in(LOST) | told_all
    )
    return session.scalar(found.limit(1)) is not None


def raise_it(ledger: Ledger, alarm: Alarm, rules: Rules) -> None:
    """Raise the alarm that nobody hears of ``alarm``."""
    if alarm.pattern_name != NOBODY:
        ledger.load([SYSTEM])
        fold(ledger, [as_match(_trouble(alarm.alarm_id), ledger.now_ms)], rules)


def end(ledger: Ledger, rules: Rules) -> None:
    """End it for the alarms that somebody looks after, or that are over."""
    ledger.load([SYSTEM])
    nobody = ledger.at((SYSTEM, NOBODY))
    if nobody is None:
        return
    ids = {each.device_id for each in nobody.ongoing}
    attended = ids - _unattended(ledger.session, ids)
    ends = (as_end(_trouble(each), nobody, ledger.now_ms) for each in sorted(attended))
    if news := [match for each in ends for match in each]:
        fold(ledger, news, rules)


def _unattended(session: Session, ids: Collection[str]) -> set[str]:
    """Return which of these alarms wait for somebody; their rows are not read."""
    waits = AlarmRow.alarm_id.in_(sorted(ids)), AlarmRow.state.in_(sorted(UNATTENDED))
    return set(session.scalars(select(AlarmRow.alarm_id).where(*waits)))


def _trouble(alarm_id: str) -> Trouble:
    return Trouble(NOBODY, alarm_id, Severity.HIGH)
