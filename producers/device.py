"""A device as a process of its own, which talks over Kafka and nothing else.

It measures its patient, says how it is, and takes commands; beside it a second
device measures the same patient, as a reference. Instead of it, a real one could
be there.

python -m producers.device --device monitor-1 --spo2-error -5 --fault lying
"""

import logging
import math
import threading
import time
from typing import Annotated, Any, Final

import orjson
import typer
from confluent_kafka import OFFSET_END, Consumer, TopicPartition

from digital_twin.shadow.faults import DOC, Fault, Unit
from producers.bedside import Bedside, order_of
from producers.command_line import DEFAULT_BROKERS, Brokers, manners
from producers.contract import COMMANDS, DEVICE_STATUS, REPORTS, VITALS
from producers.publisher import Publisher

logger = logging.getLogger(__name__)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

TOPICS: Final = (VITALS, DEVICE_STATUS, REPORTS, COMMANDS)
_FAULTS: Final = "; ".join(f"{fault}: {doc}" for fault, doc in DOC.items())

Device = Annotated[str, typer.Option(help="Its pseudonym.")]
Patient = Annotated[
    str | None, typer.Option(help="Whom it measures; one of its own if not given.")
]
Error = Annotated[
    float,
    typer.Option("--spo2-error", help="How wrong its saturation is, in %, at first."),
]
FaultName = Annotated[Fault, typer.Option("--fault", help=_FAULTS)]
Seed = Annotated[int, typer.Option(min=0, help="The same seed plays the same.")]


@app.command()
def main(  # noqa: PLR0913 - one argument an option
    *,
    device: Device = "monitor-1",
    patient_id: Patient = None,
    spo2_error: Error = 0.0,
    fault: FaultName = Fault.NONE,
    seed: Seed = 1,
    brokers: Brokers = DEFAULT_BROKERS,
) -> None:
    """Be a device and its reference, until Ctrl-C."""
    with manners("device") as stop:
        publisher = Publisher(brokers, TOPICS, stop)
        of = patient_id or f"patient-of-{device}"
        bedside = Bedside.of(device, of, Unit(fault), spo2_error, seed)
        _live(bedside, publisher, _ears(brokers), stop)
        publisher.close()


def _live(
    bedside: Bedside, publisher: Publisher, ears: Consumer, stop: threading.Event
) -> None:
    next_s = math.ceil(time.time())
    while not stop.wait(max(0.0, next_s - time.time())):
        heard = _heard(ears, bedside.voice.device_id)
        for topic, message in bedside.second(heard, next_s * 1000):
            if topic is REPORTS:
                logger.info("%s %s", message["report"], message["command_id"])
            publisher.send(topic, [(topic.key_of(message), orjson.dumps(message))])
        next_s += 1
    ears.close()


def _ears(brokers: str) -> Consumer:
    """Return a consumer of the commands that come from now on."""
    ears = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "device",  # nothing is kept for it
            "enable.auto.commit": False,
            "log_level": 0,
        }
    )
    parts = range(COMMANDS.partitions)
    ears.assign([TopicPartition(COMMANDS.name, part, OFFSET_END) for part in parts])
    return ears


def _heard(ears: Consumer, device_id: str) -> list[dict[str, Any]]:
    """Return the commands to this device that have come."""
    got = ears.consume(100, 0.01)
    mine = [m for m in got if not m.error() and m.key() == device_id.encode()]
    return [command for m in mine if (command := _readable(m.value()))]


def _readable(value: bytes) -> dict[str, Any] | None:
    """Return a command; nothing where it is none: no device may die of that."""
    try:
        command: dict[str, Any] = orjson.loads(value)
        order_of(command)
    except (KeyError, TypeError, ValueError):
        logger.warning("what came is no command: %r", value[:100])
        return None
    return command


if __name__ == "__main__":
    app()
