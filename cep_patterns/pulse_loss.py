"""Pulse loss: no heartbeat for 5 s although the electrodes have a signal.

Why      Asystole, or a rhythm that the monitor cannot count: nothing is more
         urgent, and nothing is more often a loose lead. So all that the device
         knows must agree: a good signal, no beat, and no pulse at the finger.
Matches  Once per episode, when the hold time completes; once more when the
         heart beats again.
Ignores  A heart rate of 0 beside a living pulse or a living saturation, or
         with a signal that the device does not trust (``sensor_off`` reports
         both); readings without a signal quality.
Source   IEC 60601-2-27:2011, 201.12.1.101: monitors announce asystole within
         10 s. Drew B. J. et al. (2014). Insights into the problem of alarm
         fatigue. PLoS ONE 9(10): e110274 (why the pulse must agree).
"""

from cep_patterns.pattern import AtMost, Held, Severity

HEART_RATE_BPM = 0
HOLD_S = 5
GAP_S = 10

PATTERN = Held(
    name="pulse_loss",
    severity=Severity.HIGH,
    signal="beats_in_contact_bpm",
    condition=AtMost(HEART_RATE_BPM),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
