"""What is remembered of streams over a restart, and of the way through them."""

from dataclasses import dataclass

import pytest

from alerts.heartbeat import ALERTS, Heartbeat
from alerts.streams import Streams


@dataclass
class Clock:
    """A clock that a test sets."""

    now_s: float = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


BEAT = Heartbeat(service=ALERTS, at_ms=1)


def streams(beat: Heartbeat | None = None, *, on: bool = True) -> Streams:
    return Streams(on, steady_s=Clock()).after(beat)


@pytest.mark.parametrize("beat", [None, BEAT])
def test_readings_that_came_before_there_was_a_synthetic_patient_are_of_devices(
    beat: Heartbeat | None,
) -> None:
    of = streams(beat)
    of.note(0)
    assert not of.seen
    assert not streams(beat).seen
    of = streams(beat)
    of.note(7)
    assert of.seen


def test_where_there_was_a_synthetic_patient_only_new_readings_are_of_devices() -> None:
    of = streams(Heartbeat(service=ALERTS, at_ms=1, synthetic_ms=5))
    of.note(7)
    of.note(7)
    assert not of.seen
    of.note(8)
    assert of.seen


def test_that_there_was_a_stream_is_known_after_kafka_lost_it() -> None:
    of = streams(Heartbeat(service=ALERTS, at_ms=1, streamed=True))
    of.note(0)
    assert of.seen


def test_the_way_is_looked_at_once_readings_came_and_from_then_on() -> None:
    of = streams()
    assert of.chain_s() is None
    of.note(1)
    of.steady_s.now_s = 200  # type: ignore[attr-defined]
    assert of.chain_s() == 200
    of.came(12_345)
    assert (of.chain_s(), of.came_ms) == (0, 12_345)
    off = streams(on=False)
    off.note(1)
    assert off.chain_s() is None


def test_a_new_leader_gives_the_way_its_time() -> None:
    of = streams(Heartbeat(service=ALERTS, at_ms=1, synthetic_ms=5))
    assert of.chain_s() == 0


def test_what_we_send_is_counted_while_nobody_looks() -> None:
    of = streams()
    with of.sending() as add:
        add(3)
    with of.quiet() as own:
        assert own == 3
