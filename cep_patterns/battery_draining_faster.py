"""Battery draining faster: by some per cent more each day, for a week.

Why      A battery wears slowly; one that lasts visibly less each day has a cell that
         fails, and will be empty in the middle of a shift or of a transport.
Matches  Once per episode, when the slope of the drain over the last week has
         been at RISE_PCT_PER_DAY of the mean drain or more for HOLD_S; once more when
         it is not. ``observed`` is that slope, in per cent a day.
Ignores  Hours at the mains or with a restart, of which no drain is known; devices
         with fewer than five known days in the week; a battery that drains fast,
         but no faster than before.
Source   Vetter, J. et al. (2005). Ageing mechanisms in lithium-ion batteries. Journal
         of Power Sources 147: 269-281: sound cells lose a fifth in hundreds of cycles.
         The limit is our choice, from simulated devices (make bench-devices).
"""

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

RISE_PCT_PER_DAY = 5
HOLD_S = 6 * 3600
GAP_S = 24 * 3600

PATTERN = Held(
    name="battery_draining_faster",
    severity=Severity.MEDIUM,
    kind=Kind.TECHNICAL,
    signal="battery_drain_rise_pct_per_day",
    condition=AtLeast(RISE_PCT_PER_DAY),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
