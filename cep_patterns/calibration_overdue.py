"""Calibration overdue: the last one was more than a year ago.

Why      What was not tested is not known to be right; a device past its date is to be
         taken out of use, and nobody reads the sticker.
Matches  Once per episode, when the age of the last calibration has been AGE_DAYS or
         more for HOLD_S; once more when it was calibrated. ``observed`` is the age.
Ignores  Devices that do not say when they were calibrated.
Source   IEC 62353:2014, recurrent tests at the interval that the manufacturer states;
         a year is the usual one.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

AGE_DAYS = 365
HOLD_S = 3600
GAP_S = 24 * 3600

PATTERN = Held(
    name="calibration_overdue",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="calibration_age_days",
    condition=AtLeast(AGE_DAYS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
