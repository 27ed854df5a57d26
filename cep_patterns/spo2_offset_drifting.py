"""SpO2 offset drifting: away from the patient's other device, over a fortnight.

Why      An oximeter that is wrong by a few per cent looks like a patient who improves,
         or who needs oxygen. No limit finds it; another device on the patient does.
Matches  Once per episode, when the gap between the hourly means of a patient's devices
         has moved by DRIFT_PCT_PER_DAY or more over the last fortnight, for HOLD_S;
         once more when it does not. ``observed`` is by how much a day. It is said of
         the device calibrated longest ago: which one is wrong, they do not say.
Ignores  Patients with one device; a gap that stays as it is; devices with less than
         ten days beside another in the fortnight. An oximeter that reads too high on a
         patient near 100 % cannot show it, nor can two that err alike.
Source   ISO 80601-2-61:2017: 4 % (root mean square) is the most that an oximeter may
         be wrong by. The limit is our choice, from simulated devices (make
         bench-devices): it is 4 % in five weeks, and four times what chance makes of
         the slope of a sound pair.
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

DRIFT_PCT_PER_DAY = 0.11
HOLD_S = 12 * 3600
GAP_S = 24 * 3600

PATTERN = Held(
    name="spo2_offset_drifting",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="spo2_gap_drift_pct_per_day",
    condition=AtLeast(DRIFT_PCT_PER_DAY),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
