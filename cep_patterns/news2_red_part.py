"""NEWS2 red part: a single sign at 3 points.

Why      One sign far from normal may be all there is to see of a patient who
         gets worse; the chart calls for an urgent ward-based response.
Matches  Once per episode, when the part has stayed there for a minute; once more
         when it is lower. It goes on while the score is 5 or more: one that moves
         between 4 and 5 is not left without an answer.
Ignores  A part that only may be 3, because it is missing; SpO2 scale 2.
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Charts 1, 2 and 4.
"""

from cep_patterns.pattern import AtLeast, Held, Severity

POINTS = 3
HOLD_S = 60
GAP_S = 180

PATTERN = Held(
    name="news2_red_part",
    severity=Severity.LOW,
    signal="news2_reddest_part",
    condition=AtLeast(POINTS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
