"""NEWS2 medium: a score of 5 or more.

Why      The key threshold of the chart: an urgent response, a clinician within
         an hour.
Matches  Once per episode, when the score has stayed there for a minute; once
         more when it is lower. It goes on while the score is higher: one that
         moves between 6 and 7, or below a ``news2_high`` of the patient's own, is
         not left without an answer. An incomplete score counts as its lowest
         possible total.
Ignores  What only may be 5, because parts are missing; SpO2 scale 2.
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Charts 1, 2 and 4.
"""

from cep_patterns.pattern import AtLeast, Held, Severity

POINTS = 5
HOLD_S = 60
GAP_S = 180

PATTERN = Held(
    name="news2_medium",
    severity=Severity.MEDIUM,
    signal="news2_at_least",
    condition=AtLeast(POINTS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
