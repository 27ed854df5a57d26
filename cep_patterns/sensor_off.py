"""Sensor off: a device reports a zero that says "not on the patient", held for 5 s.

Why      0 % oxygen saturation says "probe off", a heart rate of 0 beside a
         living pulse says "lead off". Such a zero is no patient's number and
         raises no patient's alarm; but while it lasts, nobody watches that
         vital sign.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over. ``observed`` is the number of sensors that are off.
Ignores  Single zeros, which stand in the topic ``rejected`` and beside the
         reading in the database all the same; a heart rate or a breathing rate
         of 0 with a good signal and nothing that contradicts it (``pulse_loss``
         and ``apnoea`` report those).
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

SENSORS = 1
HOLD_S = 5
GAP_S = 10

PATTERN = Held(
    name="sensor_off",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="sensors_off",
    condition=AtLeast(SENSORS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
