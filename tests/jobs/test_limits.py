"""A patient's own limit holds from its time on, within bounds, and for him alone."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from cep_patterns.catalogue import CATALOGUE
from producers.contract import LIMIT_HOLDS_MS
from tests.streams import EPOCH_MS, Message, in_time, message, seconds, write_lines

pytestmark = [pytest.mark.flink, pytest.mark.usefixtures("quick_java")]

FAST = "sustained_tachycardia"
USUAL = 131
"""Its own limit; it is found after 30 s."""


class Found(NamedTuple):
    """What a test says of a match; times are in seconds."""

    patient: str
    phase: str
    started: float | None
    ended: float | None
    limit: object


def limit(
    patient: str, value: float | None, since: float = -60, pattern: str = FAST
) -> Message:
    """Return a limit that holds from ``since`` on, in seconds."""
    ts_ms = EPOCH_MS + round(since * 1000)
    own = {"patient_id": patient, "pattern_name": pattern, "set_by": "doctor"}
    return {**own, "limit_value": value, "ts_ms": ts_ms}


def rates(patient: str, *levels: float, every_s: float = 10) -> list[Message]:
    return [
        message(i * every_s, patient, heart_rate_bpm=level)
        for i, level in enumerate(levels)
    ]


def matches(
    folder: Path, stream: Iterable[Message], limits: Sequence[Message], *names: str
) -> list[dict[str, object]]:
    from jobs.in_process import matches_in  # noqa: PLC0415 - it takes seconds

    patterns = [pattern for pattern in CATALOGUE if pattern.name in names]
    assert len(patterns) == len(names)
    path = write_lines(in_time(stream), folder / "vitals.jsonl")
    return matches_in(path, patterns, limits=limits)


def found(match: dict[str, object]) -> Found:
    return Found(
        str(match["patient_id"]),
        str(match["phase"]),
        seconds(match["started_ms"]),
        seconds(match["ended_ms"]),
        match["limit_value"],
    )


def test_a_limit_holds_from_its_own_time_on(tmp_path: Path) -> None:
    """Whenever it was said: the messages stand in the order of nothing."""
    held = [120.0] * 7
    names = ("before", "at-20", "after-20", "future", "back", "other", "stopped")
    stream = [m for name in names for m in rates(name, *held)]
    stream += rates("usual", *[USUAL] * 7)
    stream += rates("two", *[120.0] * 4, *[100.0] * 3, *[120.0] * 4)
    limits = [
        limit("back", None, since=20),
        limit("two", 125, since=65),
        limit("two", 115, since=-60),
        limit("future", 115, since=86_400),
        limit("after-20", 115, since=20.001),
        limit("at-20", 115, since=20),
        limit("before", 115),
        limit("back", 115),
        limit("stopped", 115, since=-86_400),
        limit("stopped", 140, since=-3600),
    ]
    said = sorted(map(found, matches(tmp_path, stream, limits, FAST)), key=str)
    assert said == [
        ("after-20", "ongoing", 30, None, 115),
        ("at-20", "ongoing", 20, None, 115),
        ("before", "ongoing", 0, None, 115),
        ("two", "ended", 0, 30, 115),
        ("two", "ongoing", 0, None, 115),
        ("usual", "ongoing", 0, None, USUAL),
    ]


def test_a_limit_that_changes_ends_an_episode_or_lets_it_go_on(tmp_path: Path) -> None:
    """A match names the limit that was in force when it was found, both times."""
    stream = [
        *rates("wider", *[140.0] * 7),
        *rates("tighter", *[140.0] * 6, 125, 115),
        *rates("tighter-early", *[140.0] * 6, 115),
        *rates("taken-back", *[125.0] * 7),
    ]
    limits = [
        limit("wider", 145, since=40),
        limit("tighter", 120, since=40),
        limit("tighter-early", 120, since=20),
        limit("taken-back", 120),
        limit("taken-back", None, since=40),
    ]
    said = sorted(map(found, matches(tmp_path, stream, limits, FAST)), key=str)
    assert said == [
        ("taken-back", "ended", 0, 30, 120),
        ("taken-back", "ongoing", 0, None, 120),
        ("tighter", "ended", 0, 60, USUAL),
        ("tighter", "ongoing", 0, None, USUAL),
        ("tighter-early", "ended", 0, 50, 120),
        ("tighter-early", "ongoing", 0, None, 120),
        ("wider", "ended", 0, 30, USUAL),
        ("wider", "ongoing", 0, None, USUAL),
    ]


class Case(NamedTuple):
    """A limit that is set, the one that is met, and values of which one meets it."""

    pattern: str
    sign: str
    set_to: float
    met: float
    hit: float
    calm: float


SHOCK, SLOW, BLUE = "high_shock_index", "sustained_bradycardia", "desaturation"
CASES = (
    Case(FAST, "heart_rate_bpm", set_to=120, met=120, hit=120, calm=119.9),
    Case(FAST, "heart_rate_bpm", set_to=100, met=110, hit=110, calm=109.9),
    Case(FAST, "heart_rate_bpm", set_to=200, met=150, hit=150, calm=149.9),
    Case(SLOW, "heart_rate_bpm", set_to=45, met=45, hit=45, calm=45.1),
    Case(SLOW, "heart_rate_bpm", set_to=60, met=50, hit=50, calm=50.1),
    Case(SLOW, "heart_rate_bpm", set_to=10, met=30, hit=30, calm=30.1),
    Case(BLUE, "spo2_pct", set_to=92, met=92, hit=91.9, calm=92),
    Case(BLUE, "spo2_pct", set_to=99, met=94, hit=93.9, calm=94),
    Case(BLUE, "spo2_pct", set_to=50, met=80, hit=79.9, calm=80),
    Case(SHOCK, "heart_rate_bpm", set_to=0.9, met=0.9, hit=91, calm=90),
    Case(SHOCK, "heart_rate_bpm", set_to=0.1, met=0.8, hit=81, calm=80),
    Case(SHOCK, "heart_rate_bpm", set_to=5, met=1.3, hit=131, calm=130),
)
"""A limit beyond what the pattern allows counts as the nearest that it allows."""


def _readings(case: Case, patient: str, level: float) -> list[Message]:
    """Return 30 s of readings; of the ratio, which is rounded, five minutes."""
    if case.pattern == SHOCK:
        also = {"systolic_mmhg": 100.0}
        times: tuple[int, ...] = (0, 150, 300)
    else:
        also, times = {}, (0, 10, 20, 30)
    return [message(t, patient, **{case.sign: level}, **also) for t in times]


def test_the_bound_is_met_as_the_pattern_says_and_within_what_it_allows(
    tmp_path: Path,
) -> None:
    stream, limits, expected = [message(400, "later")], [], []
    for case in CASES:
        name = f"{case.pattern}-{case.set_to}"
        stream += _readings(case, name, case.hit)
        stream += _readings(case, f"{name}-calm", case.calm)
        limits += [
            limit(each, case.set_to, pattern=case.pattern)
            for each in (name, f"{name}-calm")
        ]
        expected.append((case.pattern, name, case.met, 1))
    said = matches(tmp_path, stream, limits, FAST, SLOW, BLUE, SHOCK)
    columns = ("pattern_name", "patient_id", "limit_value", "rule_version")
    own = [m for m in said if str(m["patient_id"]).startswith(str(m["pattern_name"]))]
    assert sorted(tuple(m[c] for c in columns) for m in own) == sorted(expected)


def test_only_its_own_pattern_and_level_is_touched(tmp_path: Path) -> None:
    crisis, strange, score = "hypertensive_crisis", "implausible_value", "news2_medium"
    fever = "new_fever"

    def pressures(patient: str, level: float) -> list[Message]:
        return [message(t, patient, systolic_mmhg=level) for t in (0, 60)]

    stream = [
        *pressures("raised", 220),
        *pressures("not-raised", 219),
        *rates("fixed", *[120.0] * 7),
        *[message(t, "score", respiratory_rate_per_min=25.0) for t in (0, 60, 120)],
        *[message(t, "warm", temperature_c=38.4) for t in (0, 3600)],
        *[message(t, "warm", temperature_c=38.5) for t in (86_400, 86_700)],
        message(87_000, "later"),
    ]
    limits = [
        limit("raised", 200, pattern=crisis),
        limit("not-raised", 160, pattern=crisis),
        limit("fixed", 0, pattern=strange),
        limit("fixed", 110, pattern="no_such_pattern"),
        limit("score", 3, pattern=score),
        limit("warm", 38.5, pattern=fever),
    ]
    said = matches(tmp_path, stream, limits, FAST, crisis, strange, score, fever)
    columns = ("patient_id", "pattern_name", "severity", "limit_value")
    assert sorted(tuple(m[c] for c in columns) for m in said) == [
        ("not-raised", crisis, "medium", 160),
        ("raised", crisis, "high", 220),
        ("raised", crisis, "medium", 200),
        ("warm", fever, "low", 38.5),
    ]


def test_a_limit_that_nobody_sets_anew_is_forgotten_after_a_month(
    tmp_path: Path,
) -> None:
    month_s = LIMIT_HOLDS_MS / 1000
    stream = [m for name in ("old", "due") for m in rates(name, *[120.0] * 7)]
    limits = [
        limit("old", 115, since=-month_s),
        limit("due", 115, since=60.001 - month_s),
    ]
    said = [found(match) for match in matches(tmp_path, stream, limits, FAST)]
    assert said == [Found("due", "ongoing", 0, None, 115)]


def test_a_limit_without_a_time_is_none_and_harms_no_other(tmp_path: Path) -> None:
    stream = [m for name in ("timeless", "good") for m in rates(name, *[120.0] * 7)]
    timeless = limit("timeless", 115)
    del timeless["ts_ms"]
    said = matches(tmp_path, stream, [timeless, limit("good", 115)], FAST)
    assert [each["patient_id"] for each in said] == ["good"]
