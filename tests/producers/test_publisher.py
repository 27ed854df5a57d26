"""What is said when the broker cannot be used."""

import socket
import threading

import pytest

from producers import publisher
from producers.contract import VITALS
from producers.publisher import BrokerError, Publisher


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


def test_a_broker_that_is_not_there_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publisher, "CONNECT_S", 0.5)
    brokers = f"127.0.0.1:{free_port()}"
    with pytest.raises(BrokerError) as refused:
        Publisher(brokers, (VITALS,), threading.Event())
    assert brokers in str(refused.value)
    assert "VIGIL_KAFKA_BROKERS" in str(refused.value)
    assert "\n" not in str(refused.value)


class Slow:
    """A broker that takes one message each time it is looked at."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        self.looks = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return self.waiting

    def poll(self, _timeout_s: float) -> None:
        """Take a message."""
        self.looks += 1
        self.waiting -= 1

    def produce_batch(
        self, _topic: str, messages: list[object], **_callback: object
    ) -> None:
        """Take all into the queue."""
        self.waiting += len(messages)


class Waiting(Publisher):
    """A publisher in front of a slow broker."""

    def __init__(self, broker: Slow, stop: threading.Event) -> None:
        self.messages = self.bytes = self.failed = self.told = 0
        self.waited_s = 0.0
        self.while_waiting = self.tell
        self._stop, self._fatal, self._producer = stop, None, broker

    def tell(self) -> None:
        """Count how often it was told."""
        self.told += 1


def test_a_full_queue_makes_the_sender_wait_and_say_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publisher, "QUEUE_MESSAGES", 5)
    waiting = Waiting(Slow(8), threading.Event())
    waiting.send(VITALS, [(b"k", b"value")] * 2)
    assert waiting.told == 3, "8 wait, 5 may"
    assert waiting.waited_s > 0.0
    assert (waiting.messages, waiting.bytes) == (2, 10)


def test_who_is_asked_to_stop_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publisher, "QUEUE_MESSAGES", 5)
    stop = threading.Event()
    stop.set()
    waiting = Waiting(Slow(8), stop)
    waiting.send(VITALS, [(b"k", b"value")])
    assert waiting.waited_s == 0.0
    assert waiting.messages == 1
