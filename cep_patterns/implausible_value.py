"""Implausible value: a device reports what no patient can have, held for 5 s.

Why      A heart rate of 612 /min says "broken". Such a value is no patient's
         number and raises no patient's alarm; but while it lasts, nobody
         watches that vital sign. Of a signal quality of 140 %, ``pulse_loss`` and
         ``apnoea`` do not know whether a zero is the patient's.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over. ``observed`` is the number of such values.
Ignores  Single bad readings, which stand in the topic ``rejected`` and beside
         the reading in the database all the same; zeros that say "not on the
         patient" (``sensor_off`` reports it), and numbers whose likely meaning is
         known (``value_misread``, ``pressure_in_kpa``). Values of the wrong type (a
         text where a number belongs) are found in ``rejected`` only, where there are
         numbers beside them (else ``readings_empty``).
Source   Plausible ranges: producers/contract/. IEC 60601-1-8:2006+A2:2020,
         technical alarm conditions.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

IMPLAUSIBLE_VALUES = 1
HOLD_S = 5
GAP_S = 10

PATTERN = Held(
    name="implausible_value",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="implausible_values",
    condition=AtLeast(IMPLAUSIBLE_VALUES),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
