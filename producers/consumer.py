"""Read topics from given offsets on, whatever the broker does meanwhile.

For every Python program that reads Kafka. By librdkafka, which reads each codec
that a broker accepts. The partitions are asked of the broker, again and again: those
that are added are read from where ``begin`` says, and so is a topic that was deleted
and made anew under its old name. (librdkafka alone takes the new one's leader for an
old one's, and waits for ever.) While the broker is away, nothing is waited for.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import OffsetSpec

from producers.offsets import CONNECTION, Offsets
from producers.progress import Place, Progress, Sightings

LOOK_EVERY_S: Final = 2.0
"""How often the broker is asked for partitions, and for how far they go."""
AGAIN_S: Final = 0.5
NOT_YET: Final = "not connected to Kafka yet"
TRIES: Final = 3
"""A message that librdkafka cannot give out so often is stepped over."""

READING: Final = {
    "enable.auto.commit": False,
    "auto.offset.reset": "error",  # begin decides, and says so
    "enable.partition.eof": True,  # the end may be no message, but a marker
    "isolation.level": "read_uncommitted",  # nobody's open transaction holds it up
    "fetch.wait.max.ms": 100,
    "fetch.queue.backoff.ms": 5,
}
"""How whoever chooses offsets reads, whatever the broker and others do."""
_GONE: Final = frozenset(
    {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}  # noqa: SLF001 - its public name
)


class Record(NamedTuple):
    """A message, its place, and when the broker got it.

    ``unreadable`` says why a message could not even be fetched; it has no bytes.
    """

    topic: str
    partition: int
    offset: int
    value: bytes
    key: bytes | None = None
    arrived_ms: int = 0
    unreadable: str = ""


class Extent(NamedTuple):
    """A partition that is about to be read, as the broker has it.

    ``first`` is the oldest message there is, ``end`` the next that will be written,
    ``recent`` the first that arrived within the look back; of a topic that was read
    before (so the partition is new, or was made anew) it is ``first``.
    """

    topic: str
    topic_id: str
    number: int
    first: int
    recent: int
    end: int


Begin = Callable[[Sequence[Extent]], Sequence[int]]
"""Returns the offset at which each of these partitions is begun."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the broker said: how far each partition goes, and more of those not read."""

    ids: Mapping[str, str]
    ends: Mapping[Place, int]
    extents: Mapping[Place, Extent]


class Reader:
    """Reads some topics; every reader gets every message.

    Parameters
    ----------
    brokers : where they are
    name : who reads, for the broker's logs
    look_back_ms : for each topic to read, how far back ``Extent.recent`` looks
    begin : asked once for each partition, and anew where its messages are gone;
        what it raises comes out of ``read``, and it is asked again

    """

    def __init__(
        self, brokers: str, name: str, look_back_ms: Mapping[str, int], begin: Begin
    ) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self.trouble = NOT_YET
        """Why nothing may come, in words for people; or nothing."""
        self._look_back_ms = look_back_ms
        self._begin = begin
        who = {"bootstrap.servers": brokers, "client.id": name, "group.id": name}
        self._settings = {**CONNECTION, **READING, **who}
        self._offsets = Offsets(brokers)
        self._consumer: Any = None
        self._pool = ThreadPoolExecutor(1, f"look-{name}")
        self._look: Future[_Look] | None = None
        self._look_at_s = 0.0
        self._ids: Mapping[str, str] = {}
        self._positions: dict[Place, int] = {}
        self._failures: dict[Place, int] = {}
        self._sightings = Sightings()

    def read(self, most: int, timeout_s: float) -> list[Record]:
        """Return up to ``most`` messages, as soon as there is one; none while away."""
        until_s = time.monotonic() + timeout_s
        self._follow(timeout_s)
        records: list[Record] = []
        while self._consumer is not None and not records:
            first = self._consumer.poll(max(0.0, until_s - time.monotonic()))
            if first is None:
                break
            records = self._read_of([first, *self._consumer.consume(most - 1, 0)])
        if self._consumer is None and not records:
            time.sleep(max(0.0, until_s - time.monotonic()))
        return records

    def progress(self) -> Progress:
        """Return how much of what the broker has was not read yet, and since when."""
        return self._sightings.progress(dict(self._positions))

    def close(self) -> None:
        """Let go of the broker; to read again connects anew."""
        self._disconnect()
        if self._look is not None:
            self._look.cancel()
        self._look, self._look_at_s = None, 0.0

    def _disconnect(self) -> None:
        if self._consumer is not None:
            self._consumer.close()
        self._consumer = None

    def _follow(self, timeout_s: float) -> None:
        """Take in what the broker said, and ask it again in time, beside reading."""
        if self._look is None and time.monotonic() >= self._look_at_s:
            read = frozenset(self._positions)
            self._look = self._pool.submit(self._looked, read, self._ids)
        if self._look is None:
            return
        if self._consumer is None:
            wait([self._look], timeout_s)
        if self._look.done():
            look, self._look = self._look, None
            self._look_at_s = time.monotonic() + LOOK_EVERY_S
            self._take_in(look)

    def _take_in(self, looked: "Future[_Look]") -> None:
        try:
            look = looked.result()
        except KafkaException as error:
            self.trouble = f"Kafka does not answer: {error.args[0].str()}"
            return
        old = {
            p for p in self._positions if self._ids.get(p.topic) != look.ids[p.topic]
        }
        for place in old | (self._positions.keys() - look.ends.keys()):
            del self._positions[place]
            self._sightings.forget(place)
        new = [look.extents[p] for p in look.ends if p not in self._positions]
        offsets = self._begin(new) if new else ()
        for each, offset in zip(new, offsets, strict=True):
            self._positions[Place(each.topic, each.number)] = offset
        self._ids = look.ids  # not before: what could not be begun was never read
        if new or old or self._consumer is None:
            self._connect()
        self._sightings.see(look.ends, self._positions)
        self.trouble = ""

    def _connect(self) -> None:
        self._disconnect()
        consumer = Consumer(self._settings)
        consumer.assign(
            [TopicPartition(*place, at) for place, at in self._positions.items()]
        )
        self._consumer = consumer

    def _read_of(self, messages: Iterable[Any]) -> list[Record]:
        """Return the messages that are some; where one is none, begin anew."""
        records: list[Record] = []
        for each in messages:
            place = Place(each.topic(), each.partition())
            if (error := each.error()) is None:
                records.append(record_of(each))
                self._positions[place] = each.offset() + 1
                self._sightings.read(place)
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - its public name
                at_least = self._positions.get(place, 0)
                self._positions[place] = max(at_least, each.offset())
            elif each.topic() is not None:
                records += self._failed(place, error)
        return records

    def _failed(self, place: Place, error: KafkaError) -> list[Record]:
        """Begin anew; step over a message that cannot be fetched again and again."""
        self.trouble = f"Kafka: {error.str()}"
        self._disconnect()
        self._look, self._look_at_s = None, time.monotonic() + AGAIN_S
        if error.code() in _GONE:
            self._positions.pop(place, None)
            return []
        at = self._positions.get(place, 0)
        tried = self._failures.get(place, 0) + 1
        self._failures[place] = tried % TRIES
        if tried < TRIES or error.retriable():
            return []
        self._positions[place] = at + 1
        return [Record(*place, at, b"", unreadable=error.str())]

    def _looked(self, read: frozenset[Place], read_ids: Mapping[str, str]) -> _Look:
        """Ask the broker how far all goes; more of what is not ``read`` already."""
        ids, places = self._offsets.topics(self._look_back_ms)
        ends = self._offsets.ends(places)
        same = {name for name in ids if ids[name] == read_ids.get(name)}
        new = [p for p in places if p not in read or p.topic not in same]
        first, recent = self._beginnings(new, read_ids)
        extents = {
            p: Extent(
                topic=p.topic,
                topic_id=ids[p.topic],
                number=p.partition,
                first=first[p],
                recent=_or_end(recent.get(p, first[p]), ends[p]),
                end=ends[p],
            )
            for p in new
        }
        return _Look(ids, ends, extents)

    def _beginnings(
        self, new: Sequence[Place], read_ids: Mapping[str, str]
    ) -> tuple[dict[Place, int], dict[Place, int]]:
        """Return where partitions begin, and where what is recent does, if it is asked.

        Asked after the ends, so that nothing lies in between.
        """
        now_ms = time.time_ns() // 1_000_000
        first = self._offsets.firsts(new)
        since_ms = {
            place: now_ms - self._look_back_ms[place.topic]
            for place in new
            if place.topic not in read_ids
        }
        specs = {p: OffsetSpec.for_timestamp(ms) for p, ms in since_ms.items()}
        return first, self._offsets.of(specs)


def _or_end(offset: int, end: int) -> int:
    """Return an offset; the broker says -1 where nothing is as recent."""
    return offset if offset >= 0 else end


def record_of(message: Any) -> Record:  # noqa: ANN401 - untyped library
    """Return a message as a record; the library must have been able to read it."""
    return Record(
        topic=message.topic(),
        partition=message.partition(),
        offset=message.offset(),
        value=message.value() or b"",
        key=message.key(),
        arrived_ms=message.timestamp()[1],
    )
