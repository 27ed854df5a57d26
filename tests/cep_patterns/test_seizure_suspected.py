"""A seizure in the EEG is found once, however it flickers."""

import pytest

from cep_patterns.seizure_suspected import GAP_S, PATTERN
from eeg.events import MERGE_S
from tests.conftest import Found, Graded

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


def test_the_gap_is_that_of_events_that_are_one() -> None:
    assert GAP_S == MERGE_S - 1


@pytest.mark.eeg("""
    |   t | patient_id | power | seizing | lost |
    |   0 | seizure    |  0.75 | yes     |    - |
    |   1 | seizure    |  0.88 | yes     |    - |
    |   9 | seizure    |  0.25 | yes     |    - |
    |  10 | seizure    |     0 | no      |    - |
    |  98 | seizure    |     0 | no      |    - | 89 s
    |  99 | seizure    |     0 | no      |    - | 90 s: over
    |   0 | alone      |  0.75 | yes     |    - |
    |   1 | alone      |  0.13 | no      |    - |
    |  91 | alone      |     0 | no      |    - |
    |   0 | quick      |  0.75 | yes     |    - |
    | 0.9 | quick      |  0.75 | yes     |    - | less than a second
    |   2 | quick      |     0 | no      |    - |
    |  95 | quick      |     0 | no      |    - |
    |   0 | merged     |  0.75 | yes     |    - |
    |   1 | merged     |  0.75 | yes     |    - |
    |   2 | merged     |     0 | no      |    - |
    |  90 | merged     |  0.75 | yes     |    - | 89 s later
    |  91 | merged     |  0.75 | yes     |    - |
    |  92 | merged     |     0 | no      |    - |
    | 181 | merged     |     0 | no      |    - |
    |   0 | apart      |  0.75 | yes     |    - |
    |   1 | apart      |  0.75 | yes     |    - |
    |   2 | apart      |     0 | no      |    - |
    |  91 | apart      |  0.75 | yes     |    - | 90 s later: another
    |  92 | apart      |  0.75 | yes     |    - |
    |   0 | unseen     |  0.75 | yes     |    - |
    |   1 | unseen     |  0.75 | yes     |    - |
    |   2 | unseen     |     - | yes     |    3 | electrodes come off
    |  80 | unseen     |     - | yes     |    3 |
    | 160 | unseen     |     - | yes     |    3 |
    | 161 | unseen     |     0 | no      |    - |
    | 251 | unseen     |     0 | no      |    - |
    |   0 | calm       |  0.63 | no      |    - |
    |   1 | calm       |  0.63 | no      |    - |
    |  60 | calm       |     - | no      |    3 |
    | 300 | later      |     0 | no      |    - |
    """)
def test_fires_on_seconds_held_to_be_in_a_seizure(graded: list[Graded]) -> None:
    """Each patient is one case; of the seconds between, nothing new is known."""
    assert [(each.severity, each.found) for each in graded] == [
        ("medium", Found("ongoing", "apart", 0, None, 0.75)),
        ("medium", Found("ended", "apart", 0, 1, None)),
        ("medium", Found("ongoing", "apart", 91, None, 0.75)),
        ("medium", Found("ongoing", "merged", 0, None, 0.75)),
        ("medium", Found("ended", "merged", 0, 91, None)),
        ("medium", Found("ongoing", "seizure", 0, None, 0.88)),
        ("medium", Found("ended", "seizure", 0, 9, None)),
        ("medium", Found("ongoing", "unseen", 0, None, 0.75)),
        ("medium", Found("ended", "unseen", 0, 160, None)),
    ]


@pytest.mark.eeg("""
    |     t | patient_id | power | seizing |
    |     0 | status     |     1 | yes     |
    |    80 | status     |     1 | yes     |
    |   160 | status     |     1 | yes     |
    |   240 | status     |     1 | yes     |
    |   300 | status     |     1 | yes     |
    |     0 | short      |     1 | yes     |
    |    80 | short      |     1 | yes     |
    |   160 | short      |     1 | yes     |
    |   240 | short      |     1 | yes     |
    | 299.9 | short      |     1 | yes     |
    |   300 | short      |     0 | no      |
    """)
def test_from_five_minutes_on_it_is_of_high_severity(graded: list[Graded]) -> None:
    assert [(each.severity, each.found) for each in graded] == [
        ("medium", Found("ongoing", "short", 0, None, 1)),
        ("high", Found("ongoing", "status", 0, None, 1)),
        ("medium", Found("ongoing", "status", 0, None, 1)),
    ]


@pytest.mark.eeg("""
    |  t | patient_id | device_id | power | seizing |
    |  0 | two        | a         |  0.75 | yes     |
    |  1 | two        | a         |  0.75 | yes     |
    | 50 | two        | b         |  0.75 | yes     |
    | 51 | two        | b         |  0.75 | yes     |
    | 91 | two        | a         |     0 | no      | 90 s: over
    | 95 | two        | b         |     0 | no      | not yet
    """)
def test_two_devices_on_one_head_are_watched_apart(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "two", 0, None, 0.75),
        ("ended", "two", 0, 1, None),
        ("ongoing", "two", 50, None, 0.75),
    ]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "clinical")
