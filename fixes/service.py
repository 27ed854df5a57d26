"""The service round the desk: hear, decide, write, and only then call it heard.

As many as one likes may run; one of them leads.
"""

import logging
import threading
import time
from typing import Final

from fixes.broker import Ear, Heard, Pen
from fixes.desk import Desk
from fixes.leadership import Leadership, LostError
from fixes.proofs import proofs_in
from fixes.reading import everything
from producers.contract import DEVICE_STATUS, PROOFS
from producers.publisher import BrokerError
from producers.setting_aside import SetAside

logger = logging.getLogger(__name__)

POLL_S: Final = 0.2
RETRY_S: Final = 1.0
KEPT_BY_OTHERS: Final = frozenset({DEVICE_STATUS.name})
"""``record_results`` reads these as well, and says what is wrong with them."""


def now_ms() -> int:
    """Return the time by the clock on the wall."""
    return time.time_ns() // 1_000_000


def serve(brokers: str, stop: threading.Event) -> None:
    """Serve until ``stop`` is set, whenever this service leads."""
    leadership = Leadership(brokers)
    try:
        while not stop.is_set():
            if leadership.ask():
                lead(brokers, leadership, stop)
            else:
                stop.wait(POLL_S)
    finally:
        leadership.close()


def lead(brokers: str, leadership: Leadership, stop: threading.Event) -> None:
    """Decide until ``stop`` is set or another leads; wait for an absent broker."""
    ear, pen = Ear(brokers), Pen(brokers)
    try:
        desk = _opened(brokers, stop)
        logger.info("%d commands are known", len(desk.lives))
        while leadership.ask() and not stop.is_set():
            asides = turn(desk, ear.read(POLL_S), now_ms())
            if _written(desk, asides, pen, leadership, stop):
                ear.done()
    except LostError as error:
        logger.warning("%s: what was not written yet is left to it", error)
    finally:
        ear.close()


def turn(desk: Desk, heard: list[Heard], at_ms: int) -> list[SetAside]:
    """Let ``desk`` hear all of it; return what is set aside, as ``rejected`` has it."""
    asides = [aside for each in heard if (aside := _unheard(desk, each))]
    desk.pass_time(at_ms)
    return asides


def _unheard(desk: Desk, heard: Heard) -> SetAside | None:
    """Let ``desk`` hear a message; return it if it cannot be used, or not wholly.

    Whatever goes wrong with it, what it began to write is not written, and the next
    one is heard.
    """
    written = len(desk.out)
    reason = "; ".join(heard.reasons)
    if heard.message is not None:
        try:
            desk.hear(heard.topic, heard.message, heard.at_ms, heard.reasons)
        except Exception as error:
            logger.exception("a message of %s cannot be heard", heard.topic)
            del desk.out[written:]
            reason = f"unreadable: {error!r}"
    if not reason or heard.topic in KEPT_BY_OTHERS:
        return None
    logger.warning("set aside a message of %s: %s", heard.topic, reason[:200])
    return heard.aside(reason)


def _opened(brokers: str, stop: threading.Event) -> Desk:
    """Return a desk that knows what was written before, as soon as it can be read."""
    said = False
    while not stop.is_set():
        try:
            desk = Desk()
            desk.remember(proofs_in(everything(brokers, PROOFS)), now_ms())
        except BrokerError as error:
            if not said:
                logger.warning("waiting for the broker: %s", error)
            said = True
            stop.wait(RETRY_S)
        else:
            return desk
    return Desk()


def _written(
    desk: Desk,
    asides: list[SetAside],
    pen: Pen,
    leadership: Leadership,
    stop: threading.Event,
) -> bool:
    """Write what the desk has to say, however long the broker is away.

    Raises
    ------
    LostError
        Another leads by now.
    """
    while desk.out or asides:
        leadership.demand()
        if pen.write(desk.out) and pen.keep(asides):
            break
        logger.warning("the broker does not take messages: trying again")
        if stop.wait(RETRY_S):
            return False
        leadership.ask()
    desk.out.clear()
    return True
