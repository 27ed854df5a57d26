"""Desaturation burden: how deep and how long below 90 %, in point-seconds.

Why      A limit alone is too quick for shallow dips and too slow for deep ones.
         Depth times duration weighs them alike: 50 is 5 points for 10 s or 10
         points for 5 s. Many short dips in a row add up to neither, and are
         caught by counting.
Matches  Once per episode, with the reading that brings the burden to INDEX, or
         that is the third within 60 s to fall below the limit; once more when
         the saturation is well above the limit again. ``observed`` is the
         burden.
Ignores  A single low reading between good ones, however low; a saturation of 0,
         which says that the probe is off; what is lost while nothing is
         measured. A reading counts for one second, so a slower device is
         underrated.
Source   Nellcor SatSeconds alarm management (Covidien): the product of points
         and seconds, indices of 10 to 100, three violations in 60 s. How fast
         the burden decays is not published; here it loses above the limit what
         it would gain below, at most DECAY_MOST a second.
"""

from cep_patterns.pattern import Burden, Severity

SPO2_PCT = 90
INDEX = 50
DECAY_MOST = 3
VIOLATIONS = 3
WITHIN_S = 60
GAP_S = 10

PATTERN = Burden(
    name="desaturation_burden",
    severity=Severity.HIGH,
    signal="spo2_pct",
    limit=SPO2_PCT,
    index=INDEX,
    decay_most=DECAY_MOST,
    violations=VIOLATIONS,
    within_s=WITHIN_S,
    gap_s=GAP_S,
)
