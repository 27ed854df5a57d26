"""Commands stop when asked to, and do not hide what was lost."""

import logging
import signal
import threading
from collections.abc import Sequence

import pytest

from producers.command_line import event_start_s, manners, send, stop_on_signal
from producers.outgoing import Batch, Message
from producers.publisher import BrokerError, Publisher
from producers.schema import Topic

BATCHES = [Batch(1.0, [(b"k", b"v")] * 3, [(b"k", b"t")]), Batch(2.0, [(b"k", b"v")])]


class Listed(Publisher):
    """A publisher that keeps a list instead of a connection."""

    def __init__(self, lost: int = 0) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.lost = lost

    def send(self, topic: Topic, messages: Sequence[Message]) -> None:
        """Keep what was sent where."""
        self.sent += [(topic.name, value) for _, value in messages]

    def state(self) -> str:
        """Return nothing to mention."""
        return ""

    def close(self) -> int:
        """Return what was lost."""
        return self.lost


def test_readings_and_truth_go_to_their_topics(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    listed = Listed()
    send(BATCHES, listed, threading.Event(), start_s=0.0, max_speed=True)
    vitals = ("vitals", b"v")
    assert listed.sent == [vitals] * 3 + [("truth", b"t")] + [vitals]
    assert caplog.messages[-1].startswith("4 readings in ")
    assert caplog.messages[-1].endswith("0 not delivered")


def test_what_was_lost_ends_the_command_with_an_error() -> None:
    with pytest.raises(BrokerError, match="7 messages were not delivered"):
        send(BATCHES, Listed(7), threading.Event(), start_s=0.0, max_speed=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_what_is_going_on(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    listed = Listed()
    with stop_on_signal() as stop:
        signal.raise_signal(number)
        send(BATCHES, listed, stop, start_s=0.0, max_speed=False)
    assert listed.sent == []
    assert signal.getsignal(number) == before


def failing(error: Exception) -> None:
    with manners("fleet"):
        raise error


def test_an_error_is_one_line_with_the_commands_name() -> None:
    with pytest.raises(SystemExit, match=r"^fleet: no broker$"):
        failing(BrokerError("no broker"))


def test_event_time_begins_now_or_ends_now_or_begins_as_asked() -> None:
    now_s = 1000.0
    live = event_start_s(60.0, max_speed=False, start_ms=None, now_s=now_s)
    fast = event_start_s(60.0, max_speed=True, start_ms=None, now_s=now_s)
    fixed = event_start_s(60.0, max_speed=True, start_ms=5000, now_s=now_s)
    assert (live, fast, fixed) == (1000.0, 940.0, 5.0)
