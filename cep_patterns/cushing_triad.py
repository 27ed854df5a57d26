"""Cushing-like triad: pressure up, heart slow, breathing slow, for 2 min.

Why      When the pressure inside the skull rises, the brain drives the blood
         pressure up, and the heart and the breathing slow down. It is a late
         sign, and minutes count.
Matches  Once per episode, when all three have held for HOLD_S; once more when
         one of them has gone. ``observed`` is the pressure.
Ignores  Irregular breathing and a wide pulse pressure, which belong to the
         triad and are not looked at; a heart slowed by drugs or a pacemaker in
         a patient with high pressure and slow breathing looks the same.
Source   Cushing, H. (1901). Concerning a definite regulatory mechanism of the
         vaso-motor centre which controls blood pressure during cerebral
         compression. Bull Johns Hopkins Hosp 12: 290-292 (the triad); the
         limits are our choice.
"""

from cep_patterns.pattern import AtLeast, AtMost, Held, Met, Severity

SYSTOLIC_MMHG = 160
HEART_RATE_BPM = 60
RESPIRATORY_RATE_PER_MIN = 10
HOLD_S = 120
GAP_S = 180

PATTERN = Held(
    name="cushing_triad",
    severity=Severity.HIGH,
    signal="known_systolic_mmhg",
    condition=AtLeast(SYSTOLIC_MMHG),
    also=(
        Met(signal="known_heart_rate_bpm", condition=AtMost(HEART_RATE_BPM)),
        Met(
            signal="known_respiratory_rate_per_min",
            condition=AtMost(RESPIRATORY_RATE_PER_MIN),
        ),
    ),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
