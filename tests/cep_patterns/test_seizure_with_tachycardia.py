"""A seizure beside a fast heart is found; either alone is not."""

import pytest

from cep_patterns.seizure_with_tachycardia import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

EEG = """
|    t | patient_id | power | seizing |
|    0 | both       |  0.75 | yes     |
|    5 | both       |     1 | yes     |
|    6 | both       |     1 | yes     |
|    7 | both       |     0 | no      |
|    0 | short      |  0.75 | yes     |
|  4.9 | short      |     1 | yes     |
|    5 | short      |     0 | no      |
|    0 | slow       |     1 | yes     |
|    5 | slow       |     1 | yes     |
|   10 | slow       |     1 | yes     |
|   -1 | earlier    |     1 | yes     |
|    4 | earlier    |     1 | yes     |
|    9 | earlier    |     1 | yes     |
|    0 | unknown    |     1 | yes     |
|    9 | unknown    |     1 | yes     |
|    0 | gap        |     1 | yes     |
|   10 | gap        |     1 | yes     |
|    0 | apart      |     1 | yes     |
| 10.1 | apart      |     1 | yes     |
|    0 | calm       |     0 | no      |
|    9 | calm       |     0 | no      |
|   96 | both       |     0 | no      | 90 s later, it is over
|  100 | later      |     0 | no      |
"""
VITALS = """
|    t | patient_id |  hr |
|   -1 | both       | 100 | the bound itself counts
|    6 | both       |  80 | a fast one of late is enough
|    0 | short      | 150 |
|    0 | slow       |  99 |
|    5 | slow       |  99 |
|   -6 | earlier    | 120 | 10 s before the second at 4
|   -1 | unknown    |   - |
|   -1 | gap        | 100 |
|    5 | gap        | 100 |
|   -1 | apart      | 100 |
|    5 | apart      | 100 |
|    0 | calm       | 150 |
|  100 | later      |  70 |
"""


@pytest.mark.in_time(VITALS)
@pytest.mark.eeg(EEG)
def test_fires_where_eeg_and_heart_agree(found: list[Found]) -> None:
    """Neither sensor knows of the other, and they are not on one device."""
    assert found == [
        Found("ongoing", "both", 0, None, 1),
        Found("ended", "both", 0, 6, None),
        Found("ongoing", "earlier", -1, None, 1),
        Found("ended", "earlier", -1, 4, None),
        Found("ongoing", "gap", 0, None, 1),
    ]


def test_how_urgent_it_is() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("high", "clinical")
