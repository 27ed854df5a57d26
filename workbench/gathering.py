"""Fold what the watchers see into the state of the ward."""

from collections.abc import Iterator

from producers.contract import LATE, REJECTED, TOPICS, VITALS
from stack import credentials
from stack.settings import Settings
from workbench.alarms import Alarm, Alarms
from workbench.measures import Latencies, Meter
from workbench.ward import Ward
from workbench.watching import Seen


class Gathering:
    """What has been seen of a ward since it began at ``begun_ms``."""

    def __init__(self, settings: Settings, source: str, begun_ms: int) -> None:
        self._source = source
        self._begun_ms = begun_ms
        self._listens = listens(settings)
        self._alarms = Alarms(begun_ms)
        self._latencies = Latencies()
        self._readings = Meter()
        self._points = Meter()

    def news(self, seen: Seen, detects_since_ms: int | None) -> Iterator[Alarm]:
        """Take in every match that has arrived; yield what changed for the ward."""
        while not seen.matches.empty():
            message, readable_ms = seen.matches.get()
            told = self._alarms.tell(message)
            if told is not None:
                true_ms = int(str(message["ts_ms"]))
                self._latencies.read(true_ms, readable_ms, detects_since_ms)
                yield told

    def ward(self, seen: Seen, jobs: dict[str, str], death: str, now_ms: int) -> Ward:
        """Return the ward at this moment."""
        self._readings.read(seen.ends.get(VITALS.name))
        self._points.read(seen.points)
        return Ward(
            source=self._source,
            up_s=(now_ms - self._begun_ms) / 1000,
            readings_per_s=self._readings.per_second(),
            points_per_s=self._points.per_second(),
            rejected=seen.since_start(REJECTED),
            late=seen.since_start(LATE),
            latency=self._latencies.now(),
            jobs=jobs,
            alarms=self._alarms,
            listens=self._listens,
            troubles=tuple(filter(None, (death, *seen.troubles.values()))),
        )


def listens(settings: Settings) -> dict[str, str]:
    """Return where everything can be reached."""
    topics = ", ".join(topic.name for topic in TOPICS)
    return {
        "Ward": f"{settings.gateway_url}{credentials.sign_in(settings)}",
        "Flink": settings.flink_url,
        "InfluxDB": settings.influx_url,
        "Kafka": f"{settings.kafka_brokers}, topics {topics}",
    }
