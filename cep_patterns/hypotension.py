"""Hypotension: a systolic pressure of 90 mmHg or less, twice in a row.

Why      A single low cuff pressure is often the cuff. Two in a row are shock
         until it is shown that they are not. At 90 mmHg NEWS2 gives its top
         score of 3.
Matches  Once per episode, with the second low measurement in a row, if they
         are HOLD_S apart or more; once more when a measurement is higher.
Ignores  A single low measurement; a second one within HOLD_S, so that a line
         that measures every second does not count a movement twice; a pair
         more than GAP_S apart.
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Chart 1.
"""

from cep_patterns.pattern import Adjustable, AtMost, Held, Severity

SYSTOLIC_MMHG = 90
HOLD_S = 60
GAP_S = 3600

PATTERN = Held(
    name="hypotension",
    severity=Severity.HIGH,
    signal="systolic_mmhg",
    condition=AtMost(SYSTOLIC_MMHG),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=95, widest=70),
)
