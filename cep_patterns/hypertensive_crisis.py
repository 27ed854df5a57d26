"""Hypertensive crisis: 180 mmHg systolic or more, twice in a row.

Why      Pressure this high, if it stays, damages brain, heart and kidneys
         within hours; with new symptoms it is an emergency.
Matches  Once per episode, with the second high measurement in a row, if they
         are HOLD_S apart or more; once more when a measurement is lower. Once
         more again, with high severity, at 220 mmHg, where NEWS2 gives its top
         score of 3.
Ignores  A single high measurement (pain, fear, the cuff); a second one within
         HOLD_S; a pair more than GAP_S apart; pressure during exercise, which
         may reach this in health. The diastolic limit of the guideline is not
         looked at.
Source   Whelton P. K. et al. (2018). ACC/AHA guideline for high blood pressure
         in adults. Hypertension 71(6): e13-e115, section 11.2. Royal College of
         Physicians (2017). NEWS2, chart 1.
"""

from cep_patterns.pattern import Adjustable, AtLeast, Held, Raised, Severity

SYSTOLIC_MMHG = 180
EXTREME_MMHG = 220
HOLD_S = 60
GAP_S = 3600

PATTERN = Held(
    name="hypertensive_crisis",
    severity=Severity.MEDIUM,
    signal="systolic_mmhg",
    condition=AtLeast(SYSTOLIC_MMHG),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=160, widest=200),
    not_during=("exercise",),
    raised=(Raised(severity=Severity.HIGH, condition=AtLeast(EXTREME_MMHG)),),
)
