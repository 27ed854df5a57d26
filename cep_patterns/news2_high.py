"""NEWS2 high: a score of 7 or more.

Why      Several signs are far from normal at once. The chart calls for an
         emergency response: a team with critical-care skills, within 30 min.
Matches  Once per episode, when the score has stayed there for a minute; once
         more when it is lower. An incomplete score counts as its lowest
         possible total: whatever is missing, it is at least that.
Ignores  What only may be 7, because parts are missing; SpO2 scale 2 (a patient
         whose target is 88 to 92 % scores too high here: set a limit of
         his own).
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Charts 1, 2 and 4.
"""

from cep_patterns.pattern import Adjustable, AtLeast, Held, Severity

POINTS = 7
HOLD_S = 60
GAP_S = 180

PATTERN = Held(
    name="news2_high",
    severity=Severity.HIGH,
    signal="news2_at_least",
    condition=AtLeast(POINTS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=5, widest=9),
)
