"""Who has a place on the page, where there is none for all: the most urgent."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Final, NamedTuple

from cep_patterns.pattern import Kind
from gateway.conditions import Condition
from producers.schema import MINUTE_MS

LATELY_MS: Final = 2 * MINUTE_MS
"""Who was not heard for so long gives way to those who are heard."""
MOST_COUNTED: Final = 10_000
"""Made-up patients must not fill the memory by being left out, either."""


class Urgency(NamedTuple):
    """What decides, in this order: an alarm is shown before a value.

    Among alarms as loud, those about patients come before those about equipment, and
    of patients without any those who are heard before those who are silent.
    """

    loudness: int
    is_clinical: bool
    is_speaking: bool


def urgency_of(loudest: Condition | None, *, is_speaking: bool) -> Urgency:
    """Return how much somebody with this alarm, or none, asks for a place."""
    if loudest is None:
        return Urgency(0, is_clinical=False, is_speaking=is_speaking)
    is_clinical = loudest.kind is Kind.CLINICAL
    return Urgency(loudest.loudness, is_clinical, is_speaking)


Candidate = tuple[Urgency, str]


class Queue:
    """The least urgent of those who have a place, found without looking at all again.

    Who has become more urgent since is passed over; who has become less so is found
    when the queue is formed anew.
    """

    def __init__(self) -> None:
        self._waiting: list[Candidate] | None = None

    def form_anew(self) -> None:
        """Forget the order; the next who asks makes another."""
        self._waiting = None

    def first(
        self,
        everybody: Callable[[], Iterable[Candidate]],
        now: Callable[[str], Urgency | None],
    ) -> Candidate | None:
        """Return who gives way first; ``now`` is how urgent somebody has become."""
        if self._waiting is None:
            self._waiting = sorted(everybody(), key=itemgetter(0), reverse=True)
        while self._waiting:
            before, patient_id = self._waiting[-1]
            if (today := now(patient_id)) is not None and today <= before:
                return self._waiting[-1]
            self._waiting.pop()
        return None


class Asked(NamedTuple):
    """When somebody last asked for a place, and how much."""

    at_ms: int
    urgency: Urgency


class LeftOut:
    """Those for whom there is no place, as long as they ask for one."""

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}

    def all_known(self, patient_id: str, urgency: Urgency) -> Urgency:
        """Return how urgent somebody is by all that was said lately, not just now."""
        before = self._asked.get(patient_id)
        if before is None:
            return urgency
        loudness, is_clinical, _ = max(before.urgency, urgency)
        is_speaking = urgency.is_speaking or before.urgency.is_speaking
        return Urgency(loudness, is_clinical, is_speaking)

    def add(self, patient_id: str, urgency: Urgency, now_ms: int) -> None:
        """Remember who asked."""
        if patient_id in self._asked or len(self._asked) < MOST_COUNTED:
            known = self.all_known(patient_id, urgency)
            self._asked[patient_id] = Asked(now_ms, known)

    def discard(self, patient_id: str) -> None:
        """Forget somebody who has a place now, or is gone."""
        self._asked.pop(patient_id, None)

    def forget(self, now_ms: int) -> None:
        """Forget who has not asked for long."""
        since_ms = now_ms - LATELY_MS
        asked = self._asked.items()
        self._asked = {who: each for who, each in asked if each.at_ms >= since_ms}

    def __bool__(self) -> bool:
        """Return whether anybody was left out."""
        return bool(self._asked)

    def __str__(self) -> str:
        """Return in words who is not shown."""
        if not self._asked:
            return ""
        more = "more than " * (len(self._asked) >= MOST_COUNTED)
        alarmed = sum(1 for each in self._asked.values() if each.urgency.loudness)
        who = f"{alarmed} of them with an alarm" if alarmed else "none with an alarm"
        rest = f"patients are not shown for want of a place, {who}."
        return f"{more}{len(self._asked)} {rest}".capitalize()
