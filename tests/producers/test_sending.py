"""What goes out is counted, and what was lost is not hidden."""

import logging
import signal
import threading
from collections import Counter
from collections.abc import Sequence

import pytest

from producers.command_line import stop_on_signal
from producers.figures import Figures, lateness
from producers.outgoing import Batch, Message
from producers.publisher import BrokerError, Publisher
from producers.schema import Topic
from producers.sending import REPORT_EVERY_S, Meter, Told, send

BATCHES = [
    Batch(1.0, vitals=[(b"k", b"v")] * 3, truth=[(b"k", b"t")], eeg=[(b"k", b"e")]),
    Batch(2.0, vitals=[(b"k", b"v")]),
]


class Listed(Publisher):
    """A publisher that keeps a list instead of a connection."""

    def __init__(self, lost: int = 0) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.lost = lost
        self.messages = self.bytes = self.failed = 0
        self.waited_s = 0.0

    def send(self, topic: Topic, messages: Sequence[Message]) -> None:
        """Keep what was sent where."""
        self.sent += [(topic.name, value) for _, value in messages]
        self.messages += len(messages)

    @property
    def queued(self) -> int:
        """Return nothing: all is there at once."""
        return 0

    def close(self) -> int:
        """Return what was lost."""
        return self.lost


class Clock:
    """A clock that is set."""

    now_s = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


def test_readings_and_truth_go_to_their_topics(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    listed = Listed()
    send(BATCHES, listed, threading.Event(), start_s=0.0, max_speed=True)
    vitals = ("vitals", b"v")
    assert listed.sent == [vitals] * 3 + [("eeg", b"e"), ("truth", b"t"), vitals]
    assert caplog.messages[-1].startswith("5 readings in ")
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


def test_lateness_is_from_when_a_batch_was_due() -> None:
    clock = Clock()
    meter = Meter(Listed(), start_s=98.0, now=clock)
    meter.count(BATCHES[0])
    clock.now_s = 100.5
    meter.count(BATCHES[1])
    assert meter.figures().late == Counter({lateness(1.0): 4, lateness(0.5): 1})


def test_what_goes_out_at_once_is_never_late() -> None:
    meter = Meter(Listed(), start_s=None)
    meter.count(BATCHES[0])
    assert not meter.figures().late


def test_a_line_every_few_seconds_is_about_those_seconds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    told = Told(clock)
    told(Figures(readings=1, messages=1))
    assert caplog.messages == []
    clock.now_s += REPORT_EVERY_S
    told(Figures(readings=50, messages=60, bytes=5_000_000, queued=3))
    clock.now_s += REPORT_EVERY_S
    told(Figures(readings=50, messages=60, bytes=5_000_000, queued=9, waited_s=4.5))
    first, second = caplog.messages
    assert first == "12 messages/s, 1.0 MB/s, 50 readings in all, 3 queued"
    assert second.startswith("0 messages/s, 0.0 MB/s, 50 readings in all, 9 queued")
    assert second.endswith("waited 4.5 s for the broker")
