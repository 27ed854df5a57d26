"""Fever after a normal day is found; one that was there before is not."""

import pytest

from cep_patterns.new_fever import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.in_time("""
    |      t | patient_id |  temp |
    |      0 | new        |  38.0 |
    |  86400 | new        |  38.1 | a day later
    |  86550 | new        |  39.0 |
    |  86700 | new        |  38.1 | five minutes
    |  86760 | new        |  38.0 | over
    |      0 | near       |  37.0 |
    |  86400 | near       | 38.04 | 38.0 as charted
    |  86700 | near       | 38.04 |
    |      0 | rounds     |  37.0 |
    |  86400 | rounds     | 38.05 | 38.1 as charted
    |  86700 | rounds     | 38.05 |
    |     10 | unknown    |  37.0 | not known 10 s more
    |  86400 | unknown    |  38.1 |
    |  86700 | unknown    |  38.1 |
    |      0 | long-ago   |  38.1 |
    |     60 | long-ago   |  37.0 |
    |  86400 | long-ago   |  38.1 | a day after the last one
    |  86700 | long-ago   |  38.1 |
    |      0 | known      |  37.0 |
    |     10 | known      |  38.1 |
    |     60 | known      |  37.0 |
    |  86400 | known      |  38.1 | less than a day after it
    |  86700 | known      |  38.1 |
    |      0 | short      |  37.0 |
    |  86400 | short      |  38.1 |
    |  86690 | short      |  38.1 | 290 s
    |  86700 | short      |  38.0 |
    |      0 | gap        |  37.0 |
    |  86400 | gap        |  38.1 |
    | 100800 | gap        |  38.1 | the longest, four hours
    |      0 | apart      |  37.0 |
    |  86400 | apart      |  38.1 |
    | 100810 | apart      |  38.1 | a new run, and no news
    | 101400 | apart      |  38.1 |
    |      0 | old        |  37.0 |
    |  86400 | old        |  38.1 |
    | 100790 | old        |     - | four hours old
    |      0 | too-old    |  37.0 |
    |  86400 | too-old    |  38.1 |
    | 100800 | too-old    |     - |
    | 100900 | too-old    |     - |
    | 102000 | later      |     - |
    """)
def test_fires_on_a_fever_after_a_day_without(found: list[Found]) -> None:
    """A temperature counts for four hours; so a reading does, of whatever else."""
    assert found == [
        ("ongoing", "gap", 86_410, None, 38.1),
        ("ongoing", "long-ago", 86_410, None, 38.1),
        ("ongoing", "new", 86_410, None, 39.0),
        ("ended", "new", 86_410, 86_710, None),
        ("ongoing", "old", 86_410, None, 38.1),
        ("ongoing", "rounds", 86_410, None, 38.1),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("low", "clinical")
