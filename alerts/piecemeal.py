"""One part of a turn after the other, each in a savepoint: what fails is left out.

For turns that failed as a whole. Slower, and seldom needed: everything that is read
was judged before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from alerts.database import is_away
from alerts.ledger import AT_ONCE, Held, Ledger, Tell
from alerts.mishaps import Mishaps
from alerts.model import Alarm, Step
from alerts.system import ALARM_FAILED
from alerts.tables import AlarmRow

AGAIN_MS: Final = 60_000
"""When it is tried again to do what was due for an alarm."""


@dataclass(frozen=True, slots=True)
class Piecemeal:
    """The parts of one turn, in one transaction."""

    session: Session
    now_ms: int
    tell: Tell
    held: Held
    mishaps: Mishaps

    def attempt(self, do: Callable[[Ledger], object]) -> str:
        """Do a part; return why it cannot be done, or nothing.

        Raises where the database is away: then nothing can be done.
        """
        try:
            with self.session.begin_nested():
                do(Ledger(self.session, self.now_ms, self._tell, self._held))
        except Exception as error:
            if is_away(error):
                raise
            return _first_line(error)
        return ""

    def tolerate(self, what: str, do: Callable[[Ledger], object]) -> bool:
        """Do a part; where it cannot be done, note it, and return so."""
        if why := self.attempt(do):
            self.mishaps.note(ALARM_FAILED, what, why)
        return not why

    def pass_time(self) -> None:
        """Do what is due for each alarm; what fails is tried again a while later."""
        due = (
            select(AlarmRow.alarm_id)
            .where(AlarmRow.due_ms <= self.now_ms)
            .order_by(AlarmRow.due_ms)
            .limit(AT_ONCE)
        )
        for alarm_id in self.session.scalars(due).all():
            what = f"what is due for alarm {alarm_id}"
            if not self.tolerate(what, partial(Ledger.pass_time, alarm_id=alarm_id)):
                self._postpone(alarm_id)

    def _postpone(self, alarm_id: str) -> None:
        this = update(AlarmRow).where(AlarmRow.alarm_id == alarm_id)
        self.session.execute(this.values(due_ms=self.now_ms + AGAIN_MS))

    def _tell(self, session: Session, alarm: Alarm, step: Step) -> None:
        """Write whom a step is told; where that fails, the step itself is kept."""
        session.flush()
        self.tolerate(
            f"who is told of alarm {alarm.alarm_id}",
            lambda _: self.tell(session, alarm, step),
        )

    def _held(self, alarm: Alarm, now_ms: int) -> bool:
        """Return whether escalation is held; where nobody can tell, it is not."""
        try:
            return self.held(alarm, now_ms)
        except Exception as error:
            if is_away(error):
                raise
            what = f"whether alarm {alarm.alarm_id} is held"
            self.mishaps.note(ALARM_FAILED, what, _first_line(error))
            return False


def _first_line(error: BaseException) -> str:
    said = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {said[:300]}"
