"""Contact falling: electrodes that hold worse each day, for three days.

Why      Gel dries and skin sweats: noise comes first, then artefacts that look like
         arrhythmia, then nothing. A new electrode is a minute's work.
Matches  Once per episode, when the contact's quality has fallen by FALL_PCT_PER_DAY or
         more over the last three days (the slope), for HOLD_S; once more when it does
         not. ``observed`` is by how much it falls a day.
Ignores  Times when a sensor is off altogether; devices with less than two known
         days of the three; poor contact that grows no worse.
Source   A contact just made has most artefact: Searle, A., Kirkup, L. (2000). A direct
         comparison of wet, dry and insulating bioelectric recording electrodes.
         Physiological Measurement 21(2): 271-283. That it worsens over days, and the
         limit, are our choice, from simulated devices (make bench-devices).
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

FALL_PCT_PER_DAY = 6
HOLD_S = 6 * 3600
GAP_S = 24 * 3600

PATTERN = Held(
    name="contact_falling",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="contact_fall_pct_per_day",
    condition=AtLeast(FALL_PCT_PER_DAY),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
