"""Unusable value: a device reports what no patient can have, held for 5 s.

Why      0 % oxygen saturation says "probe off", a heart rate of 0 beside a
         living pulse says "lead off", 612 /min says "broken". Such a value is
         no patient's number and raises no patient's alarm; but while it lasts,
         nobody watches that vital sign.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over. ``observed`` is the number of unusable values.
Ignores  Single bad readings, which stand in the topic ``rejected`` and beside
         the reading in the database all the same. Values of the wrong type
         (a text where a number belongs) are found there only.
Source   Plausible ranges: producers/contract.py. IEC 60601-1-8:2006+A2:2020,
         technical alarm conditions.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

UNUSABLE_VALUES = 1
HOLD_S = 5
GAP_S = 10

PATTERN = Held(
    name="unusable_value",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="unusable_values",
    condition=AtLeast(UNUSABLE_VALUES),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
