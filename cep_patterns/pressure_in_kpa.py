"""Pressure in kPa: a device sends pressures of 16 over 10 beside a normal pulse.

Why      16 kPa are 120 mmHg. Taken for mmHg such a pressure raises the gravest alarm;
         left out without a word, nobody watches the pressure.
Matches  Once per episode, when two pressures that are HOLD_S apart were so, and none
         between otherwise; once more when one is not. ``observed`` is how many of the
         two pressures.
Ignores  Pressures below 40 mmHg without a normal pulse: that may be shock, and
         ``hypotension`` reports it. Readings without a systolic pressure: cuffs measure
         every half hour.
Source   The bounds: producers/contract/vitals.py. The hold is our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

PRESSURES = 1
HOLD_S = 5
GAP_S = 3600

PATTERN = Held(
    name="pressure_in_kpa",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="pressures_in_kpa",
    condition=AtLeast(PRESSURES),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
