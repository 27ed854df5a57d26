"""Recordings on one time line: re-stamped, looped, merged.

No clock and no Kafka: the same arguments give the same bytes.
"""

import heapq
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from producers.outgoing import Batch, Message
from producers.recordings import Recording
from producers.tracks import Track, track


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """How recordings are played; the first reading of each is at ``start_ms``."""

    start_ms: int
    speed: float = 1.0
    loop: bool = False


class _Due(NamedTuple):
    at_s: float
    message: Message


def batches(
    recordings: Iterable[Recording], replay: Replay, slot_s: float
) -> Iterator[Batch]:
    """Yield the recordings' messages, cut into slots of ``slot_s``, none empty."""
    played = [_played(track(recording), replay) for recording in recordings]
    in_order = heapq.merge(*played, key=lambda due: due.at_s)
    for slot, due in itertools.groupby(in_order, lambda due: int(due.at_s / slot_s)):
        yield Batch((slot + 1) * slot_s, [each.message for each in due])


def length_s(recordings: Iterable[Recording]) -> float:
    """Return how long the longest recording lasts."""
    return max(track(recording).length_ms for recording in recordings) / 1000.0


def rate_hz(recordings: Iterable[Recording], speed: float) -> float:
    """Return how many readings a second the fastest device sends."""
    return (
        1000.0 * speed / min(track(recording).interval_ms for recording in recordings)
    )


def _played(track: Track, replay: Replay) -> Iterator[_Due]:
    """Yield a track's messages; each loop continues after the last."""
    for played in itertools.count() if replay.loop and track.steps else range(1):
        begin_ms = played * track.length_ms
        for step in track.steps:
            true_ms = round((begin_ms + step.true_ms) / replay.speed)
            message = step.message(replay.start_ms + true_ms, played * track.seqs)
            yield _Due((begin_ms + step.at_ms) / replay.speed / 1000.0, message)
