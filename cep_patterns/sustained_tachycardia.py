"""Sustained tachycardia: a heart rate of 131 /min or more, held for 30 s.

Why      A few fast beats are common and harmless; a rate that stays high is
         not. From 131 /min on, NEWS2 gives the heart rate its top score of 3.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over.
Ignores  Runs cut by a slower reading or by more than GAP_S without a heart
         rate (``silent_sensor`` reports a silence itself); rates of 300 /min
         and more, which no heart has (``implausible_value`` reports those); a
         fast rate during exercise, which is an answer and no trouble.
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Chart 1.
"""

from cep_patterns.pattern import Adjustable, AtLeast, Held, Severity

HEART_RATE_BPM = 131
HOLD_S = 30
GAP_S = 10

PATTERN = Held(
    name="sustained_tachycardia",
    severity=Severity.HIGH,
    signal="heart_rate_bpm",
    condition=AtLeast(HEART_RATE_BPM),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=110, widest=150),
    not_during=("exercise",),
)
