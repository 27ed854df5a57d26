"""The charts once more, typed from paper as questions and answers.

Independent of ``scores``: no bands, no steps. A missing value is brute force:
every value it could have is filled in, and all answers are kept.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product

Chart = Mapping[str, object]
"""Column to value, already in the chart's resolution."""

D = Decimal


def rounded(ten_thousandths: int, unit: int) -> Decimal:
    """Return the nearest multiple of ``unit``, of two the one further from zero."""
    size = (2 * abs(ten_thousandths) + unit) // (2 * unit) * unit
    return D(size if ten_thousandths >= 0 else -size) / 10_000


def respiration(chart: Chart) -> int:
    rate = chart["respiratory_rate_per_min"]
    assert isinstance(rate, Decimal)
    if rate >= 25 or rate <= 8:
        return 3
    if rate >= 21:
        return 2
    return 0 if rate >= 12 else 1


def saturation_scale_1(chart: Chart) -> int:
    spo2 = chart["spo2_pct"]
    assert isinstance(spo2, Decimal)
    if spo2 >= 96:
        return 0
    if spo2 >= 94:
        return 1
    return 2 if spo2 >= 92 else 3


def saturation_scale_2(chart: Chart) -> int:
    spo2 = chart["spo2_pct"]
    assert isinstance(spo2, Decimal)
    if spo2 < 88:
        return 1 if spo2 >= 86 else 2 if spo2 >= 84 else 3
    if spo2 < 93 or not chart["on_oxygen"]:
        return 0
    return 3 if spo2 >= 97 else 2 if spo2 >= 95 else 1


def air_or_oxygen(chart: Chart) -> int:
    return 2 if chart["on_oxygen"] else 0


def pressure(chart: Chart) -> int:
    systolic = chart["systolic_mmhg"]
    assert isinstance(systolic, Decimal)
    if systolic > 219 or systolic < 91:
        return 3
    if systolic > 110:
        return 0
    return 1 if systolic > 100 else 2


def pulse(chart: Chart) -> int:
    rate = chart["heart_rate_bpm"]
    assert isinstance(rate, Decimal)
    if rate > 130 or rate < 41:
        return 3
    if rate > 110:
        return 2
    return 0 if 50 < rate < 91 else 1


def consciousness(chart: Chart) -> int:
    return 3 if chart["consciousness"] in {"C", "V", "P", "U"} else 0


def temperature(chart: Chart) -> int:
    celsius = chart["temperature_c"]
    assert isinstance(celsius, Decimal)
    if celsius < D("35.1"):
        return 3
    if celsius < D("36.1"):
        return 1
    return 0 if celsius < D("38.1") else 1 if celsius < D("39.1") else 2


def news2(saturation: Callable[[Chart], int], chart: Chart) -> list[int]:
    vital_signs = (pressure, pulse, consciousness, temperature)
    parts = (respiration, saturation, air_or_oxygen, *vital_signs)
    return [part(chart) for part in parts]


def news2_scale_1(chart: Chart) -> list[int]:
    return news2(saturation_scale_1, chart)


def news2_scale_2(chart: Chart) -> list[int]:
    return news2(saturation_scale_2, chart)


def qsofa(chart: Chart) -> list[int]:
    rate, systolic = chart["respiratory_rate_per_min"], chart["systolic_mmhg"]
    assert isinstance(rate, Decimal)
    assert isinstance(systolic, Decimal)
    return [int(rate >= 22), int(systolic <= 100), int(chart["consciousness"] != "A")]


def sirs(chart: Chart) -> list[int]:
    celsius, beats = chart["temperature_c"], chart["heart_rate_bpm"]
    breaths = chart["respiratory_rate_per_min"]
    assert isinstance(celsius, Decimal)
    assert isinstance(beats, Decimal)
    assert isinstance(breaths, Decimal)
    feverish_or_cold = celsius > D("38.0") or celsius < D("36.0")
    return [int(feverish_or_cold), int(beats > 90), int(breaths > 20)]


def news2_risk(points: list[int]) -> str:
    if sum(points) >= 7:
        return "high"
    if sum(points) >= 5:
        return "medium"
    return "low-medium" if 3 in points else "low"


def two_or_more(points: list[int]) -> str:
    return "positive" if sum(points) >= 2 else "negative"


POSSIBLE: dict[str, list[object]] = {
    "respiratory_rate_per_min": [D(x) for x in (7, 10, 16, 21, 23, 28)],
    "spo2_pct": [D(x) for x in (80, 85, 87, 90, 92, 93, 94, 95, 96, 99)],
    "on_oxygen": [False, True],
    "systolic_mmhg": [D(x) for x in (80, 95, 105, 150, 230)],
    "heart_rate_bpm": [D(x) for x in (30, 45, 70, 100, 120, 150)],
    "consciousness": ["A", "C", "V", "P", "U"],
    "temperature_c": [D(x) for x in ("34", "35.5", "36.0", "37", "38.5", "40")],
}
"""Values of every band of every chart."""


def completions(chart: Chart) -> Iterator[dict[str, object]]:
    """Yield ``chart`` with every possible value in place of each None."""
    options = [POSSIBLE[k] if v is None else [v] for k, v in chart.items()]
    for values in product(*options):
        yield dict(zip(chart, values, strict=True))
