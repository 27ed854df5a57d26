"""What is used of each message in the table of cases, as Python readers see it."""

from collections import Counter

import pytest

from producers.validation import verdict
from tests.cases_on_the_wire import ARRIVED_MS, CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_of_a_message_that(case: Case) -> None:
    message, reasons = verdict(case.topic, case.payload, ARRIVED_MS)
    assert message == case.usable
    assert len(reasons) == len(case.reasons), reasons
    for reason, begins in zip(reasons, case.reasons, strict=True):
        assert reason.startswith(begins)


def test_no_two_cases_have_one_name() -> None:
    assert max(Counter(case.name for case in CASES).values()) == 1


def test_what_is_not_used_whole_is_always_reported() -> None:
    for case in CASES:
        assert case.usable is not None or case.reasons, case.name
