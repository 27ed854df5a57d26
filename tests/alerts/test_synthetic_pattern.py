"""What the synthetic patient's monitor says is what Flink looks for."""

from itertools import islice
from typing import Final

import pytest

from alerts.synthetic import EVERY_S, STILL_S, readings
from cep_patterns.pulse_loss import PATTERN
from tests.conftest import Found

pytestmark = [pytest.mark.flink, pytest.mark.pattern(PATTERN)]

MINUTES: Final = 3
SAID: Final = "\n".join(
    f"| {second} | synthetic | {each['heart_rate_bpm']} | 99 |"
    for second, each in enumerate(islice(readings(), MINUTES * EVERY_S))
    if each
)


@pytest.mark.stream(f"""
    | t | patient_id | heart_rate_bpm | signal_quality_pct |
    {SAID}
    """)
def test_its_heart_is_found_still_once_a_minute_and_is_found_to_beat_again(
    found: list[Found],
) -> None:
    begins = [EVERY_S * minute for minute in range(MINUTES)]
    assert [
        (each.phase, each.started) for each in found if each.phase == "ongoing"
    ] == [("ongoing", begin) for begin in begins]
    assert [each.ended for each in found if each.phase == "ended"] == [
        begin + STILL_S - 1 for begin in begins
    ]
