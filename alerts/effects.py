"""What sending does to alarms: escalate whom nobody reached, and say a flood."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from alerts.events import Escalate
from alerts.fold import Rules, fold
from alerts.holds import FLOOD
from alerts.ledger import Ledger, Tell
from alerts.model import UNATTENDED
from alerts.system import SYSTEM, Trouble, as_end, as_match
from alerts.unreached import may_still_be_heard, raise_it
from cep_patterns.pattern import Severity


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
        alarm = ledger.find(alarm_id)
        if not alarm.is_at_last_level:
            ledger.happen(alarm, Escalate(reason=reason))
        elif alarm.state in UNATTENDED and not may_still_be_heard(session, alarm):
            ledger.happen(alarm, Escalate(reason=reason))
            raise_it(ledger, alarm, self.rules)

    def flooded(
        self, session: Session, recipient: str, channel: str, *, over: bool
    ) -> None:
        """Raise the alarm that somebody gets more than he can read, or end it."""
        trouble = Trouble(FLOOD, f"{channel} to {recipient}", Severity.MEDIUM)
        ledger = self._ledger(session)
        ledger.load([SYSTEM])
        alarm = ledger.at((SYSTEM, FLOOD))
        ends = as_end(trouble, alarm, ledger.now_ms) if alarm else []
        if over is bool(ends):
            news = ends if over else [as_match(trouble, ledger.now_ms)]
            fold(ledger, news, self.rules)

    def _ledger(self, session: Session) -> Ledger:
        return Ledger(session, self.now_ms(), self.tell)
