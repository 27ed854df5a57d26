"""Hand messages to the broker, and know of each whether it has it."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from confluent_kafka import KafkaError, KafkaException, Producer


class Outgoing(NamedTuple):
    """A message on its way to a topic."""

    topic: str
    key: str | bytes | None
    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()


class Undelivered(NamedTuple):
    """Why the broker has not got a message, and whether it ever will take it."""

    why: str
    is_refused: bool = False


_REFUSED: Final = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.RECORD_LIST_TOO_LARGE,
        KafkaError.INVALID_MSG_SIZE,
        KafkaError.INVALID_TIMESTAMP,
        KafkaError.INVALID_RECORD,
        KafkaError.POLICY_VIOLATION,
        KafkaError._BAD_MSG,  # noqa: SLF001 - its public name
        KafkaError._INVALID_ARG,  # noqa: SLF001 - its public name
    }
)
"""What lies in the message itself: to send it again changes nothing."""


def fates(
    producer: Producer, messages: Sequence[Outgoing], timeout_s: float
) -> list[Undelivered | None]:
    """Return of each message why the broker has not got it; None: it has.

    Nothing is raised: what cannot even be handed over is refused.
    """
    became: list[Undelivered | None] = [Undelivered("not answered yet")] * len(messages)

    def note(place: int) -> Callable[[KafkaError | None, object], None]:
        def on_delivery(error: KafkaError | None, _message: object) -> None:
            became[place] = _undelivered(error) if error is not None else None

        return on_delivery

    for place, each in enumerate(messages):
        try:
            producer.produce(
                each.topic,
                each.value,
                each.key,
                headers=list(each.headers),
                on_delivery=note(place),
            )
        except KafkaException as error:
            became[place] = _undelivered(error.args[0])
        except BufferError as error:
            became[place] = Undelivered(str(error))
        except (TypeError, ValueError) as error:
            became[place] = Undelivered(str(error), is_refused=True)
    producer.flush(timeout_s)
    return became


def _undelivered(error: KafkaError) -> Undelivered:
    return Undelivered(error.str(), is_refused=error.code() in _REFUSED)
