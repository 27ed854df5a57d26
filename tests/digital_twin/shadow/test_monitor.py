"""A device takes each command once, in its order, and says what it did."""

import pytest

from digital_twin.shadow import monitor as device
from digital_twin.shadow.monitor import AS_MADE, Monitor, Order
from digital_twin.shadow.stages import Stage
from digital_twin.shadow.state import Settings


def order(
    name: str = "one",
    version: int = 1,
    changes: Settings | None = None,
    action: str = "recalibrate",
) -> Order:
    wanted = {"spo2_offset_pct": 5.0} if changes is None else changes
    return Order(name, action, version, wanted, deadline_ms=1000)


def done(monitor: Monitor, what: Order) -> Monitor:
    return device.work(device.hear(monitor, what, now_ms=0).monitor).monitor


def stages(turn: device.Turn) -> list[Stage]:
    return [answer.stage for answer in turn.answers]


def test_it_accepts_and_a_second_later_it_applies() -> None:
    heard = device.hear(Monitor(), order(), now_ms=0)
    assert stages(heard) == [Stage.DELIVERED, Stage.ACCEPTED]
    assert heard.monitor.state == AS_MADE
    after = device.work(heard.monitor)
    assert stages(after) == [Stage.APPLIED]
    assert after.monitor.state.version == 1
    assert after.monitor.state.settings["spo2_offset_pct"] == 5.0
    assert stages(device.work(after.monitor)) == []


def test_what_comes_again_is_answered_and_not_done_again() -> None:
    monitor = done(Monitor(), order(action="restart", changes={}))
    again = device.hear(monitor, order(action="restart", changes={}), now_ms=0)
    assert stages(again) == [Stage.DELIVERED, Stage.APPLIED]
    assert device.work(again.monitor).monitor.boot == monitor.boot == 2


@pytest.mark.parametrize(
    ("what", "now_ms", "why"),
    [
        (order("old", version=1), 0, "it is at version 1 already"),
        (order("late", version=2), 1000, "the deadline has passed by its clock"),
        (order("odd", 2, {"volume": 3.0}), 0, "it has no setting volume"),
    ],
)
def test_what_it_cannot_do_it_rejects(what: Order, now_ms: int, why: str) -> None:
    turn = device.hear(done(Monitor(), order()), what, now_ms)
    assert stages(turn) == [Stage.DELIVERED, Stage.REJECTED]
    assert turn.answers[-1].reason == why
    assert turn.monitor.pending is None


def test_a_restart_forgets_what_was_not_applied_and_keeps_what_was() -> None:
    monitor = done(Monitor(), order())
    heard = device.hear(monitor, order("two", 2), now_ms=0).monitor
    after = device.restart(heard)
    assert after.pending is None
    assert (after.state, after.boot) == (monitor.state, monitor.boot + 1)


def test_it_does_what_it_can_and_says_so() -> None:
    heard = device.hear(Monitor(), order(changes={"spo2_offset_pct": -12.0}), 0)
    [answer] = device.work(heard.monitor).answers
    assert answer.state.settings["spo2_offset_pct"] == -10.0
    assert answer.reason == "spo2_offset_pct is 10 at most"
