"""One recording made ready to be tried: its lines, what they hold, what is wrong.

No Flink and no file: the same recording gives the same trial.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Final, NamedTuple

from producers.contract import VITALS
from producers.recordings import Recording
from producers.tracks import Step, Track, track
from producers.validation import Verdict, verdict

ABSOLUTE_FROM_MS: Final = 946_684_800_000
"""2000-01-01. A time before that counts from the start of a recording."""


_YEAR_2100_S: Final = 4_102_444_800
_UNITS: Final = {"seconds": 1, "microseconds": 10**6, "nanoseconds": 10**9}
_OTHER_UNITS: Final = {
    unit: range(ABSOLUTE_FROM_MS // 1000 * a_second, _YEAR_2100_S * a_second)
    for unit, a_second in (
        ("seconds", 1),
        ("microseconds", 10**6),
        ("nanoseconds", 10**9),
    )
}
"""Times of today in other units than milliseconds."""


class Line(NamedTuple):
    """A usable message as it goes on the wire, and when it came."""

    at_ms: int
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one recording holds; ``reasons`` counts what is wrong, by kind.

    Times are those of the messages. A device takes a reading every
    ``interval_ms``. Unusable messages have no line. ``late`` ones have one, but come
    too late to count.
    """

    name: str
    lines: tuple[Line, ...]
    patients: frozenset[str]
    interval_ms: int
    first_ms: int
    last_ms: int
    unusable: int
    partly: int
    late: int
    reasons: Counter[str]

    @property
    def is_absolute(self) -> bool:
        """Whether its times are times of day, not counted from its start."""
        return self.first_ms >= ABSOLUTE_FROM_MS

    @property
    def likely_unit(self) -> str:
        """The unit that its times seem to have, if it is not milliseconds."""
        units = (unit for unit, years in _OTHER_UNITS.items() if self.first_ms in years)
        return next(units, "")


def trial(recording: Recording) -> Trial:
    """Return ``recording`` examined message by message.

    A message arrives when it is true, or with the one of its device before it in the
    file when that is later.
    """
    played = track(recording)
    first_ms = _first_ms(played)
    examined = [(step, _judged(step, first_ms)) for step in played.steps]
    used = [(step, v) for step, v in examined if v.message is not None]
    return Trial(
        name=recording.name,
        lines=tuple(Line(first_ms + step.at_ms, step.line) for step, _ in used),
        patients=frozenset(str(_column(v, "patient_id")) for _, v in used),
        interval_ms=played.interval_ms,
        first_ms=first_ms,
        last_ms=max((first_ms + step.true_ms for step, _ in used), default=first_ms),
        unusable=len(examined) - len(used),
        partly=sum(1 for _, v in used if v.reasons),
        late=sum(1 for step, _ in used if step.is_late),
        reasons=Counter(kind for _, v in examined for kind in _kinds(v)),
    )


def in_order_of_time(trials: Iterable[Trial]) -> Iterator[Line]:
    """Yield the lines of all ``trials``; no later file makes its readings late."""
    return merge(*(each.lines for each in trials), key=lambda line: line.at_ms)


def _first_ms(played: Track) -> int:
    """Return what the track's own time 0 is in the time of its messages."""
    for step in played.steps:
        if step.reading is not None:
            return int(str(step.reading["ts_ms"])) - step.true_ms
    return 0


def _judged(step: Step, first_ms: int) -> Verdict:
    return verdict(VITALS, step.line, first_ms + step.at_ms)


def _column(judged: Verdict, name: str) -> object:
    return None if judged.message is None else judged.message[name]


def _kinds(judged: Verdict) -> Iterator[str]:
    """Yield what is wrong, without what was given: ``implausible spo2_pct``."""
    for reason in judged.reasons:
        yield reason.partition(":")[0]
