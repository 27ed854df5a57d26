"""Days of simulated devices as a file of statuses, and what was wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from digital_twin.cohort import COHORT_SIZE, cohorts
from digital_twin.devices.course import Setting
from digital_twin.devices.faults import DAY_S
from producers.device_arrivals import Arrivals, Period, in_order, periods, until
from producers.device_wire import StatusEncoder
from producers.wire import device_id, patient_id

PAIRED: Final = 2
"""Devices on each patient."""


class Trouble(NamedTuple):
    """A fault that was played, in ms since 1970."""

    device_id: str
    patient_id: str
    fault: str
    onset_ms: int
    fails_ms: int
    ends_ms: int


@dataclass(frozen=True, slots=True)
class Days:
    """What is played: ``devices`` for ``days``, from ``start_ms`` on."""

    devices: int
    days: float
    setting: Setting
    start_ms: int

    @property
    def ends_ms(self) -> int:
        """Return when it is over."""
        return self._ms(self.days * DAY_S)

    @property
    def patient_of(self) -> dict[str, str]:
        """Return each device's patient."""
        return {device_id(i): patient_id(i // PAIRED) for i in range(self.devices)}

    def write(self, file: Path) -> tuple[int, list[Trouble]]:
        """Write the statuses in order of arrival; return how many, and the truth."""
        troubles: list[Trouble] = []
        of = self.patient_of
        encoder = StatusEncoder.of([*of], [*of.values()], self.start_ms)
        played = [
            periods(cohort, np.arange(size) // PAIRED, self.setting)
            for cohort, size in cohorts(self.devices)
        ]
        waiting: list[Arrivals] = []
        written, period_s = 0, self.setting.period_s
        with file.open("wb") as lines:
            for number in range(round(self.days * DAY_S / period_s)):
                for cohort, each in enumerate(played):
                    period = next(each)
                    waiting.append(_in_fleet(period.arrivals, cohort))
                    troubles += self._troubles(period, cohort)
                due, later = until(in_order(waiting), (number + 2) * period_s)
                waiting = [later]
                lines.writelines(_lines(encoder, due))
                written += due.arrives_s.size
        return written, troubles

    def _troubles(self, period: Period, cohort: int) -> Iterator[Trouble]:
        for each in period.begun:
            number = cohort * COHORT_SIZE + each.device
            times = map(self._ms, (each.onset_s, each.fails_s, each.ends_s))
            yield Trouble(
                device_id(number), patient_id(number // PAIRED), each.fault, *times
            )

    def _ms(self, at_s: float) -> int:
        return self.start_ms + round(at_s * 1000.0)


def _in_fleet(arrivals: Arrivals, cohort: int) -> Arrivals:
    said = arrivals.said
    number = said.device + cohort * COHORT_SIZE
    return arrivals._replace(said=said._replace(device=number))


def _lines(encoder: StatusEncoder, due: Arrivals) -> Iterator[bytes]:
    arrived_ms = encoder.ms(due.arrives_s).tolist()
    for (_, value), at_ms in zip(encoder.messages(due.said), arrived_ms, strict=True):
        yield b'%s,"arrived_ms":%d}\n' % (value[:-1], at_ms)
