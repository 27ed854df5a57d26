"""Promises every pattern keeps, present and future."""

import importlib

import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Held, Pattern
from jobs.detect_patterns import rules
from jobs.signals import SIGNALS
from jobs.thinning import MOST_PATTERNS
from producers.contract import MATCHES, VITALS

[ACTIVITY] = [column for column in VITALS.columns if column.name == "activity"]

every_pattern = pytest.mark.parametrize("pattern", CATALOGUE, ids=lambda p: p.name)


def test_names_are_unique() -> None:
    names = [pattern.name for pattern in CATALOGUE]
    assert len(names) == len(set(names))


def test_there_is_a_bit_for_each_pattern() -> None:
    assert len(rules(CATALOGUE)) <= MOST_PATTERNS


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


@pytest.mark.parametrize("rule", rules(CATALOGUE), ids=lambda rule: rule.name)
def test_a_condition_is_on_a_signal_that_exists(rule: Held) -> None:
    assert rule.signal in SIGNALS
    assert set(rule.not_during) <= set(ACTIVITY.one_of)
    assert rule.gap_s > 0
