"""Readings frozen: more and more readings repeat the one before.

Why      A device that hangs repeats itself, at first for minutes, later for good. Each
         repeated reading looks like a steady patient.
Matches  Once per episode, when REPEATED_PCT of an hour's readings were the same in
         every value as the one before, and again HOLD_S later; once more when they are
         not. ``observed`` is the share in the worst hour.
Ignores  The few repetitions that whole numbers bring about; devices that do not count.
Source   IEC 60601-1-8:2006+A2:2020, technical alarm conditions. The share is our
         choice, from simulated devices (make bench-devices).
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

REPEATED_PCT = 15
HOLD_S = 3600
GAP_S = 4 * 3600

PATTERN = Held(
    name="readings_frozen",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="repeated_readings_pct",
    condition=AtLeast(REPEATED_PCT),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
