"""What goes wrong with a fleet of devices, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from digital_twin.devices.faults import (
    AGEING_EMITTER,
    BAD_MEMORY,
    CLOCK_JUMP,
    DRY_ELECTRODES,
    FREE_CLOCK,
    HANGING_FIRMWARE,
    LOOSE_PROBE,
    LOOSE_SUPPLY,
    NEGLECTED_CALIBRATION,
    POOR_RADIO,
    RADIO_AWAY,
    WEAK_CELL,
    Fault,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often each fault begins, and how many calibrations are forgotten.

    ``per_year`` is of one sound device. ``forgotten`` is the share of those that
    come due; each of them is a ``NEGLECTED_CALIBRATION``. ``hurry`` divides the
    times of all faults, for who will not wait for days.
    """

    doc: str
    per_year: Mapping[Fault, float] = field(default_factory=dict)
    forgotten: float = 0.0
    hurry: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what calibrations alone bring about."""
        if NEGLECTED_CALIBRATION in self.per_year:
            msg = "a neglected calibration begins when one is due: use `forgotten`"
            raise ValueError(msg)


_WEAR: Final = {
    WEAK_CELL: 0.4,
    DRY_ELECTRODES: 0.4,
    LOOSE_SUPPLY: 0.4,
    AGEING_EMITTER: 0.8,
    HANGING_FIRMWARE: 0.4,
    FREE_CLOCK: 0.4,
    LOOSE_PROBE: 0.4,
}
_RADIO: Final = {RADIO_AWAY: 12.0, POOR_RADIO: 4.0}
"""How often a year; our choice: maintenance records are not public.

Rates are such that 90 days of a thousand devices have some tens of each fault, which a
detector can be judged on, and that most devices are sound most of the time.
"""

PLANS: Final[Mapping[str, Plan]] = {
    "healthy": Plan(doc="nothing ever fails"),
    "wear": Plan(
        doc="each device has some fault every few months, over days",
        per_year={**_WEAR, **_RADIO, CLOCK_JUMP: 0.1, BAD_MEMORY: 0.1},
        forgotten=0.3,
    ),
    "radio": Plan(
        doc="radios are lost, held up and doubled, a few times a day",
        per_year={RADIO_AWAY: 2000.0, POOR_RADIO: 1000.0},
        hurry=12.0,
    ),
    "hurried": Plan(
        doc="every fault a few times a day, each a hundred times faster than it is",
        per_year={
            **dict.fromkeys([*_WEAR, *_RADIO, CLOCK_JUMP, BAD_MEMORY], 200.0),
        },
        forgotten=0.3,
        hurry=100.0,
    ),
}
"""Every plan by the name the command line knows it by.

How much faster faults come and go in some of them is our choice: in minutes.
"""
