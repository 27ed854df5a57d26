"""What gives way is said with its number, and a picture is drawn of any sizes."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.scale import report
from benchmarks.scale_picture import draw
from benchmarks.scale_size import BEHIND_S, LATE_MS, SLOW_S, Pair, Size, verdict


def size(devices: int = 1000, **changes: Any) -> Size:  # noqa: ANN401 - any field
    usual: dict[str, Any] = {
        "devices": devices,
        "cores": {"kafka": 0.1, "taskmanager": 0.5, "fleet": 0.05},
        "late_ms": Pair(1.0, LATE_MS),
        "latency_s": Pair(1.6, SLOW_S),
        "matches": 9,
        "behind_s": {"record-vitals": BEHIND_S},
        "state_bytes": {"detect-patterns": 10_000_000},
    }
    return Size(**usual | changes)


def test_at_its_limits_nothing_gives_way() -> None:
    assert verdict([size()]) == "nothing gave way up to 1,000 devices at 1 Hz"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"late_ms": Pair(1.0, 2000.0)}, "the fleet sends 2.0 s late (p99), 1.5 s is"),
        ({"late_ms": Pair(1.0, float("inf"))}, "the fleet sends inf s late"),
        ({"behind_s": {"record-vitals": 7.0}}, "record-vitals is 7 s of readings"),
        ({"latency_s": Pair(2.0, 6.0)}, "a match takes 6.0 s (p99) from the device"),
        ({"matches": 0}, "no match came at all"),
    ],
)
def test_what_gives_way_is_said(changes: dict[str, Any], said: str) -> None:
    [only] = size(**changes).gave_way
    assert said in only
    sizes = [size(), size(50_000, **changes), size(100_000, matches=0)]
    assert verdict(sizes).startswith("at 50,000 devices at 1 Hz gave way first: ")
    assert said in verdict(sizes)


def test_the_cost_of_a_reading_is_what_a_device_costs_each_second() -> None:
    assert size(10_000).us["taskmanager"] == pytest.approx(50.0)


def test_each_size_has_a_column_and_a_place_in_the_picture(tmp_path: Path) -> None:
    sizes = [size(), size(50_000, matches=0)]
    assert [str(column.header) for column in report(sizes).columns] == [
        "",
        "1,000",
        "50,000",
    ]
    draw(sizes, tmp_path / "new" / "scale.svg")
    assert "<svg" in (tmp_path / "new" / "scale.svg").read_text("utf-8")
