"""Fast breathing at rest is found; the same during exercise is not."""

import pytest

from cep_patterns.tachypnoea import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]


@pytest.mark.stream("""
    |  t | patient_id | respiratory_rate_per_min | activity |
    |  0 | held       |                       25 | -        | the bound itself
    |  0 | slower     |                       24 | rest     |
    |  0 | exercise   |                       35 | exercise |
    |  0 | rests      |                       35 | rest     |
    |  0 | artefact   |                       70 | rest     | no chest does this
    |  0 | apart      |                       30 | -        |
    |  0 | short      |                       30 | -        |
    | 10 | held       |                       30 | moving   |
    | 10 | slower     |                       24 | rest     |
    | 10 | exercise   |                       35 | exercise |
    | 10 | rests      |                       35 | exercise | cuts the run
    | 10 | artefact   |                       70 | rest     |
    | 10 | short      |                       30 | -        |
    | 11 | apart      |                       30 | -        | a new run
    | 20 | held       |                       25 | -        |
    | 20 | slower     |                       24 | rest     |
    | 20 | exercise   |                       35 | exercise |
    | 20 | rests      |                       35 | rest     |
    | 20 | artefact   |                       70 | rest     |
    | 20 | short      |                       30 | -        |
    | 22 | apart      |                       30 | -        |
    | 29 | short      |                       30 | -        | one second missing
    | 30 | held       |                       25 | -        | 30 s
    | 30 | slower     |                       24 | rest     |
    | 30 | exercise   |                       35 | exercise |
    | 30 | rests      |                       35 | rest     |
    | 30 | artefact   |                       70 | rest     |
    | 33 | apart      |                       30 | -        |
    | 40 | held       |                       40 | exercise | over
    """)
def test_fires_once_on_fast_breathing_at_rest(found: list[Found]) -> None:
    assert found == [
        ("ongoing", "held", 0, None, 30),
        ("ended", "held", 0, 30, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "clinical")
