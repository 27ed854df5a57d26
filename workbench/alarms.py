"""Matches as a ward sees them: each alarm once, from found to over.

The topic says everything at least once, so what has been told is not told again.
"""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from producers.contract.columns import SYNTHETIC_PATIENT_ID
from workbench.observed import value

KEPT: Final = 2_000
"""Alarms remembered; the oldest that are over are forgotten first."""

Message = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm; ``observed`` is text with its unit, ``ended_ms`` is None till then."""

    match_id: str
    severity: str
    patient: str
    pattern: str
    observed: str
    found_ms: int
    started_ms: int
    ended_ms: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ended_ms is not None


def alarm(message: Message) -> Alarm:
    """Return the alarm that a message of the topic matches is about."""
    ended_ms = message.get("ended_ms")
    return Alarm(
        match_id=str(message["match_id"]),
        severity=str(message["severity"]),
        patient=str(message["patient_id"]),
        pattern=str(message["pattern_name"]),
        observed=value(message["pattern_name"], message.get("observed")),
        found_ms=int(str(message["ts_ms"])),
        started_ms=int(str(message["started_ms"])),
        ended_ms=None if ended_ms is None else int(str(ended_ms)),
    )


class Alarms:
    """The alarms of the episodes that began since ``since_ms``."""

    def __init__(self, since_ms: int = 0) -> None:
        self._since_ms = since_ms
        self._all: dict[str, Alarm] = {}
        self.found = 0

    def tell(self, message: Message) -> Alarm | None:
        """Take a message; return the alarm as it is now, or None if it is no news.

        The synthetic patient only shows that the way from reading to notice is open.
        """
        told = alarm(message)
        if told.started_ms < self._since_ms or told.patient == SYNTHETIC_PATIENT_ID:
            return None
        known = self._all.get(told.match_id)
        self.found += known is None
        self._all[told.match_id] = now = _joined(known, told)
        self._forget()
        return None if known and known.is_over == now.is_over else now

    def newest(self, count: int) -> list[Alarm]:
        """Return the alarms found last, the newest first."""
        return heapq.nlargest(count, self._all.values(), key=lambda a: a.found_ms)

    def ongoing(self) -> Counter[str]:
        """Return how many alarms last, by severity."""
        return Counter(a.severity for a in self._all.values() if not a.is_over)

    def _forget(self) -> None:
        if len(self._all) > KEPT:
            over = (name for name, each in self._all.items() if each.is_over)
            del self._all[next(over, next(iter(self._all)))]


def _joined(known: Alarm | None, told: Alarm) -> Alarm:
    """Return the alarm as it was found, with its end, whichever was told first."""
    if known is None:
        return told
    found, other = (known, told) if told.is_over else (told, known)
    return replace(found, ended_ms=other.ended_ms)
