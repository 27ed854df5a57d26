"""The service round the desk: hear, decide, write, and only then call it heard."""

import logging
import threading
import time
from typing import Final

from confluent_kafka import KafkaException

from fixes.broker import Ear, Heard, Pen
from fixes.desk import Desk
from fixes.proofs import proofs_in
from fixes.reading import everything
from producers.contract import PROOFS
from producers.publisher import BrokerError

logger = logging.getLogger(__name__)

POLL_S: Final = 0.2
RETRY_S: Final = 1.0


def now_ms() -> int:
    """Return the time by the clock on the wall."""
    return time.time_ns() // 1_000_000


def serve(brokers: str, stop: threading.Event) -> None:
    """Serve until ``stop`` is set; while the broker is away, wait for it."""
    ear, pen = Ear(brokers), Pen(brokers)
    try:
        desk = _opened(brokers, ear, stop)
        logger.info("%d commands are known", len(desk.lives))
        while not stop.is_set():
            turn(desk, ear.read(POLL_S), now_ms())
            if _written(desk, pen, stop):
                ear.done()
    finally:
        ear.close()


def turn(desk: Desk, heard: list[Heard], at_ms: int) -> None:
    """Let ``desk`` hear all of it; what is no message of its topic is left out."""
    for topic, taken_ms, message in heard:
        try:
            desk.hear(topic, message, taken_ms)
        except (KeyError, TypeError, ValueError) as error:
            logger.warning("a message in %s is none: %r", topic, error)
    desk.pass_time(at_ms)


def _opened(brokers: str, ear: Ear, stop: threading.Event) -> Desk:
    """Return a desk that knows what was written before, as soon as it can be read."""
    said = False
    while not stop.is_set():
        try:
            desk = Desk()
            desk.remember(proofs_in(everything(brokers, PROOFS)), now_ms())
            ear.connect()
        except (BrokerError, KafkaException) as error:
            if not said:
                logger.warning("waiting for the broker: %s", error)
            said = True
            stop.wait(RETRY_S)
        else:
            return desk
    return Desk()


def _written(desk: Desk, pen: Pen, stop: threading.Event) -> bool:
    """Write what the desk has to say, however long the broker is away."""
    while desk.out and not pen.write(desk.out):
        logger.warning("the broker does not take messages: trying again")
        if stop.wait(RETRY_S):
            return False
    desk.out.clear()
    return True
