"""Counting alarms, worked out by hand: who had how many, for how long, and per day."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import AtLeast, Held, Pattern
from tests.streams import Message, message, write_lines
from workbench.burden_counts import Burden, Episode, burden, episode
from workbench.burden_report import cautions, number, report, top_tenth
from workbench.burden_variants import Change, batches, limit, step, variants
from workbench.stays import Stay, days_tried, stays
from workbench.try_patterns import read

PATTERN = {pattern.name: pattern for pattern in CATALOGUE}
DESATURATION = PATTERN["desaturation"]
HYPOTENSION = PATTERN["hypotension"]


def stay(patient: str, days: float = 1.0, every_s: int = 1, **signs_s: int) -> Stay:
    signs = signs_s or {"spo2_pct": 1}
    return Stay(
        patient=patient,
        days=days,
        interval_ms=every_s * 1000,
        signs_ms={name: each_s * 1000 for name, each_s in signs.items()},
    )


def alarm(
    patient: str, lasts_s: float | None = 60, pattern: str = "desaturation"
) -> Episode:
    return Episode(
        pattern=pattern,
        patient=patient,
        started_ms=0,
        found_ms=30_000,
        ended_ms=None if lasts_s is None else round(lasts_s * 1000),
    )


def counted(*found: Episode, of: int = 10, days: float = 1.0) -> Burden:
    watched = [stay(f"p{n}", days) for n in range(of)]
    return burden([DESATURATION], watched, found)


def test_a_rate_is_alarms_by_patient_days() -> None:
    [rate] = counted(alarm("p0"), alarm("p0"), alarm("p1"), days=0.5).by_pattern
    assert (rate.alarms, rate.patients, rate.days, rate.per_day) == (3, 2, 5.0, 0.6)


@pytest.mark.parametrize(
    ("lasts_s", "brief", "ongoing"),
    [(59.999, 1, 0), (60, 0, 0), (None, 0, 1)],
)
def test_brief_is_counted_from_when_it_was_found(
    lasts_s: float | None, brief: int, ongoing: int
) -> None:
    [rate] = counted(alarm("p0", lasts_s)).by_pattern
    assert (rate.brief, rate.ongoing) == (brief, ongoing)


def test_an_alarm_was_found_when_it_was_first_said() -> None:
    match = {
        "match_id": "a",
        "pattern_name": "desaturation",
        "patient_id": "p",
        "started_ms": 0,
        "ended_ms": 40_000,
        "ts_ms": 41_000,
    }
    assert episode(match, {"a": 30_000}).found_ms == 30_000


def test_the_top_tenth_counts_patients_without_alarms_too() -> None:
    many = [alarm("p3")] * 6
    found = counted(*many, alarm("p1"), alarm("p2"), of=11)
    assert (found.top_tenth, found.top_tenth_share) == (2, 7 / 8)
    assert [(load.patient, load.alarms) for load in found.loads[:3]] == [
        ("p3", 6),
        ("p1", 1),
        ("p2", 1),
    ]
    assert "the top tenth, 2 patients make 88% of all alarms" in top_tenth(found)


def test_no_alarms_are_no_share() -> None:
    found = counted()
    assert found.top_tenth_share is None
    assert found.by_pattern[0].per_day == 0
    assert top_tenth(found) == "no alarms"


def test_severities_have_the_alarms_of_their_patterns() -> None:
    watched = [stay("p", 2.0, spo2_pct=1, respiratory_rate_per_min=1)]
    found = [alarm("p"), alarm("p", pattern="tachypnoea"), alarm("p")]
    counts = burden([DESATURATION, PATTERN["tachypnoea"]], watched, found)
    rates = {rate.name: (rate.alarms, rate.per_day) for rate in counts.by_severity}
    assert rates == {"high": (2, 1.0), "medium": (1, 0.5), "low": (0, 0.0)}


def test_days_are_those_on_which_a_pattern_can_say_something() -> None:
    watched = [
        stay("often", 1.0, 10),
        stay("seldom", 2.0, 11),
        stay("blind", 4.0, 10, heart_rate_bpm=10),
    ]
    assert days_tried(DESATURATION, watched) == 1.0


def test_a_stay_is_told_by_its_readings(tmp_path: Path) -> None:
    messages: list[Message] = [
        message(t, patient, spo2_pct=97.0, systolic_mmhg=120.0 if t % 30 == 0 else None)
        for t in range(120)
        for patient in ("a", "b")
        if patient == "a" or t < 60
    ]
    [a, b] = stays(read([write_lines(messages, tmp_path / "two.jsonl")]))
    assert (a.patient, round(a.days * 86_400)) == ("a", 120)
    assert (b.patient, round(b.days * 86_400)) == ("b", 60)
    assert a.signs_ms == {"spo2_pct": 1000, "systolic_mmhg": 30_000}


def test_neighbours_are_told_beside_their_pattern() -> None:
    neighbours = variants(DESATURATION)
    found = [
        alarm("p"),
        *[alarm("p", pattern="desaturation@hold=15")] * 3,
        *[alarm("p", pattern="desaturation@limit=92")] * 5,
    ]
    counts = burden([DESATURATION], [stay("p", 0.5)], found, neighbours)
    assert counts.alarms == 1
    [question] = counts.what_if
    assert (question.now, question.per_day) == ("< 90, 30 s", 2.0)
    assert [(n.change, n.value, n.per_day) for n in question.neighbours] == [
        (Change.HALF_HOLD, "15 s", 6.0),
        (Change.TWICE_HOLD, "60 s", 0.0),
        (Change.MILDER, "< 88", 0.0),
        (Change.STRICTER, "< 92", 10.0),
    ]


@pytest.mark.parametrize(
    ("name", "milder", "stricter"),
    [
        ("sustained_tachycardia", "≥ 136", "≥ 126"),
        ("sustained_bradycardia", "≤ 35", "≤ 45"),
        ("implausible_value", "≥ 2", None),
        ("pulse_loss", None, "≤ 1"),
    ],
)
def test_a_milder_limit_finds_less(
    name: str, milder: str | None, stricter: str | None
) -> None:
    values = {each.change: each.value for each in variants(PATTERN[name])}
    assert values.get(Change.MILDER) == milder
    assert values.get(Change.STRICTER) == stricter


def test_a_step_is_a_round_part_of_what_the_sign_can_be() -> None:
    assert step("heart_rate_bpm") == 5
    assert step("systolic_mmhg") == 10
    assert step("spo2_pct") == 2
    assert step("implausible_values") == 1
    assert limit(AtLeast(38.5)) == "≥ 38.5"


def test_a_pattern_without_hold_or_condition_has_no_neighbours() -> None:
    assert variants(PATTERN["silent_sensor"]) == []


def test_batches_take_no_more_rules_than_one_run_can() -> None:
    twice = PATTERN["hypoxia_then_bradycardia"]
    patterns: list[Pattern] = [DESATURATION, twice, DESATURATION, DESATURATION]
    assert [len(batch) for batch in batches(patterns, 3)] == [2, 2]
    assert [len(batch) for batch in batches(patterns, 4)] == [3, 1]


def test_a_hold_that_readings_cannot_show_is_told() -> None:
    hourly = [stay("p", 10.0, 3600, systolic_mmhg=3600)]
    found = burden([HYPOTENSION], hourly, [alarm("p", pattern="hypotension")] * 20)
    told = " ".join(cautions(found, [HYPOTENSION], hourly))
    assert (
        "values up to 1:00:00 apart cannot show the hold of hypotension (60 s)" in told
    )
    assert "how long an alarm lasts is known as exactly as values come" in told
    assert "few data" not in told


def test_a_sign_that_comes_more_seldom_than_readings_counts_by_its_own_pace() -> None:
    cuff = [stay("p", 10.0, 1, systolic_mmhg=300)]
    [*_, told, _] = cautions(counted(), [HYPOTENSION], cuff)
    assert "values up to 0:05:00 apart" in told


def test_where_readings_show_a_hold_there_is_nothing_to_warn_of() -> None:
    watched = [stay("p", 10.0)]
    found = burden([DESATURATION], watched, [alarm("p")] * 10)
    [how_to_read] = cautions(found, [DESATURATION], watched)
    assert how_to_read.startswith("a day is a patient watched")


def test_few_data_are_told() -> None:
    found = burden([DESATURATION], [stay("p", 0.25)], [alarm("p")] * 50)
    [_, few] = cautions(found, [DESATURATION], [stay("p", 0.25)])
    assert "one alarm more or less is 4 a day" in few


def test_an_unknown_rate_is_no_zero() -> None:
    assert [number(each) for each in (None, 0.0, 0.123, 2.55, 1234.5)] == [
        *("-", "0", "0.12", "2.5", "1,234")
    ]


def test_a_new_shape_with_a_hold_and_a_condition_has_neighbours() -> None:
    assert isinstance(DESATURATION, Held)
    few = replace(DESATURATION, own_limit=None, condition=AtLeast(5))
    other = replace(few, name="other", hold_s=1)
    assert [each.pattern.name for each in variants(other)] == [
        "other@hold=2",
        "other@limit=7",
        "other@limit=3",
    ]


def test_a_neighbours_limit_is_that_of_every_patient() -> None:
    """A patient's own limit would bound it, and readings beyond be left out unseen."""
    others = [each.pattern for each in variants(DESATURATION) if "limit" in each.change]
    assert len(others) == 2
    assert [getattr(each, "own_limit", "") for each in others] == [None, None]


def test_the_report_has_every_table() -> None:
    neighbours = variants(DESATURATION)
    counts = burden([DESATURATION], [stay("p")], [alarm("p")], neighbours)
    console = Console(width=110, file=io.StringIO(), record=True)
    console.print(report(counts))
    text = console.export_text()
    for part in ("alarms: 1, that is 1 a patient-day", "busiest", "what if", "< 88: 0"):
        assert part in text
