"""What worn devices make of the readings of a perfect one."""

import itertools

import numpy as np
import pytest

from digital_twin.cohort import Array
from digital_twin.devices.course import Setting
from digital_twin.devices.faults import (
    AGEING_EMITTER,
    BAD_MEMORY,
    CLOCK_JUMP,
    HANGING_FIRMWARE,
    LOOSE_PROBE,
    LOOSE_SUPPLY,
    POOR_RADIO,
    RADIO_AWAY,
    Fault,
)
from digital_twin.devices.plans import PLANS, Plan
from digital_twin.devices.wearing import worn
from digital_twin.sensors import SIGNALS
from digital_twin.ward import Period, Sent

N = 100
SPO2 = [signal.name for signal in SIGNALS].index("spo2_pct")


def perfect(seconds: int, first_s: float = 0.0) -> list[Period]:
    """Return a reading a second of each device; each differs from the one before."""
    device = np.arange(N)
    return [
        Period(
            Sent(
                device=device,
                seq=np.full(N, second),
                at_s=np.full(N, first_s + second),
                arrives_s=np.full(N, first_s + second + 0.01),
                values=np.full((len(SIGNALS), N), 80.0 + second % 7, dtype=np.float32),
                chart=np.zeros(N, dtype=np.int64),
                damage=np.zeros(N, dtype=np.uint16),
            ),
            [],
        )
        for second in range(seconds)
    ]


def sent_by(plan: Plan, seconds: int = 900) -> list[Sent]:
    setting = Setting(seed=5, plan=plan, period_s=60.0)
    return [each.sent for each in worn(iter(perfect(seconds)), 0, N, setting)]


def joined(sent: list[Sent], name: str) -> Array:
    return np.concatenate([getattr(each, name) for each in sent], axis=-1)


def only(fault: Fault, hurry: float = 100.0) -> Plan:
    return Plan(doc="", per_year={fault: 3e4}, hurry=hurry)


def test_sound_devices_change_little_but_the_last_digits_of_time() -> None:
    sent = sent_by(PLANS["healthy"])
    whole = perfect(900)
    assert joined(sent, "device").size > 0.98 * 900 * N
    true_s = joined(sent, "arrives_s") - 0.01
    assert np.abs(joined(sent, "at_s") - true_s).max() < 0.1
    assert np.nanmax(joined(sent, "values")) <= 86
    assert len(sent) == len(whole)


def test_the_same_seed_sends_the_same() -> None:
    first, again = sent_by(PLANS["hurried"]), sent_by(PLANS["hurried"])
    for one, other in zip(first, again, strict=True):
        for name in Sent._fields:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_an_offset_is_added_to_saturations_alone() -> None:
    sent = sent_by(only(AGEING_EMITTER, hurry=3000.0))
    values, seq = joined(sent, "values"), joined(sent, "seq")
    true = 80.0 + seq % 7
    on = values[SPO2] > 0
    assert np.abs(values[SPO2] - true)[on].max() >= 4
    np.testing.assert_array_equal(values[0], true)
    assert values[SPO2].max() <= 100


def test_a_device_that_hangs_repeats_itself() -> None:
    def repeated(plan: Plan) -> int:
        rate = [each.values[0] for each in sent_by(plan) if each.device.size == N]
        return sum(int((a == b).sum()) for a, b in itertools.pairwise(rate))

    assert repeated(PLANS["healthy"]) == 0
    assert repeated(only(HANGING_FIRMWARE, hurry=500.0)) > 1000


def test_a_wrong_clock_moves_the_stamp_and_not_the_arrival() -> None:
    sent = sent_by(only(CLOCK_JUMP))
    off = np.abs(joined(sent, "at_s") - joined(sent, "arrives_s") + 0.01)
    assert off.max() > 2
    late = joined(sent, "arrives_s") - joined(sent, "seq")
    np.testing.assert_allclose(late, 0.01, atol=1e-9)


def test_what_a_radio_kept_comes_later_and_all_of_it() -> None:
    sent = sent_by(only(RADIO_AWAY, hurry=20.0))
    late_s = joined(sent, "arrives_s") - joined(sent, "seq")
    assert late_s.max() > 5
    assert joined(sent, "device").size > 0.98 * 900 * N


def test_a_poor_radio_sends_readings_twice_and_out_of_order() -> None:
    sent = sent_by(only(POOR_RADIO, hurry=20.0))
    device, seq = joined(sent, "device"), joined(sent, "seq")
    order = np.argsort(joined(sent, "arrives_s"), kind="stable")
    of_each = [seq[order][device[order] == number] for number in range(N)]
    assert sum(len(numbers) - len(set(numbers)) for numbers in of_each) > 1000
    assert sum(int((np.diff(numbers) < 0).sum()) for numbers in of_each) > 1000


def test_a_bad_memory_damages_readings_and_nothing_else_does() -> None:
    assert not joined(sent_by(PLANS["healthy"]), "damage").any()
    assert not joined(sent_by(PLANS["radio"]), "damage").any()
    assert joined(sent_by(only(BAD_MEMORY)), "damage").any()


def test_a_probe_that_is_off_says_nought() -> None:
    values = joined(sent_by(only(LOOSE_PROBE, hurry=200.0)), "values")
    assert (values[SPO2] == 0).any()


def test_a_device_that_starts_sends_nothing_meanwhile() -> None:
    plain, loose = (
        joined(sent_by(plan), "device").size
        for plan in (PLANS["healthy"], only(LOOSE_SUPPLY, hurry=3000.0))
    )
    assert loose < plain


@pytest.mark.parametrize("name", PLANS)
def test_no_plan_loses_a_column(name: str) -> None:
    for each in sent_by(PLANS[name], 120):
        assert {column.shape[-1] for column in each} == {each.device.size}
