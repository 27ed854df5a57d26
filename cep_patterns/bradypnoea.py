"""Bradypnoea: 8 breaths a minute or fewer, held for 30 s.

Why      Breathing this slow does not clear carbon dioxide. It is how opioids
         and sedatives harm, often long before the saturation falls in a
         patient on oxygen. At 8 /min NEWS2 gives its top score of 3.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over.
Ignores  Runs cut by a faster reading or by more than GAP_S without a rate; a
         rate of 0 (``apnoea`` and ``sensor_off`` tell those apart).
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Chart 1.
"""

from cep_patterns.pattern import Adjustable, AtMost, Held, Severity

RESPIRATORY_RATE_PER_MIN = 8
HOLD_S = 30
GAP_S = 10

PATTERN = Held(
    name="bradypnoea",
    severity=Severity.HIGH,
    signal="respiratory_rate_per_min",
    condition=AtMost(RESPIRATORY_RATE_PER_MIN),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=10, widest=6),
)
