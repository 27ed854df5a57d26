"""What a signature was worth: leads, what was missed, and false calls, on paper."""

from pathlib import Path

import orjson
import pytest

from benchmarks.device_days import Days, Trouble
from benchmarks.devices import HOUR_MS, SIGNATURES, START_MS, worth
from cep_patterns.catalogue import CATALOGUE
from digital_twin.devices.course import Setting
from digital_twin.devices.faults import FAULTS
from digital_twin.devices.plans import PLANS
from jobs.parts import parts

FROZEN, HANGS = "readings_frozen", "hanging_firmware"


def days(plan: str = "healthy", length: float = 365.0, devices: int = 4) -> Days:
    setting = Setting(seed=1, plan=PLANS[plan], period_s=600.0)
    return Days(devices, length, setting, START_MS)


def trouble(device: int, onset_h: float, fails_h: float, fault: str = HANGS) -> Trouble:
    times = (START_MS + round(h * HOUR_MS) for h in (onset_h, fails_h, fails_h + 5))
    return Trouble(f"device-{device:05d}", f"patient-{device // 2:05d}", fault, *times)


def call(device: int, at_h: float, name: str = FROZEN) -> dict[str, object]:
    return {
        "pattern_name": name,
        "phase": "ongoing",
        "device_id": f"device-{device:05d}",
        "patient_id": f"patient-{device // 2:05d}",
        "ts_ms": START_MS + round(at_h * HOUR_MS),
    }


def test_the_lead_is_from_the_first_call_to_the_failure() -> None:
    troubles = [trouble(0, 10, 50), trouble(1, 10, 50), trouble(2, 10, 50)]
    calls = [call(0, 5), call(0, 20), call(0, 30), call(1, 52)]
    found = worth(days(), troubles, calls, FROZEN, HANGS)
    assert (found.played, list(found.leads_h)) == (3, [30, -2])
    assert found.row[:3] == ("3", "2", "1")


def test_a_failure_behind_the_end_is_not_counted() -> None:
    found = worth(days(length=1.0), [trouble(0, 10, 25)], [call(0, 20)], FROZEN, HANGS)
    assert (found.played, found.leads_h) == (0, [])


def test_a_call_is_false_where_nothing_was_ever_wrong_but_the_radio() -> None:
    troubles = [trouble(0, 10, 50), trouble(1, 10, 10, "radio_away")]
    calls = [call(0, 20), call(1, 20), call(3, 20), call(3, 40)]
    found = worth(days(), troubles, calls, FROZEN, HANGS)
    assert (found.false_calls, found.healthy_years) == (3, 3.0)


def test_a_call_of_another_fault_is_neither_found_nor_false() -> None:
    troubles = [trouble(0, 10, 50, "weak_cell")]
    found = worth(days(), troubles, [call(0, 20)], FROZEN, HANGS)
    assert (found.played, found.false_calls, found.other_calls) == (0, 0, 1)


def test_of_two_devices_on_a_patient_either_may_be_named() -> None:
    name, fault = "spo2_offset_drifting", "ageing_emitter"
    troubles = [trouble(0, 10, 50, fault)]
    found = worth(days(), troubles, [call(1, 20, name)], name, fault)
    assert list(found.leads_h) == [30]
    assert (found.false_calls, found.healthy_years) == (0, 2.0)


def test_every_pattern_of_devices_is_measured() -> None:
    assert set(SIGNATURES) == {p.name for p in parts(CATALOGUE).of_devices}
    assert {f for each in SIGNATURES.values() for f in each} <= set(FAULTS)


@pytest.mark.parametrize("plan", ["healthy", "wear"])
def test_days_are_written_in_order_of_arrival(tmp_path: Path, plan: str) -> None:
    file = tmp_path / "statuses.jsonl"
    written, troubles = days(plan, length=3.0, devices=600).write(file)
    lines = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    arrived = [line["arrived_ms"] for line in lines]
    assert len(lines) == written > 600 * 3 * 143
    assert arrived == sorted(arrived)
    assert {line["device_id"] for line in lines} == days(devices=600).patient_of.keys()
    assert bool(troubles) == (plan == "wear")
