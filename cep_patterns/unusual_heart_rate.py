"""Unusual heart rate: far from what is usual for this patient at this hour.

Why      A rate of 95 /min is within every limit, and news in a patient who has
         slept at 55 for a week.
Matches  Once per episode, when the rate has been for HOLD_S at least SPREADS
         robust standard deviations away from the patient's own median of that
         hour of the day; once more when it is nearer. ``observed`` is how many.
Ignores  Patients without a learned baseline; exercise. Spreads below 3 /min
         count as 3 /min, or the steadiest hearts would alarm most.
Source   Baselines: median and scaled median absolute deviation, see
         jobs/baselines.py. Six of them for ten minutes are our choice.
"""

from cep_patterns.pattern import AtLeast, Held, Severity

SPREADS = 6
HOLD_S = 600
GAP_S = 180

PATTERN = Held(
    name="unusual_heart_rate",
    severity=Severity.LOW,
    signal="heart_rate_deviation",
    condition=AtLeast(SPREADS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    not_during=("exercise",),
)
