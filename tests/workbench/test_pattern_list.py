"""The page that lists the patterns is the page that the patterns write."""

from pathlib import Path

import pytest

from cep_patterns.catalogue import CATALOGUE
from workbench.pattern_list import (
    PAGE,
    condition,
    holds_for,
    job,
    length,
    main,
    page,
    severity,
    summary,
)

BY_NAME = {pattern.name: pattern for pattern in CATALOGUE}


def test_the_committed_page_is_current() -> None:
    committed = PAGE.read_text(encoding="utf-8")
    assert committed == page(CATALOGUE), "run: python -m workbench.pattern_list"


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    main(tmp_path / "catalogue.md")
    assert (tmp_path / "catalogue.md").read_text(encoding="utf-8") == page(CATALOGUE)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_pattern_has_a_line(name: str) -> None:
    assert f"\n| [`{name}`](../cep_patterns/{name}.py) |" in page(CATALOGUE)


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("desaturation", "detect_patterns"),
        ("desaturation_burden", "detect_patterns"),
        ("frozen_value", "detect_patterns"),
        ("silent_sensor", "detect_patterns"),
        ("news2_high", "score_patients"),
        ("seizure_suspected", "score_eeg"),
        ("clock_drifting", "watch_devices"),
    ],
)
def test_a_pattern_is_listed_with_the_job_that_finds_it(
    name: str, found_by: str
) -> None:
    assert job(BY_NAME[name]) == found_by


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("desaturation", "`spo2_pct` < 90"),
        ("sustained_tachycardia", "`heart_rate_bpm` ≥ 131; not during exercise"),
        (
            "hypertensive_crisis",
            "`systolic_mmhg` ≥ 180; not during exercise; high: `systolic_mmhg` ≥ 220",
        ),
        ("new_fever", "`known_temperature_c` ≥ 38.1; after 1 d without"),
        ("seizure_suspected", "`seizure_power` > 0; high: for 5 min"),
        (
            "hypoxia_then_bradycardia",
            "`heart_rate_bpm` ≤ 50, begun within 1 min of `spo2_pct` < 85",
        ),
        (
            "desaturation_burden",
            "50 point-seconds of `spo2_pct` < 90, or 3 falls in 1 min",
        ),
        ("silent_sensor", "no reading of the device"),
    ],
)
def test_a_condition_is_said_in_words(name: str, said: str) -> None:
    assert condition(BY_NAME[name]) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("desaturation", "high"),
        ("hypertensive_crisis", "medium or high"),
        ("sensor_off", "low, technical"),
    ],
)
def test_severities_are_those_of_all_levels(name: str, said: str) -> None:
    assert severity(BY_NAME[name]) == said


def test_what_a_pattern_is_stands_in_its_docstring() -> None:
    said = "an oxygen saturation below 90 %, held for 30 s"
    assert summary(BY_NAME["desaturation"]) == said


def test_how_long_it_must_hold_is_a_length_or_nothing() -> None:
    names = ("desaturation", "silent_sensor", "desaturation_burden")
    assert [holds_for(BY_NAME[name]) for name in names] == ["30 s", "30 s", ""]


@pytest.mark.parametrize(
    ("seconds", "said"), [(90, "90 s"), (120, "2 min"), (7200, "2 h"), (86_400, "1 d")]
)
def test_a_length_is_said_in_the_largest_unit_that_fits(
    seconds: int, said: str
) -> None:
    assert length(seconds) == said
