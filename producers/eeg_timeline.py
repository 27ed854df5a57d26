"""Recorded EEG on one time line: re-stamped, looped, merged.

No clock and no Kafka: the same arguments give the same bytes.
"""

import heapq
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eeg.packets import whole_seconds
from eeg.recording import Recording
from producers.eeg_wire import device, seconds
from producers.outgoing import Batch, Message, truth_message
from producers.recordings import RecordingError, pseudonym


@dataclass(frozen=True, slots=True)
class Player:
    """A patient and all recordings of that patient, in order of time."""

    patient_id: str
    recordings: Sequence[Recording]

    @property
    def length_s(self) -> int:
        """Return when the next loop begins: with the second behind the last."""
        return math.ceil(max(map(_end_s, self.recordings)))


class _Due(NamedTuple):
    at_s: float
    eeg: Message | None = None
    truth: Message | None = None


def players(recordings: Iterable[Recording]) -> list[Player]:
    """Return the patients of ``recordings``; refuse two recordings of one at a time."""
    of: dict[str, list[Recording]] = {}
    for recording in recordings:
        of.setdefault(pseudonym(recording.name), []).append(recording)
    found = [Player(who, sorted(them, key=_begin_s)) for who, them in of.items()]
    for player in found:
        for before, behind in itertools.pairwise(player.recordings):
            if behind.begins_s < _end_s(before):
                msg = f"{player.patient_id}: two recordings at a time; rename one"
                raise RecordingError(msg)
    return found


def batches(players: Iterable[Player], start_ms: int, *, loop: bool) -> Iterator[Batch]:
    """Yield what goes out at a time, in recorded time; time 0 is ``start_ms``.

    A second goes out when it is over, as from an amplifier.
    """
    played = [_played(player, start_ms, loop=loop) for player in players]
    in_order = heapq.merge(*played, key=lambda due: due.at_s)
    for at_s, due in itertools.groupby(in_order, lambda due: due.at_s):
        together = list(due)
        yield Batch(
            at_s,
            eeg=[each.eeg for each in together if each.eeg],
            truth=[each.truth for each in together if each.truth],
        )


def _played(player: Player, start_ms: int, *, loop: bool) -> Iterator[_Due]:
    seq = itertools.count()
    for lap in itertools.count() if loop else range(1):
        begin_s = lap * player.length_s
        truth = sorted(_truth(player, begin_s, start_ms))
        yield from heapq.merge(
            _lap(player, begin_s, start_ms, seq), truth, key=lambda due: due.at_s
        )


def _lap(
    player: Player, begin_s: int, start_ms: int, seq: Iterator[int]
) -> Iterator[_Due]:
    for recording in player.recordings:
        sender = device(recording, player.patient_id)
        for second, counts in enumerate(seconds(recording)):
            at_s = begin_s + recording.begins_s + second
            ts_ms = start_ms + round(at_s * 1000.0)
            yield _Due(at_s + 1.0, eeg=sender.message(ts_ms, next(seq), counts))


def _truth(player: Player, begin_s: int, start_ms: int) -> Iterator[_Due]:
    """Yield the seizures that the file names, each when it begins."""
    who = player.patient_id
    for onset_s, end_s in player.recordings[0].seizures:
        known = truth_message(
            who,
            f"{who}-eeg",
            "seizure",
            start_ms + round((begin_s + onset_s) * 1000.0),
            end_ms=start_ms + round((begin_s + end_s) * 1000.0),
        )
        yield _Due(begin_s + onset_s, truth=known)


def _begin_s(recording: Recording) -> float:
    return recording.begins_s


def _end_s(recording: Recording) -> float:
    return recording.begins_s + whole_seconds(recording.n_samples, recording.rate_hz)
