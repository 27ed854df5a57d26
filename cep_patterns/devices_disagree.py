"""Devices disagree: two devices of one patient say what cannot both be true.

Why      One of them is wrong, and nothing says which. A score that believed the better
         one would say "well" of somebody who is not; so the sign counts as unknown,
         the score becomes a range, and somebody must look.
Matches  Once per episode, when the latest values of two devices within ten seconds lay
         further apart than APART allows, in any vital sign, and still do HOLD_S later;
         once more when they agree. ``observed`` is the most signs so disputed.
Ignores  Differences that two sound devices may have: there the value counts that is
         further from MIDDLE, which is the one with the more points in every chart but
         SpO2 scale 2. Devices of which one speaks more seldom than every ten seconds:
         the later value counts.
Source   SpO2: ISO 80601-2-61:2017, 201.12.1.101 (accuracy of 4 % or better). Heart
         rate: IEC 60601-2-27:2011, 201.12.1.101.15 (10 %, or 5 /min). Pressure:
         ISO 81060-2:2018 (mean error of 5, standard deviation of 8 mmHg at most).
         Breathing, temperature and the hold are our choice.
"""

from collections.abc import Mapping

from cep_patterns.pattern import AtLeast, Held, Kind, Severity

APART: Mapping[str, float] = {
    "spo2_pct": 4.0,
    "heart_rate_bpm": 10.0,
    "respiratory_rate_per_min": 5.0,
    "systolic_mmhg": 15.0,
    "temperature_c": 1.0,
}
"""How far apart two devices may be, in the unit of the sign."""

MIDDLE: Mapping[str, float] = {
    "spo2_pct": 100.0,
    "heart_rate_bpm": 70.5,
    "respiratory_rate_per_min": 16.0,
    "systolic_mmhg": 165.0,
    "temperature_c": 37.0,
}
"""The middle of what NEWS2 gives no points; nobody has too much saturation."""

SIGNS = 1
HOLD_S = 60
GAP_S = 130

PATTERN = Held(
    name="devices_disagree",
    severity=Severity.LOW,
    kind=Kind.TECHNICAL,
    signal="signs_disputed",
    condition=AtLeast(SIGNS),
    hold_s=HOLD_S,
    gap_s=GAP_S,
)
