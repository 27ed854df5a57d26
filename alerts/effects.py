"""What sending does to alarms: escalate whom nobody reached, and say a flood."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.events import Escalate, Refused
from alerts.fold import Rules, fold
from alerts.holds import FLOOD
from alerts.ledger import Ledger, Tell
from alerts.model import UNATTENDED
from alerts.system import SYSTEM, Trouble, as_end, as_match
from alerts.tables import AlarmRow
from alerts.unreached import may_still_be_heard, raise_it
from cep_patterns.pattern import Severity

BROKEN: Final = "channel_broken"
"""The alarm that says that nobody can be told by a channel; it goes by the others."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Leads alarms on, in the transaction that writes what became of a message."""

    now_ms: Callable[[], int]
    tell: Tell
    rules: Rules

    def unreachable(self, session: Session, alarm_id: str, reason: str) -> None:
        """Escalate at once: those who should have been told cannot be.

        Beyond the last level there is the fallback, once nobody else is left.
        """
        ledger = self._ledger(session)
        try:
            alarm = ledger.whole(alarm_id)
        except Refused:
            return  # it was deleted, as the synthetic patient's are
        heard = may_still_be_heard(session, alarm)
        if alarm.pattern_name == BROKEN and heard:
            return
        if not alarm.is_at_last_level:
            ledger.happen(alarm, Escalate(reason=reason))
        elif alarm.state in UNATTENDED and not heard:
            ledger.happen(alarm, Escalate(reason=reason))
            raise_it(ledger, alarm, self.rules)

    def flooded(
        self, session: Session, recipient: str, channel: str, *, over: bool
    ) -> None:
        """Raise the alarm that somebody gets more than he can read, or end it."""
        subject = f"{channel} to {recipient}"
        self._trouble(session, Trouble(FLOOD, subject, Severity.MEDIUM), over=over)

    def broken(self, session: Session, channel: str, *, over: bool) -> None:
        """Raise the alarm that nobody can be told by a channel, or end it."""
        self._trouble(session, Trouble(BROKEN, channel, Severity.HIGH), over=over)

    def _trouble(self, session: Session, trouble: Trouble, *, over: bool) -> None:
        ledger = self._ledger(session)
        ledger.load([SYSTEM])
        alarm = ledger.at((SYSTEM, trouble.name))
        ends = as_end(trouble, alarm, ledger.now_ms) if alarm else []
        if over is bool(ends):
            news = ends if over else [as_match(trouble, ledger.now_ms)]
            fold(ledger, news, self.rules)

    def _ledger(self, session: Session) -> Ledger:
        return Ledger(session, self.now_ms(), self.tell)


def is_broken(session: Session, channel: str) -> bool:
    """Return whether an alarm says that nobody can be told by ``channel``."""
    said = AlarmRow.patient_id == SYSTEM, AlarmRow.pattern_name == BROKEN
    ongoing = session.scalars(
        select(AlarmRow.ongoing).where(*said, AlarmRow.is_open)
    ).first()
    return any(each.device_id == channel for each in ongoing or ())
