"""A patient's own limit holds from its time on, within bounds, and for him alone."""

from collections.abc import Iterable
from typing import NamedTuple

import pytest

from cep_patterns.catalogue import CATALOGUE
from producers.contract import LIMIT_HOLDS_MS
from tests.shared_job import Match
from tests.streams import EPOCH_MS, Message, message, seconds

PATTERN = {pattern.name: pattern for pattern in CATALOGUE}
FAST = "sustained_tachycardia"
USUAL = 131
"""Its own limit; it is found after 30 s."""

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN[FAST])]


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


def said(matches: Iterable[Match]) -> list[Found]:
    """Return what a test says of ``matches``, by patient."""
    return sorted(map(_said, matches), key=str)


def _said(match: Match) -> Found:
    return Found(
        str(match["patient_id"]),
        str(match["phase"]),
        seconds(match["started_ms"]),
        seconds(match["ended_ms"]),
        match["limit_value"],
    )


NAMES = ("before", "at-20", "after-20", "future", "back", "other", "stopped")


@pytest.mark.in_time(
    *(rates(name, *[120.0] * 7) for name in NAMES),
    rates("usual", *[USUAL] * 7),
    rates("two", *[120.0] * 4, *[100.0] * 3, *[120.0] * 4),
)
@pytest.mark.limits(
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
)
def test_a_limit_holds_from_its_own_time_on(matches: list[Match]) -> None:
    """Whenever it was said: the messages stand in the order of nothing."""
    assert said(matches) == [
        ("after-20", "ongoing", 30, None, 115),
        ("at-20", "ongoing", 20, None, 115),
        ("before", "ongoing", 0, None, 115),
        ("two", "ended", 0, 30, 115),
        ("two", "ongoing", 0, None, 115),
        ("usual", "ongoing", 0, None, USUAL),
    ]


@pytest.mark.in_time(
    rates("wider", *[140.0] * 7),
    rates("tighter", *[140.0] * 6, 125, 115),
    rates("tighter-early", *[140.0] * 6, 115),
    rates("taken-back", *[125.0] * 7),
)
@pytest.mark.limits(
    limit("wider", 145, since=40),
    limit("tighter", 120, since=40),
    limit("tighter-early", 120, since=20),
    limit("taken-back", 120),
    limit("taken-back", None, since=40),
)
def test_a_limit_that_changes_ends_an_episode_or_lets_it_go_on(
    matches: list[Match],
) -> None:
    """A match names the limit that was in force when it was found, both times."""
    assert said(matches) == [
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

    @property
    def name(self) -> str:
        """The patient who meets it; there is one more, who is calm."""
        return f"{self.pattern}-{self.set_to}"


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


@pytest.mark.pattern(*(PATTERN[name] for name in (FAST, SLOW, BLUE, SHOCK)))
@pytest.mark.in_time(
    *(_readings(case, case.name, case.hit) for case in CASES),
    *(_readings(case, f"{case.name}-calm", case.calm) for case in CASES),
    [message(400, "later")],
)
@pytest.mark.limits(
    *(limit(each.name, each.set_to, pattern=each.pattern) for each in CASES),
    *(limit(f"{each.name}-calm", each.set_to, pattern=each.pattern) for each in CASES),
)
def test_the_bound_is_met_as_the_pattern_says_and_within_what_it_allows(
    matches: list[Match],
) -> None:
    columns = ("pattern_name", "patient_id", "limit_value", "rule_version")
    own = [
        match
        for match in matches
        if str(match["patient_id"]).startswith(str(match["pattern_name"]))
    ]
    assert sorted(tuple(m[c] for c in columns) for m in own) == sorted(
        (case.pattern, case.name, case.met, 1) for case in CASES
    )


CRISIS, STRANGE, SCORE = "hypertensive_crisis", "implausible_value", "news2_medium"
FEVER = "new_fever"


def pressures(patient: str, level: float) -> list[Message]:
    return [message(t, patient, systolic_mmhg=level) for t in (0, 60)]


@pytest.mark.pattern(*(PATTERN[name] for name in (FAST, CRISIS, STRANGE, SCORE, FEVER)))
@pytest.mark.in_time(
    pressures("raised", 220),
    pressures("not-raised", 219),
    rates("fixed", *[120.0] * 7),
    [message(t, "score", respiratory_rate_per_min=25.0) for t in (0, 60, 120)],
    [message(t, "warm", temperature_c=38.4) for t in (0, 3600)],
    [message(t, "warm", temperature_c=38.5) for t in (86_400, 86_700)],
    [message(87_000, "later")],
)
@pytest.mark.limits(
    limit("raised", 200, pattern=CRISIS),
    limit("not-raised", 160, pattern=CRISIS),
    limit("fixed", 0, pattern=STRANGE),
    limit("fixed", 110, pattern="no_such_pattern"),
    limit("score", 3, pattern=SCORE),
    limit("warm", 38.5, pattern=FEVER),
)
def test_only_its_own_pattern_and_level_is_touched(matches: list[Match]) -> None:
    columns = ("patient_id", "pattern_name", "severity", "limit_value")
    assert sorted(tuple(m[c] for c in columns) for m in matches) == [
        ("not-raised", CRISIS, "medium", 160),
        ("raised", CRISIS, "high", 220),
        ("raised", CRISIS, "medium", 200),
        ("warm", FEVER, "low", 38.5),
    ]


MONTH_S = LIMIT_HOLDS_MS / 1000


@pytest.mark.in_time(rates("old", *[120.0] * 7), rates("due", *[120.0] * 7))
@pytest.mark.limits(
    limit("old", 115, since=-MONTH_S), limit("due", 115, since=60.001 - MONTH_S)
)
def test_a_limit_that_nobody_sets_anew_is_forgotten_after_a_month(
    matches: list[Match],
) -> None:
    assert said(matches) == [Found("due", "ongoing", 0, None, 115)]


TIMELESS = {name: v for name, v in limit("timeless", 115).items() if name != "ts_ms"}


@pytest.mark.in_time(rates("timeless", *[120.0] * 7), rates("good", *[120.0] * 7))
@pytest.mark.limits(TIMELESS, limit("good", 115))
def test_a_limit_without_a_time_is_none_and_harms_no_other(
    matches: list[Match],
) -> None:
    assert [each["patient_id"] for each in matches] == ["good"]
