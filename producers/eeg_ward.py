"""The simulated EEG of a fleet's first patients, as messages.

No clock and no Kafka: the same arguments give the same bytes. A patient's
seizures are those of the fleet's episodes, which tell them on ``truth``; what is
told here are the artefacts.
"""

import heapq
import itertools
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from digital_twin import eeg, ward
from digital_twin.brain.artefacts import Artefact
from digital_twin.brain.scalp import ELECTRODES, REFERENCE
from digital_twin.brain.seizures import Seizure
from digital_twin.cohort import COHORT_SIZE as WARD_COHORT_SIZE
from digital_twin.cohort import cohorts, phases
from digital_twin.eeg import COHORT_SIZE, RATE_HZ, Second
from digital_twin.kinds import SEIZURE
from digital_twin.ward import Episode
from eeg.packets import quantised
from producers.arrivals import Fleet, setting
from producers.eeg_wire import Device
from producers.outgoing import Batch, Message, truth_message
from producers.wire import patient_id

UV_PER_COUNT: Final = 0.1
"""A good amplifier's step, our choice; 3.3 mV is the most that it can show.

At least 0.5 uV: Nuwer, M. R. et al. (1998). IFCN standards for digital recording of
clinical EEG. Electroencephalogr Clin Neurophysiol 106(3): 259-261.
"""


def with_eeg(vitals: Iterable[Batch], fleet: Fleet, patients: int) -> Iterator[Batch]:
    """Yield ``vitals``, and between them the EEG of the first ``patients``."""
    return heapq.merge(vitals, batches(fleet, patients), key=lambda batch: batch.at_s)


def batches(fleet: Fleet, patients: int) -> Iterator[Batch]:
    """Yield the EEG of the first ``patients``, without end, in order of time.

    Each second of a few patients goes out when it is over; which few, when within
    a second, is spread evenly.
    """
    parts = filter(fleet.shard.takes, range(-(-patients // COHORT_SIZE)))
    played = [_played(fleet, part, patients) for part in parts]
    return heapq.merge(*played, key=lambda batch: batch.at_s)


def _played(fleet: Fleet, part: int, patients: int) -> Iterator[Batch]:
    first, begins_s = part * COHORT_SIZE, _begins_s(part)
    size = min(COHORT_SIZE, patients - first)
    senders = [_sender(first + i) for i in range(size)]
    heads = eeg.Setting(seed=fleet.seed, begins_s=begins_s)
    onsets = _onsets(fleet, range(first, first + size), begins_s)
    for seq, second in enumerate(eeg.play(part, size, heads, onsets)):
        yield Batch(
            second.at_s + 1.0,
            truth=[_truth(each, senders, fleet) for each in second.artefacts],
            eeg=_messages(second, senders, fleet, seq),
        )


def _begins_s(part: int) -> float:
    """Return when the first second of a part begins, in whole milliseconds."""
    [phase] = phases(np.array([part]))
    return round(float(phase), 3)


def _sender(number: int) -> Device:
    return Device(
        patient_id=patient_id(number),
        device_id=f"eeg-{number:05d}",
        rate_hz=float(RATE_HZ),
        reference=REFERENCE,
        channels=ELECTRODES,
        uv_per_count=UV_PER_COUNT,
    )


def _messages(
    second: Second, senders: list[Device], fleet: Fleet, seq: int
) -> list[Message]:
    ts_ms = _ms(fleet, second.at_s)
    counts = quantised(second.samples_uv, UV_PER_COUNT)
    pairs = zip(senders, counts, strict=True)
    return [sender.message(ts_ms, seq, own) for sender, own in pairs]


def _truth(artefact: Artefact, senders: list[Device], fleet: Fleet) -> Message:
    sender = senders[artefact.patient]
    return truth_message(
        sender.patient_id,
        sender.device_id,
        artefact.kind,
        _ms(fleet, artefact.onset_s),
        end_ms=_ms(fleet, artefact.end_s),
    )


def _ms(fleet: Fleet, at_s: float) -> int:
    return fleet.start_ms + round(at_s * 1000.0)


def _onsets(fleet: Fleet, who: range, begins_s: float) -> Iterator[list[Seizure]]:
    """Yield, for each second, the seizures that begin in it among those in ``who``."""
    waiting: list[Seizure] = []
    episodes, known_s = _begun(fleet, who[0]), 0.0
    for end_s in itertools.count(begins_s + 1.0):
        while known_s < end_s:
            waiting += _seizures(next(episodes), who)
            known_s += fleet.period_s
        yield [each for each in waiting if each.onset_s < end_s]
        waiting = [each for each in waiting if each.onset_s >= end_s]


def _begun(fleet: Fleet, device: int) -> Iterator[list[Episode]]:
    """Return the episodes of the fleet's cohort that ``device`` is in."""
    cohort = device // WARD_COHORT_SIZE
    size = dict(cohorts(fleet.devices))[cohort]
    return ward.begun(cohort, size, setting(fleet))


def _seizures(begun: Iterable[Episode], who: range) -> list[Seizure]:
    return [
        Seizure(who.index(each.device), each.onset_s, each.end_s)
        for each in begun
        if each.kind == SEIZURE.name and each.device in who
    ]
