"""Tachypnoea: 25 breaths a minute or more, held for 30 s.

Why      Fast breathing is the earliest and most often overlooked sign of a
         patient who gets worse. From 25 /min on, NEWS2 gives it its top score
         of 3.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over.
Ignores  Runs cut by a slower reading or by more than GAP_S without a rate;
         breathing during exercise, where a fast rate is an answer and no
         trouble; rates of 70 /min and more (``implausible_value`` reports it).
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Chart 1. Cretikos M. A. et al. (2008).
         Respiratory rate: the neglected vital sign. MJA 188(11): 657-659.
"""

from cep_patterns.pattern import Adjustable, AtLeast, Held, Severity

RESPIRATORY_RATE_PER_MIN = 25
HOLD_S = 30
GAP_S = 10

PATTERN = Held(
    name="tachypnoea",
    severity=Severity.MEDIUM,
    signal="respiratory_rate_per_min",
    condition=AtLeast(RESPIRATORY_RATE_PER_MIN),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=23, widest=35),
    not_during=("exercise",),
)
