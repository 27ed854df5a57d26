"""Patients for the tests: written by hand, or drawn from all there can be."""

from hypothesis import strategies as st

from scores.chart import Score
from scores.evaluation import Reading, Value, evaluate

WELL: dict[str, Value] = {
    "respiratory_rate_per_min": 16.0,
    "spo2_pct": 97.0,
    "on_oxygen": False,
    "systolic_mmhg": 120.0,
    "heart_rate_bpm": 70.0,
    "consciousness": "A",
    "temperature_c": 37.0,
}
"""Somebody with no points in any score."""

MAX_AGE_S = {
    "respiratory_rate_per_min": 300,
    "spo2_pct": 300,
    "heart_rate_bpm": 300,
    "systolic_mmhg": 14_400,
    "temperature_c": 14_400,
    "on_oxygen": 14_400,
    "consciousness": 14_400,
}


def fresh(**values: Value | None) -> dict[str, Reading]:
    """Return ``values`` as they came in a moment ago."""
    return {column: Reading(value, age_s=1) for column, value in values.items()}


def points(score: Score, name: str, **values: Value) -> int | None:
    """Return the points of one part when ``values`` are all there is."""
    result = evaluate(score, fresh(**values))
    return next(part.points for part in result.parts if part.name == name)


def _numbers(low: int, high: int, unit: int) -> st.SearchStrategy[int]:
    """Draw ten-thousandths from ``low`` to ``high``, often next to a half ``unit``."""
    anywhere = st.integers(low * 10_000, high * 10_000)
    whole = st.integers(low * 10_000 // unit, high * 10_000 // unit)
    beside = st.sampled_from([0, unit // 2 - 1, unit // 2, unit // 2 + 1, unit - 1])
    return anywhere | st.builds(lambda n, more: n * unit + more, whole, beside)


UNIT = dict.fromkeys(WELL, 10_000) | {"temperature_c": 1_000}
"""A chart's resolution, in ten-thousandths."""

Drawn = int | str | bool

EVERYBODY: st.SearchStrategy[dict[str, Drawn]] = st.fixed_dictionaries(
    {
        "respiratory_rate_per_min": _numbers(0, 70, 10_000),
        "spo2_pct": _numbers(70, 101, 10_000),
        "on_oxygen": st.booleans(),
        "systolic_mmhg": _numbers(0, 400, 10_000),
        "heart_rate_bpm": _numbers(0, 300, 10_000),
        "consciousness": st.sampled_from("ACVPU"),
        "temperature_c": _numbers(10, 50, 1_000),
    }
)
"""Complete patients; numbers are in ten-thousandths, so that they are exact."""


def wire(value: Drawn) -> Value:
    """Return what the wire has for a drawn value."""
    return value if isinstance(value, bool | str) else value / 10_000


def of_no_use(column: str, value: Value) -> st.SearchStrategy[Reading]:
    """Draw the ways in which a value can fail to speak for a patient."""
    beyond = st.sampled_from([0.001, 1, 1_000_000])
    too_old = beyond.map(lambda more_s: MAX_AGE_S[column] + more_s)
    return st.one_of(
        st.just(Reading(None, None)),
        st.just(Reading(None, 1)),
        st.just(Reading(value, None)),
        st.builds(Reading, st.just(value), too_old),
    )


def of_use(column: str, value: Value) -> st.SearchStrategy[Reading]:
    """Draw the ages, the oldest included, at which a value still counts."""
    ages_s = st.sampled_from([0, MAX_AGE_S[column]]) | st.integers(0, MAX_AGE_S[column])
    return st.builds(Reading, st.just(value), ages_s)
