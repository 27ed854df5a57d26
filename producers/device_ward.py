"""A fleet's devices beside its vital signs: what they say of themselves.

No clock and no Kafka: the same arguments give the same bytes. Every tenth patient
has a second device, an oximeter that sends no vital signs here.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from digital_twin.cohort import cohorts, devices
from digital_twin.devices.course import Setting
from digital_twin.devices.plans import Plan
from digital_twin.devices.wearing import patients
from producers.arrivals import Fleet
from producers.arrivals import devices as device_setting
from producers.damage import damaged
from producers.device_arrivals import Arrivals, Trouble, in_order, periods, until
from producers.device_wire import StatusEncoder
from producers.outgoing import Batch, Message, truth_message
from producers.wire import device_id, patient_id

SLOT_S: Final = 1.0


def with_devices(vitals: Iterable[Batch], fleet: Fleet, plan: Plan) -> Iterator[Batch]:
    """Yield ``vitals``, and between them the statuses of the fleet's devices."""
    return heapq.merge(vitals, batches(fleet, plan), key=lambda batch: batch.at_s)


def batches(fleet: Fleet, plan: Plan) -> Iterator[Batch]:
    """Yield the statuses of the fleet's devices, without end, in order of time."""
    setting = device_setting(fleet, plan)
    parts = (
        _played(cohort, devices(cohort, size).tolist(), setting, fleet.start_ms)
        for cohort, size in cohorts(fleet.devices)
        if fleet.shard.takes(cohort)
    )
    return heapq.merge(*parts, key=lambda batch: batch.at_s)


def _played(
    cohort: int, numbers: Sequence[int], setting: Setting, start_ms: int
) -> Iterator[Batch]:
    """Yield what one cohort says, cut into slots of ``SLOT_S``."""
    patient = patients(len(numbers))
    second = patient[len(numbers) :].tolist()
    encoder = StatusEncoder.of(
        [
            *map(device_id, numbers),
            *(f"oximeter-{numbers[i]:05d}" for i in second),
        ],
        [patient_id(numbers[i]) for i in patient.tolist()],
        start_ms,
    )
    slots_s = np.arange(SLOT_S, setting.period_s + SLOT_S, SLOT_S)
    waiting: list[Arrivals] = []
    for number, period in enumerate(periods(cohort, patient, setting), start=1):
        waiting = [in_order([*waiting, period.arrivals])]
        truth = [_truth(each, encoder, patient, numbers) for each in period.begun]
        for end_s in number * setting.period_s + slots_s:
            due, later = until(waiting[0], float(end_s))
            waiting = [later]
            if due.arrives_s.size or truth:
                yield Batch(float(end_s), truth=truth, statuses=_sent(due, encoder))
                truth = []


def _sent(due: Arrivals, encoder: StatusEncoder) -> list[Message]:
    messages = encoder.messages(due.said)
    values = damaged([value for _, value in messages], due.damage)
    return [(key, value) for (key, _), value in zip(messages, values, strict=True)]


def _truth(
    trouble: Trouble,
    encoder: StatusEncoder,
    patient: np.ndarray,  # type: ignore[type-arg]
    numbers: Sequence[int],
) -> Message:
    return truth_message(
        patient_id(numbers[int(patient[trouble.device])]),
        encoder.keys[trouble.device].decode(),
        trouble.fault,
        encoder.start_ms + round(trouble.onset_s * 1000.0),
        fails_ms=encoder.start_ms + round(trouble.fails_s * 1000.0),
        end_ms=encoder.start_ms + round(trouble.ends_s * 1000.0),
    )
