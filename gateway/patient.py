"""One patient, as far as the page knows: messages in, sections of a tile out."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from gateway.conditions import Condition, Conditions
from gateway.messages import Message, instant, number, text
from gateway.signs import SIGNS, SPARKLINED
from gateway.trace import Trace
from gateway.urgency import LATELY_MS, Urgency, urgency_of
from producers.contract import EEG_SCORES, SCORES, VITALS

HISTORY: Final = (60, 240)
"""Four hours, a slot a minute."""
RECENT: Final = (5, 60)
"""The five minutes of a sparkline."""

CHARTED: Final = ("on_oxygen", "consciousness")
SHOWN_SCORE: Final = "news2"
SCORE_FIELDS: Final = (
    "ts_ms",
    "total",
    "lowest",
    "highest",
    "risk_at_least",
    "risk_at_most",
    "response",
    "respond_by_ms",
    "parts",
)
EEG_NUMBERS: Final = ("probability", "firing_power")
EEG_FIELDS: Final = ("ts_ms", *EEG_NUMBERS, "threshold", "seizing")
SPOKEN: Final = frozenset({VITALS.name, EEG_SCORES.name})
"""What a device of the patient itself sent, or what it sent became."""

Known = tuple[int, Any]
"""When something was so, and what."""


class Patient:
    """The latest of everything and its course, whatever the order of arrival."""

    def __init__(self, place: str) -> None:
        """Know nothing yet of the patient who lies at ``place``."""
        self.heard_ms = 0
        self.spoke_ms = 0
        self.conditions = Conditions()
        self._place = place
        self._values: dict[str, Known] = {}
        self._score: Known = (0, None)
        self._eeg: Known = (0, None)
        self._recent = {name: Trace(*RECENT) for name in SPARKLINED}
        self._history: dict[str, Trace] = {}
        self._takers = {
            VITALS.name: self._take_vitals,
            SCORES.name: self._take_score,
            EEG_SCORES.name: self._take_eeg,
        }
        self._sections: dict[str, Callable[[], Any]] = {
            "place": lambda: self._place,
            "vitals": self._vitals,
            "score": lambda: self._score[1],
            "eeg": lambda: self._eeg[1],
            "alarms": lambda: _as_json(self.conditions.ongoing()),
            "recent": lambda: _courses(self._recent),
        }

    def take(self, topic_name: str, message: Message, arrived_ms: int) -> str:
        """Take in one message; return which section of the tile it may have changed.

        Nothing is younger than its arrival: a sender whose clock is ahead would else
        stand before all others until their clocks reach his.
        """
        at_ms = min(instant(message, "ts_ms") or 0, arrived_ms)
        self.heard_ms = max(self.heard_ms, at_ms)
        if topic_name in SPOKEN:
            self.spoke_ms = max(self.spoke_ms, arrived_ms)
        return self._takers[topic_name](message, at_ms)

    def _take_vitals(self, message: Message, ts_ms: int) -> str:
        for sign in SIGNS:
            if (value := number(message, sign.column)) is not None:
                self._note(sign.column, (ts_ms, value))
                self._trace(sign.column, ts_ms, value)
        for name in CHARTED:
            if (code := message.get(name)) is not None:
                self._note(name, (ts_ms, code))
        return "vitals"

    def _note(self, name: str, told: Known) -> None:
        self._values[name] = max(self._values.get(name, told), told)

    def _trace(self, name: str, ts_ms: int, value: float) -> None:
        if name not in self._history:
            self._history[name] = Trace(*HISTORY)
        self._history[name].add(ts_ms, value)
        if name in self._recent:
            self._recent[name].add(ts_ms, value)

    def _take_score(self, message: Message, ts_ms: int) -> str:
        if text(message, "score_name") == SHOWN_SCORE and ts_ms >= self._score[0]:
            self._score = (ts_ms, {name: message.get(name) for name in SCORE_FIELDS})
        return "score"

    def _take_eeg(self, message: Message, ts_ms: int) -> str:
        for name in EEG_NUMBERS:
            if (value := number(message, name)) is not None:
                self._trace(f"eeg_{name}", ts_ms, value)
        if ts_ms >= self._eeg[0]:
            self._eeg = (ts_ms, {name: message.get(name) for name in EEG_FIELDS})
        return "eeg"

    def hear_of(self, told: Condition, at: int) -> None:
        """Take in a step of an alarm that the topic tells of, as news number ``at``."""
        self.heard_ms = max(self.heard_ms, told.ts_ms)
        self.conditions.take(told, at)

    @property
    def is_made_up(self) -> bool:
        """Whether nothing is known but what the database of alarms took back."""
        return not (self.conditions or self.spoke_ms or self._score[0])

    def urgency(self, now_ms: int) -> Urgency:
        """Return how much this patient asks for a place on the page."""
        loudest = next(iter(self.conditions.ongoing()), None)
        return urgency_of(loudest, is_speaking=now_ms - self.spoke_ms < LATELY_MS)

    def sections(self, names: Iterable[str] | None = None) -> dict[str, Any]:
        """Return some sections of the tile, or all, as the page reads them."""
        return {name: self._sections[name]() for name in names or self._sections}

    def story(self) -> dict[str, Any]:
        """Return the last hours, and what was wrong in them."""
        past = _as_json(self.conditions.past())
        return {"courses": _courses(self._history), "past": past}

    def _vitals(self) -> dict[str, Any]:
        signs = [self._values.get(sign.column) for sign in SIGNS]
        return {"signs": signs, **{name: self._values.get(name) for name in CHARTED}}


def _as_json(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    return [each.as_json() for each in conditions]


def _courses(traces: dict[str, Trace]) -> dict[str, Any]:
    return {name: trace.course() for name, trace in traces.items()}
