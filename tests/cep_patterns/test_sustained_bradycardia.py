"""The rule fires on a held rate, and on nothing that only looks like one."""

import pytest

from cep_patterns.sustained_bradycardia import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |  t | patient_id | heart_rate_bpm |
    |  0 | held       |             40 | the bound itself counts
    |  0 | lead-off   |              0 | no rate at all: no patient's number
    |  0 | near       |             41 | one above the bound
    |  0 | apart      |             35 |
    |  0 | short      |             35 |
    | 10 | held       |             33 |
    | 10 | lead-off   |              0 |
    | 10 | near       |             41 |
    | 10 | short      |             35 |
    | 11 | apart      |             35 | a new run
    | 20 | held       |             38 |
    | 20 | lead-off   |              0 |
    | 20 | near       |             41 |
    | 20 | short      |             35 |
    | 22 | apart      |             35 |
    | 29 | short      |             35 | one second missing
    | 30 | held       |             40 | 30 s after the first slow reading
    | 30 | lead-off   |              0 |
    | 30 | near       |             41 |
    | 33 | apart      |             35 |
    """)
def test_fires_once_on_a_held_rate_only(found: list[Found]) -> None:
    assert found == [("ongoing", "held", 0, None, 33)]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
