"""Apnoea: no breath for 20 s while the sensor is in contact.

Why      Twenty seconds are the usual limit between a pause and a stop. The
         saturation answers only half a minute later, and later still on
         oxygen.
Matches  Once per episode, when the hold time completes; once more when the
         patient breathes again.
Ignores  A rate of 0 from a sensor without contact (``sensor_off`` reports it);
         readings without a signal quality, which cannot tell the two apart.
         Monitors average the rate over several breaths: what counts here is
         their report of 0, which itself may come some seconds late.
Source   American Academy of Pediatrics (2003). Apnea, sudden infant death
         syndrome, and home monitoring. Pediatrics 111(4): 914-917 (20 s).
"""

from cep_patterns.pattern import AtMost, Held, Severity

RESPIRATORY_RATE_PER_MIN = 0
HOLD_S = 20
GAP_S = 10

PATTERN = Held(
    name="apnoea",
    severity=Severity.HIGH,
    signal="breaths_in_contact_per_min",
    condition=AtMost(RESPIRATORY_RATE_PER_MIN),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
