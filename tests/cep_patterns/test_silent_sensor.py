"""The rule fires when a device falls silent, and says when it is heard again."""

import pytest

from cep_patterns.silent_sensor import PATTERN
from tests.conftest import Detect
from tests.streams import message

pytestmark = pytest.mark.flink


def test_fires_after_three_empty_slots_and_ends_with_the_next_reading(
    detect: Detect,
) -> None:
    steady = [message(t, "steady", spo2_pct=97.0) for t in range(0, 135, 5)]
    silent = [message(t, "silent", spo2_pct=97.0) for t in (0, 5, 9.9, 50, 55, 119)]
    near = [message(t, "near", spo2_pct=97.0) for t in (0, 39.9, 69, 99, 119)]
    just = [message(t, "just", spo2_pct=97.0) for t in (0, 40, 69, 99, 119)]
    shared = [
        message(each_s, "shared", device_id=device, spo2_pct=97.0)
        for device, times_s in (("ear", range(0, 120, 5)), ("finger", (0, 50, 79, 109)))
        for each_s in times_s
    ]
    stream = sorted(
        (*steady, *silent, *near, *just, *shared),
        key=lambda each: float(str(each["ts_ms"])),
    )
    assert detect(PATTERN, stream) == [
        ("ongoing", "just", 10, None, None),
        ("ended", "just", 10, 40, None),
        ("ongoing", "shared", 10, None, None),
        ("ended", "shared", 10, 50, None),
        ("ongoing", "silent", 10, None, None),
        ("ended", "silent", 10, 50, None),
        ("ongoing", "silent", 60, None, None),
        ("ended", "silent", 60, 110, None),
    ]


def test_its_labels_say_how_soon_and_about_whom() -> None:
    assert (PATTERN.severity, PATTERN.kind) == ("medium", "technical")
