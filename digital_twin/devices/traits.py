"""What does not change while a device is looked at: how it was made, and is used."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from digital_twin.cohort import Array
from digital_twin.devices.ailing import Index
from digital_twin.devices.faults import DAY_S

FIRMWARE: Final = ("3.1.0", "3.1.2", "3.2.0")
"""Versions that are in use, the oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Each array has the shape (devices,).

    ``patient`` is the number of whom it measures, in the cohort. A full battery
    lasts ``lasts_h``, and is charged from ``plugged_pct`` on. ``bias_pct`` is how far
    its saturation is off for good, within what ISO 80601-2-61 allows. Its calibration
    is due when it is ``interval_s`` old: less than the year that makers state, because
    a good workshop is ahead of the sticker. From what to what devices differ is
    otherwise our choice: batteries of a day, electrodes changed every few days.
    """

    patient: Index
    lasts_h: Array
    plugged_pct: Array
    contact_pct: Array
    contact_loss_pct_per_day: Array
    renewed_every_s: Array
    probe_offs_per_h: Array
    bias_pct: Array
    interval_s: Array
    heart_rate_bpm: Array
    spo2_pct: Array


def traits(patient: Index, rng: np.random.Generator) -> Traits:
    """Return devices on those patients (a number may be there twice), by chance.

    Patients rest: 72 (7) /min and 97.3 (0.6) % as in ``digital_twin.quantities``.
    Who has the same patient has the same level.
    """
    n, patients = patient.size, int(patient.max(initial=-1)) + 1
    rate, level = rng.standard_normal((2, patients)).clip(-2, 2)[:, patient]
    bias = rng.standard_normal(n).clip(-2, 2)
    uniform = rng.random((7, n))
    return Traits(
        patient=patient,
        lasts_h=_between(18.0, 30.0, uniform[0]),
        plugged_pct=_between(20.0, 40.0, uniform[1]),
        contact_pct=_between(88.0, 98.0, uniform[2]),
        contact_loss_pct_per_day=_between(1.0, 3.0, uniform[3]),
        renewed_every_s=_between(2.0, 4.0, uniform[4]) * DAY_S,
        probe_offs_per_h=_between(0.02, 0.15, uniform[5]),
        bias_pct=0.8 * bias,
        interval_s=_between(320.0, 350.0, uniform[6]) * DAY_S,
        heart_rate_bpm=72.0 + 7.0 * rate,
        spo2_pct=97.3 + 0.6 * level,
    )


def _between(low: float, high: float, share: Array) -> Array:
    return np.asarray(low + (high - low) * share)
