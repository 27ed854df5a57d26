"""What no patient can have is a technical condition, and never a patient's alarm."""

import pytest

from cep_patterns.unusable_value import PATTERN
from tests.conftest import Detect

pytestmark = pytest.mark.flink


def test_fires_on_a_held_fault_only(detect: Detect) -> None:
    stream = """
    | t | patient_id | heart_rate_bpm | pulse_rate_bpm | spo2_pct |
    | 0 | lead-off   |              0 |             72 |       97 |
    | 0 | probe-off  |             72 |              - |        0 |
    | 0 | broken     |            612 |              - |        - |
    | 0 | glitch     |            612 |             72 |       97 |
    | 0 | fine       |            299 |             72 |      100 |
    | 2 | glitch     |             72 |             72 |       97 |
    | 5 | lead-off   |              0 |             72 |        0 | two values now
    | 5 | probe-off  |             72 |              - |        0 |
    | 5 | broken     |            300 |              - |        - |
    | 5 | glitch     |            612 |             72 |       97 |
    | 5 | fine       |            299 |             72 |      100 |
    """
    found = {
        (phase, patient, worst)
        for phase, patient, _, _, worst in detect(PATTERN, stream)
    }
    assert found == {
        ("ongoing", "lead-off", 2),
        ("ongoing", "probe-off", 1),
        ("ongoing", "broken", 1),
    }
