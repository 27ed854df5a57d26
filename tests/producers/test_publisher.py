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
