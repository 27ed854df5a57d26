"""Promises every pattern keeps, present and future."""

import importlib

import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import (
    Above,
    AtLeast,
    Followed,
    Held,
    Met,
    Pattern,
    Rule,
    levels,
)
from jobs.conditions import mets, sign
from jobs.device_signals import DEVICE_SIGNALS
from jobs.eeg_signals import EEG_SIGNALS, FASTEST
from jobs.parts import parts
from jobs.patient_signals import PATIENT_SIGNALS
from jobs.signals import SIGNALS, SLOT_SIGNALS
from jobs.thinning import MOST_PATTERNS
from producers.contract import MATCHES, VITALS

[ACTIVITY] = [column for column in VITALS.columns if column.name == "activity"]

PARTS = parts(CATALOGUE)
RULES = (
    *PARTS.thinned_by,
    *PARTS.of_slots,
    *PARTS.of_patients,
    *PARTS.of_eeg,
    *PARTS.of_devices,
)
KNOWN = {**SIGNALS, **SLOT_SIGNALS, **PATIENT_SIGNALS, **EEG_SIGNALS, **DEVICE_SIGNALS}

every_pattern = pytest.mark.parametrize("pattern", CATALOGUE, ids=lambda p: p.name)


def test_names_are_unique() -> None:
    names = [pattern.name for pattern in CATALOGUE]
    assert len(names) == len(set(names))


def test_there_is_a_bit_for_each_pattern() -> None:
    assert len(PARTS.thinned_by) <= MOST_PATTERNS


@every_pattern
def test_module_is_named_after_its_pattern(pattern: Pattern) -> None:
    module = importlib.import_module(f"cep_patterns.{pattern.name}")
    assert module.PATTERN is pattern


@every_pattern
def test_docstring_says_why_what_and_who_says_so(pattern: Pattern) -> None:
    doc = importlib.import_module(f"cep_patterns.{pattern.name}").__doc__ or ""
    for heading in ("Why", "Matches", "Ignores", "Source"):
        assert f"\n{heading} " in doc


@every_pattern
def test_labels_are_those_of_the_contract(pattern: Pattern) -> None:
    allowed = {column.name: column.one_of for column in MATCHES.columns}
    assert pattern.severity in allowed["severity"]
    assert pattern.kind in allowed["kind"]


@every_pattern
def test_no_two_levels_have_the_same_severity(pattern: Pattern) -> None:
    if isinstance(pattern, Held | Followed):
        severities = [level.severity for level in levels(pattern)]
        assert len(severities) == len(set(severities))


@every_pattern
def test_the_usual_limit_lies_within_those_allowed(pattern: Pattern) -> None:
    if isinstance(pattern, Held) and (allowed := pattern.own_limit):
        limits = (allowed.tightest, pattern.condition.bound, allowed.widest)
        badness = [sign(pattern) * each for each in limits]
        assert badness == sorted(badness)
        assert len(set(badness)) == 3


@every_pattern
def test_calm_is_demanded_only_where_no_calm_reading_is_left_out(
    pattern: Pattern,
) -> None:
    if isinstance(pattern, Held) and pattern.calm_before_s:
        assert pattern.signal in PATIENT_SIGNALS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.signal)
def test_a_condition_is_on_a_signal_that_exists(rule: Rule) -> None:
    assert rule.signal in KNOWN
    assert set(rule.not_during) <= set(ACTIVITY.one_of)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.signal)
def test_a_run_needs_time_to_be_held_and_may_have_gaps(rule: Rule) -> None:
    if not isinstance(rule, Met):
        assert rule.hold_s > 0
        assert rule.gap_s > 0


def test_a_patients_own_limit_goes_as_far_as_somebody_has_decided() -> None:
    allowed = {
        pattern.name: (pattern.own_limit.tightest, pattern.own_limit.widest)
        for pattern in CATALOGUE
        if isinstance(pattern, Held) and pattern.own_limit
    }
    assert allowed == {
        "sustained_tachycardia": (110, 150),
        "sustained_bradycardia": (50, 30),
        "desaturation": (94, 80),
        "tachypnoea": (23, 35),
        "bradypnoea": (10, 6),
        "hypotension": (95, 70),
        "hypertensive_crisis": (160, 200),
        "high_shock_index": (0.8, 1.3),
        "new_fever": (37.8, 38.5),
        "news2_high": (5, 9),
    }


def test_a_heart_rate_beside_eeg_is_asked_to_be_fast() -> None:
    """Slow ones are left out before anybody looks at them."""
    asked = [met for rule in PARTS.of_eeg for met in mets(rule)]
    conditions = [met.condition for met in asked if met.signal == FASTEST]
    assert conditions
    assert all(isinstance(each, AtLeast | Above) for each in conditions)
