"""Hypoxia, then bradycardia: a heart that slows for want of oxygen.

Why      A heart short of oxygen first beats faster, then slower, then not at
         all. A saturation below 85 % and, within a minute, a rate of 50 /min or
         less is that slowing, and leaves minutes.
Matches  Once per episode of the slow rate, when its hold time completes; once
         more when it is over. The two signals may come from two devices.
Ignores  A slow rate that began before the saturation fell, or more than
         WITHIN_S after the last low one (a heart that is slow anyway); a
         saturation of 0, which says that the probe is off.
Source   Daly M. de B. et al. (1979). Cardiovascular-respiratory reflex
         interactions: bradycardia in hypoxia. Am J Physiol 235(2) (the reflex);
         the limits and times are our choice.
"""

from cep_patterns.pattern import AtMost, Below, Followed, Met, Severity

SPO2_PCT = 85
WITHIN_S = 60
HEART_RATE_BPM = 50
HOLD_S = 10
GAP_S = 10

PATTERN = Followed(
    name="hypoxia_then_bradycardia",
    severity=Severity.HIGH,
    after=Met(signal="spo2_pct", condition=Below(SPO2_PCT)),
    within_s=WITHIN_S,
    signal="heart_rate_bpm",
    condition=AtMost(HEART_RATE_BPM),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
