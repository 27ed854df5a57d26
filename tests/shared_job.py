"""One Flink job for the streams of many tests, each of which sees only its own.

A query takes seconds to plan, and next to nothing to run over a table of readings.
So a test says by marks what its patterns are to be run over (``MARKS``), and all
streams go through one job, one behind the other. Each has patients and devices of
its own, and a time of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from producers.contract import EEG_SCORES, VITALS
from producers.schema import DAY_MS
from tests.device_statuses import assert_known, by_arrival
from tests.streams import (
    EPOCH_MS,
    Message,
    assert_known_columns,
    in_time,
    readings,
    scored_eeg,
    write_lines,
)

APART_MS: Final = 100 * DAY_MS
"""Longer than any pattern looks back. Whole days, so that an hour stays an hour."""

_IDS: Final = ("patient_id", "device_id")

Match = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What patterns are run over: of vital signs and EEG, or statuses of devices."""

    patterns: tuple[Pattern, ...]
    vitals: Sequence[Message] = ()
    eeg: Sequence[Message] = ()
    baselines: Sequence[Message] = ()
    limits: Sequence[Message] = ()
    statuses: Sequence[Message] = ()

    @property
    def ends_ms(self) -> int:
        """When its last reading came. The end of a stream is no silence."""
        return max(map(_arrived_ms, (*self.vitals, *self.eeg)))


def _arrived_ms(message: Message) -> int:
    return int(str(message.get("arrived_ms", message["ts_ms"])))


def _vitals(*parts: str | Iterable[Message]) -> list[Message]:
    messages = [
        message
        for part in parts
        for message in (readings(part) if isinstance(part, str) else part)
    ]
    assert_known_columns(messages, VITALS, "arrived_ms")
    return messages


def _eeg(table: str) -> list[Message]:
    scored = scored_eeg(table)
    assert_known_columns(scored, EEG_SCORES)
    return scored


def _statuses(*parts: Iterable[Message]) -> list[Message]:
    statuses = by_arrival(*parts)
    assert_known(statuses)
    return statuses


MARKS: Final[Mapping[str, tuple[str, Callable[..., list[Message]]]]] = {
    "stream": ("vitals", _vitals),
    "in_time": ("vitals", lambda *parts: in_time(_vitals(*parts))),
    "eeg": ("eeg", _eeg),
    "baselines": ("baselines", lambda *messages: list(messages)),
    "limits": ("limits", lambda *messages: list(messages)),
    "statuses": ("statuses", _statuses),
}
"""What a test may be marked with: what it stands for, and how it is read."""


_TIMES: Final = ("arrived_ms", "ts_ms", "learned_ms")
"""What says when a message comes; behind the first, ``ts_ms`` may be anything."""


def stream_of(test: pytest.Item) -> Stream | None:
    """Return what ``test`` is marked with; nothing if it has no stream."""
    said = {
        topic: read(*mark.args)
        for name, (topic, read) in MARKS.items()
        if (mark := test.get_closest_marker(name))
    }
    if not said:
        return None
    mark = test.get_closest_marker("pattern")
    assert mark, f"{test.name}: which pattern? pytestmark = pytest.mark.pattern(...)"
    for pattern in mark.args:
        assert pattern in CATALOGUE, f"{pattern.name} is not in the catalogue"
    for message in chain(*said.values()):
        times_ms = (int(str(message[name])) for name in _TIMES if name in message)
        assert abs(next(times_ms, EPOCH_MS) - EPOCH_MS) < APART_MS / 2
    return Stream(patterns=mark.args, **said)


class SharedJob:
    """The matches in all streams; those of patients and of devices are two jobs."""

    def __init__(self, streams: Mapping[object, Stream], folder: Path) -> None:
        """Join ``streams``, each under the name of its test, in files in ``folder``."""
        self._folder = folder
        self._streams = list(streams.values())
        self._numbers = {test: number for number, test in enumerate(streams)}
        self._found: dict[object, list[Match]] = {}

    def matches(self, test: object) -> list[Match]:
        """Return what the patterns of ``test`` find in its stream."""
        number = self._numbers[test]
        stream = self._streams[number]
        found = self._of_devices() if stream.statuses else self._of_patients()
        names = [pattern.name for pattern in stream.patterns]
        own = [
            _moved_back(match, number)
            for match in found
            if match["pattern_name"] in names and _is_of(match, number)
        ]
        if stream.statuses:
            return own
        return [match for match in own if int(str(match["ts_ms"])) <= stream.ends_ms]

    def _of_patients(self) -> list[Match]:
        from jobs import in_process  # noqa: PLC0415 - it takes seconds

        given = {name: self._joined(name) for name in ("limits", "baselines")}
        return self._once(
            in_process.matches_in, "vitals", **given, eeg_scores=self._joined("eeg")
        )

    def _of_devices(self) -> list[Match]:
        from jobs import in_process  # noqa: PLC0415 - it takes seconds

        return self._once(in_process.device_matches_in, "statuses")

    def _once(
        self, find: Callable[..., list[Match]], topic: str, **given: list[Message]
    ) -> list[Match]:
        """Return what ``find`` finds, which runs a job when it is first asked."""
        if find not in self._found:
            path = write_lines(self._joined(topic), self._folder / f"{topic}.jsonl")
            self._found[find] = find(path, self._patterns(topic), **given)
        return self._found[find]

    def _patterns(self, topic: str) -> list[Pattern]:
        of_devices = topic == "statuses"
        named = {
            pattern.name: pattern
            for stream in self._streams
            if bool(stream.statuses) is of_devices
            for pattern in stream.patterns
        }
        return list(named.values())

    def _joined(self, topic: str) -> list[Message]:
        return [
            _moved(message, number)
            for number, stream in enumerate(self._streams)
            for message in getattr(stream, topic)
        ]


def _moved(message: Message, number: int) -> Message:
    """Return ``message`` with the ids and the time of stream ``number``."""
    ids = {name: f"{number}/{message[name]}" for name in _IDS if name in message}
    return message | ids | _later(message, number * APART_MS)


def _moved_back(match: Match, number: int) -> Match:
    ids = {name: str(match[name]).removeprefix(f"{number}/") for name in _IDS}
    return match | ids | _later(match, -number * APART_MS)


def _later(message: Message, by_ms: int) -> Message:
    return {
        name: value + by_ms
        for name, value in message.items()
        if name.endswith("_ms") and isinstance(value, int)
    }


def _is_of(match: Match, number: int) -> bool:
    return str(match["patient_id"]).startswith(f"{number}/")
