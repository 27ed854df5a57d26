"""What can go wrong with a device, as data: from its onset to the failure, and after.

A fault moves some of the device's quantities away from where they are in a sound
device. How far along it is goes from 0 at its onset to 1 at the failure, and stays
there until somebody repairs it.

The source says what goes wrong, and how. Where it has no numbers (from how long to how
long it lasts, how far it goes, when it is repaired) they are our choice: slow enough
that somebody could act, and different enough from one another to be told apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S
Range = tuple[float, float]

QUANTITIES: Final = (
    "drain_share",
    "contact_loss_pct",
    "restarts_per_day",
    "spo2_offset_pct",
    "clock_error_s",
    "frozen_share",
    "probe_offs_per_h",
    "doubled_share",
    "corrupt_share",
    "held_up_s",
    "away_share",
    "neglected_share",
)
"""What a fault may add to; nothing of each in a sound device.

Drain as a share of the sound drain; ``away`` is a radio that is gone, ``neglected`` a
calibration that nobody does.
"""

SIGNED: Final = ("spo2_offset_pct", "clock_error_s")
"""Quantities that go either way, by chance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fault:
    """One kind of fault.

    ``lasts_s`` is the time from onset to failure, ``fails`` what that failure is;
    0 where the onset is the failure. ``repaired_s`` is how long it stays failed.
    ``effects`` are what is added at the failure, mild to grave; before, it is that
    times (how far along) ** ``power``. ``serviced``: it is repaired in the workshop,
    where the device is tested and calibrated, too (IEC 62353).
    """

    name: str
    source: str
    fails: str
    lasts_s: Range
    repaired_s: Range
    effects: Mapping[str, Range]
    power: float = 1.0
    serviced: bool = True


WEAK_CELL: Final = Fault(
    name="weak_cell",
    source="Cells age, and lose capacity: Vetter, J. et al. (2005). Ageing mechanisms "
    "in lithium-ion batteries. Journal of Power Sources 147: 269-281. Some do so "
    "rapidly from a knee on: Attia, P. M. et al. (2022). 'Knees' in lithium-ion "
    "battery aging trajectories. arXiv:2201.02891. That it takes days is our choice.",
    fails="a full battery no longer lasts a shift of twelve hours",
    lasts_s=(6 * DAY_S, 20 * DAY_S),
    repaired_s=(0.5 * DAY_S, 2 * DAY_S),
    effects={"drain_share": (1.2, 2.5)},
    power=1.5,
)
DRY_ELECTRODES: Final = Fault(
    name="dry_electrodes",
    source="A dry electrode that was just put on has more artefact from motion than a "
    "wet one: Searle, A., Kirkup, L. (2000). A direct comparison of wet, dry and "
    "insulating bioelectric recording electrodes. Physiological Measurement 21(2): "
    "271-283. Later theirs had less. That gel dries within days, and contact is worse "
    "each day, is our choice.",
    fails="the signal is lost in noise",
    lasts_s=(3.5 * DAY_S, 7 * DAY_S),
    repaired_s=(4 * HOUR_S, DAY_S),
    effects={"contact_loss_pct": (50.0, 75.0)},
    serviced=False,
)
LOOSE_SUPPLY: Final = Fault(
    name="loose_supply",
    source="A loose contact opens more and more often: times between failures shrink. "
    "Ascher, H., Feingold, H. (1984). Repairable Systems Reliability. Marcel Dekker.",
    fails="it restarts for ever",
    lasts_s=(5 * DAY_S, 14 * DAY_S),
    repaired_s=(0.2 * DAY_S, DAY_S),
    effects={"restarts_per_day": (10.0, 30.0)},
    power=2.0,
)
AGEING_EMITTER: Final = Fault(
    name="ageing_emitter",
    source="The diodes of every fifth sensor in use had other wavelengths than they "
    "should, enough to be wrong by more than 4 %: Milner, Q. J. W., Mathews, G. R. "
    "(2012). An assessment of the accuracy of pulse oximeters. Anaesthesia 67(4): "
    "396-401. ISO 80601-2-61 allows 4 % (root mean square). That they get there by "
    "ageing, within weeks, is our choice.",
    fails="it is wrong by more than its standard allows",
    lasts_s=(9 * DAY_S, 25 * DAY_S),
    repaired_s=(DAY_S, 4 * DAY_S),
    effects={"spo2_offset_pct": (4.0, 6.0)},
)
NEGLECTED_CALIBRATION: Final = Fault(
    name="neglected_calibration",
    source="Recurrent tests are done at the maker's interval, if they are. IEC "
    "62353:2014. How soon a neglected device leaves its tolerance is our choice.",
    fails="it leaves its tolerance",
    lasts_s=(40 * DAY_S, 80 * DAY_S),
    repaired_s=(DAY_S, 5 * DAY_S),
    effects={"neglected_share": (1.0, 1.0), "spo2_offset_pct": (1.0, 2.0)},
    power=3.0,
)
HANGING_FIRMWARE: Final = Fault(
    name="hanging_firmware",
    source="Devices are recalled for faults of their software: Wallace, D. R., Kuhn, "
    "D. R. (2001). Failure modes in medical device software: an analysis of 15 years "
    "of recall data. IJRQSE 8(4): 351-371. That a leak or a race holds the measuring "
    "task up, shortly at first, is our choice.",
    fails="it repeats its last values for good",
    lasts_s=(6 * HOUR_S, 4 * DAY_S),
    repaired_s=(HOUR_S, 12 * HOUR_S),
    effects={"frozen_share": (0.8, 1.0)},
    power=1.5,
    serviced=False,
)
FREE_CLOCK: Final = Fault(
    name="free_clock",
    source="A clock that is set over a network is taken to run at most 15 millionths "
    "fast or slow: Mills, D. L. et al. (2010). RFC 5905. That a quartz that is no "
    "longer set runs 5 to 50 is our choice: a second in six hours to two days.",
    fails="it is a second off: IHE Consistent Time asks for less, in the median",
    lasts_s=(6 * HOUR_S, 2.3 * DAY_S),
    repaired_s=(2 * HOUR_S, 2 * DAY_S),
    effects={"clock_error_s": (1.0, 1.0)},
    serviced=False,
)
CLOCK_JUMP: Final = Fault(
    name="clock_jump",
    source="Set by hand, or to the wrong zone or summer time: at once, by anything. "
    "By how much is our choice: seconds to an hour.",
    fails="the clock is wrong",
    lasts_s=(0.0, 0.0),
    repaired_s=(2 * HOUR_S, DAY_S),
    effects={"clock_error_s": (2.0, HOUR_S)},
    serviced=False,
)
LOOSE_PROBE: Final = Fault(
    name="loose_probe",
    source="Alarms that come again and again are no longer heard: Cvach, M. (2012). "
    "Monitor alarm fatigue: an integrative review. Biomed. Instrum. Technol. 46(4): "
    "268-277. That a worn clip or damp tape is off, put back, and off again, is our "
    "choice.",
    fails="it no longer stays on",
    lasts_s=(4 * HOUR_S, 2 * DAY_S),
    repaired_s=(0.5 * HOUR_S, 6 * HOUR_S),
    effects={"probe_offs_per_h": (12.0, 25.0)},
    power=1.5,
    serviced=False,
)
RADIO_AWAY: Final = Fault(
    name="radio_away",
    source="Out of reach of any access point, in a lift or a shielded room: what is "
    "measured is kept, and sent when the radio is back. For how long is our choice.",
    fails="nothing is sent",
    lasts_s=(0.0, 0.0),
    repaired_s=(120.0, 3 * HOUR_S),
    effects={"away_share": (1.0, 1.0)},
    serviced=False,
)
POOR_RADIO: Final = Fault(
    name="poor_radio",
    source="What is not acknowledged in time is sent again: held up, and out of order. "
    "IEEE 802.11-2020, 10.3 (retransmission). A receiver drops what comes twice there; "
    "that the device itself sends again, and both arrive, is our choice.",
    fails="every other message comes twice",
    lasts_s=(600.0, DAY_S),
    repaired_s=(600.0, 6 * HOUR_S),
    effects={"doubled_share": (0.2, 0.5), "held_up_s": (1.0, 10.0)},
    serviced=False,
)
BAD_MEMORY: Final = Fault(
    name="bad_memory",
    source="Bits of a buffer are wrong, most of them for good: what is sent is no "
    "message any more. Schroeder, B. et al. (2009). DRAM errors in the wild: a "
    "large-scale field study. SIGMETRICS 37(1): 193-204.",
    fails="every fifth message cannot be read",
    lasts_s=(HOUR_S, 3 * DAY_S),
    repaired_s=(600.0, 6 * HOUR_S),
    effects={"corrupt_share": (0.1, 0.3)},
    power=2.0,
)

FAULTS: Final = (
    WEAK_CELL,
    DRY_ELECTRODES,
    LOOSE_SUPPLY,
    AGEING_EMITTER,
    NEGLECTED_CALIBRATION,
    HANGING_FIRMWARE,
    FREE_CLOCK,
    CLOCK_JUMP,
    LOOSE_PROBE,
    RADIO_AWAY,
    POOR_RADIO,
    BAD_MEMORY,
)
"""Every fault there is."""
