"""EEG that cannot be judged for half a minute is said to be so."""

import pytest

from cep_patterns.eeg_unusable import PATTERN
from tests.conftest import Found, Graded
from tests.streams import message

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.eeg("""
    |    t | patient_id | lost |
    |    0 | one        |    - |
    |    1 | one        |    1 | probability is missing: two of three are too few
    |   11 | one        |    2 |
    |   21 | one        |    3 |
    |   31 | one        |    2 | 30 s
    |   32 | one        |    - |
    |    1 | short      |    3 |
    |   11 | short      |    3 |
    |   21 | short      |    3 |
    | 30.9 | short      |    3 | 29.9 s
    |   31 | short      |    - |
    |    1 | cut        |    3 |
    |   11 | cut        |    3 |
    |   21 | cut        |    - |
    |   31 | cut        |    3 |
    |    1 | silent     |    3 |
    |   11 | silent     |    3 |
    | 21.1 | silent     |    3 | 10.1 s later: a new run
    |   31 | silent     |    3 |
    |   41 | later      |    - |
    """)
def test_fires_where_too_little_can_be_seen_for_long(graded: list[Graded]) -> None:
    assert [(each.severity, each.found) for each in graded] == [
        ("low", Found("ongoing", "one", 1, None, 3)),
        ("low", Found("ended", "one", 1, 31, None)),
    ]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "technical")


@pytest.mark.stream([message(0, heart_rate_bpm=70.0)])
def test_without_eeg_nothing_is_found(graded: list[Graded]) -> None:
    assert graded == []
