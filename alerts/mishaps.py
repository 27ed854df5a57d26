"""What goes wrong with single messages and alarms: counted, logged, and said."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from alerts.system import MISHAPS, Trouble

logger = logging.getLogger(__name__)

SAID_S: Final = 600
"""So long after the last one, the alarm that says so lasts."""
QUIET_S: Final = 60
"""What fails again and again is logged once in this time."""


@dataclass(slots=True)
class Mishaps:
    """Whoever leaves something out notes it here."""

    clock_s: Callable[[], float] = time.monotonic
    counts: Counter[Trouble] = field(default_factory=Counter)
    _last_s: dict[Trouble, float] = field(default_factory=dict)
    _logged_s: dict[str, float] = field(default_factory=dict)
    _began_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Begin to count."""
        self._began_s = self.clock_s()

    def note(self, trouble: Trouble, what: str, why: object) -> None:
        """Count it; log what was left out and why."""
        now_s = self.clock_s()
        self.counts[trouble] += 1
        self._last_s[trouble] = now_s
        if now_s - self._logged_s.get(what, -QUIET_S) < QUIET_S:
            return
        self._logged_s = {
            k: v for k, v in list(self._logged_s.items()) if now_s - v < QUIET_S
        }
        self._logged_s[what] = now_s
        count = self.counts[trouble]
        logger.warning("%s, number %d: %s: %s", trouble.name, count, what, why)

    def verdicts(self) -> dict[Trouble, bool | None]:
        """Return whether each was so lately; None: nobody can tell yet."""
        return {each: self._was_lately(each) for each in MISHAPS}

    def _was_lately(self, trouble: Trouble) -> bool | None:
        now_s = self.clock_s()
        last_s = self._last_s.get(trouble)
        if last_s is not None:
            return now_s - last_s < SAID_S
        return False if now_s - self._began_s >= SAID_S else None
