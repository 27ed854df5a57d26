"""Sustained bradycardia: a heart rate of 40 /min or less, held for 30 s.

Why      A heart that stays this slow may not carry the circulation. At 40 /min
         and below, NEWS2 gives the heart rate its top score of 3.
Matches  Once per episode, when the hold time completes; once more when the
         episode is over.
Ignores  Runs cut by a faster reading or by more than GAP_S without a heart
         rate; a rate of 0 (``sensor_off`` and ``pulse_loss`` tell those apart).
Source   Royal College of Physicians (2017). National Early Warning Score
         (NEWS) 2. London: RCP. Chart 1.
"""

from cep_patterns.pattern import Adjustable, AtMost, Held, Severity

HEART_RATE_BPM = 40
HOLD_S = 30
GAP_S = 10

PATTERN = Held(
    name="sustained_bradycardia",
    severity=Severity.HIGH,
    signal="heart_rate_bpm",
    condition=AtMost(HEART_RATE_BPM),
    hold_s=HOLD_S,
    gap_s=GAP_S,
    own_limit=Adjustable(tightest=50, widest=30),
)
