"""What can be seen of Vigil now: the broker, Flink, the database, the disk, the page.

Whatever does not answer is None, and holds up nothing else for long.
"""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
from confluent_kafka import KafkaException

from alerts.database import ERRORS, Database
from alerts.flink import jobs
from alerts.groups import Groups
from alerts.positions import positions
from alerts.settings import AlertSettings
from alerts.streams import Streams
from alerts.system import FIXES_GROUP, INPUTS
from alerts.usable_readings import Ends, UsableReadings
from alerts.watch import DiskSeen, Point, Points, Sight
from producers.contract import MATCHES, REJECTED, VITALS
from producers.offsets import Offsets
from producers.progress import Place

ANSWER_S: Final = 3.0
TOPICS: Final = tuple(
    dict.fromkeys([VITALS.name, REJECTED.name, MATCHES.name, *INPUTS.values()])
)


@dataclass(slots=True)
class Looker:
    """Looks at all that alarms depend on."""

    settings: AlertSettings
    database: Database
    streams: Streams
    _offsets: Offsets = field(init=False)
    _groups: Groups = field(init=False)
    _usable: UsableReadings = field(init=False)
    _first: dict[Place, int] = field(default_factory=dict, init=False)
    """The ends of partitions of which nothing was read before they were seen."""

    def __post_init__(self) -> None:
        """Remember where the broker is; nothing is asked of it yet."""
        self._offsets = Offsets(self.settings.kafka_brokers)
        self._groups = Groups(self.settings.kafka_brokers)
        self._usable = UsableReadings(self.settings.kafka_brokers)

    def look(self) -> Sight:
        """Return what is seen now."""
        with self.streams.quiet() as own:
            ends = self._ends()
        settings = self.settings
        return Sight(
            at_s=time.monotonic(),
            vitals=self._of_devices(_total(ends, VITALS.name), own),
            usable=self._usable.count(_of_topic(ends, VITALS.name)),
            rejected=_total(ends, REJECTED.name),
            streamed=self.streams.seen,
            jobs=jobs(settings.flink_url),
            unread=self._unread(ends),
            committed=self._committed(ends),
            disk=disk(settings.data_dir),
            influx=answers(settings.influx_url),
            page=answers(settings.gateway_url),
            fixes=self._fixes(),
            chain_s=self.streams.chain_s(),
        )

    def _of_devices(self, count: int | None, own: int) -> int | None:
        """Return how many readings are not ours; none, as long as we know of none."""
        if count is None:
            return None
        self.streams.note(count - own)
        return count - own if self.streams.seen else 0

    def close(self) -> None:
        """Let go of the broker."""
        self._groups.close()

    def _ends(self) -> Ends | None:
        try:
            return self._offsets.ends(self._offsets.topics(TOPICS).places)
        except KafkaException:
            return None

    def _unread(self, ends: Ends | None) -> Points | None:
        """Return how far we have read; where we never did, from the first sight on."""
        if ends is None:
            return None
        try:
            read = positions(self.database)
        except ERRORS:
            return None
        ours = _of_topic(ends, MATCHES.name) or {}
        for place, end in ours.items():
            self._first.setdefault(place, end)
        return {
            place: Point(read.get(place.partition, self._first[place]), end)
            for place, end in ours.items()
        }

    def _committed(self, ends: Ends | None) -> Mapping[str, Points] | None:
        if ends is None:
            return None
        inputs = {
            job: [place for place in ends if place.topic == topic]
            for job, topic in INPUTS.items()
        }
        try:
            committed = self._groups.committed(inputs)
        except KafkaException:
            return None
        return {
            job: {place: Point(at, ends[place]) for place, at in places.items()}
            for job, places in committed.items()
        }

    def _fixes(self) -> bool | None:
        try:
            return self._groups.is_attended(FIXES_GROUP)
        except KafkaException:
            return None


def _total(ends: Ends | None, topic: str) -> int | None:
    """Return how many messages a topic ever had."""
    of_topic = _of_topic(ends, topic)
    return None if of_topic is None else sum(of_topic.values())


def _of_topic(ends: Ends | None, topic: str) -> Ends | None:
    if ends is None:
        return None
    return {place: end for place, end in ends.items() if place.topic == topic}


def answers(url: str) -> bool | None:
    """Return whether a server says that it is well; None where there is none.

    A page that knows itself by another name refuses us, and so is there.
    """
    if not url:
        return None
    try:
        with httpx.stream("GET", f"{url}/health", timeout=ANSWER_S) as answer:
            return not answer.is_server_error
    except Exception:  # noqa: BLE001 - whatever it is, there is no answer
        return False


def disk(folder: Path) -> DiskSeen | None:
    """Return the room on the disk of a folder, which need not be there yet.

    None where it cannot be looked at.
    """
    try:
        there = next(each for each in (folder, *folder.parents) if each.exists())
        usage = shutil.disk_usage(there)
    except (OSError, StopIteration):
        return None
    return DiskSeen(usage.free, usage.total)
