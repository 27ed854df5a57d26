"""A tiny ward in a real InfluxDB: every kind of point a board can meet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import uuid4

from influxdb_client import InfluxDBClient, Point
from influxdb_client.client.write_api import SYNCHRONOUS

from cep_patterns.pattern import Kind, Severity
from jobs.measurements import (
    BUCKETS,
    MATCHES_FOUND,
    STATISTIC_NAMES,
    VITALS_1M,
    VITALS_10S,
    VITALS_RAW,
    Measurement,
)
from producers.contract import VITAL_SIGNS

VALUES = dict(
    zip((s.name for s in VITAL_SIGNS), (82.4, 82, 97, 14, 121, 78, 36.87), strict=True)
)
COOL = "temperature_c"
"""The vital sign that has not been measured for a while."""
STAYS_LIVE_S = 300
"""Readings are written ahead, so that the live are live while tests run."""


@dataclass(frozen=True)
class SmallWard:
    """A patient with readings now, one silent for 10 min, one with its probe off."""

    now: datetime
    live: str
    silent: str
    unusable: str

    @classmethod
    def new(cls) -> "SmallWard":
        """Return a ward whose patients nobody else has."""
        run = uuid4().hex[:8]
        names = (f"board-{run}-{name}" for name in ("live", "silent", "unusable"))
        return cls(datetime.now(UTC).replace(microsecond=0), *names)

    def ago(self, **length: float) -> datetime:
        """Return the moment that is so long past."""
        return self.now - timedelta(**length)

    def points(self) -> Iterator[tuple[Measurement, Point]]:
        """Return every point of this ward."""
        yield from self._readings()
        for stored_in, width_s in ((VITALS_10S, 10), (VITALS_1M, 60)):
            yield from self._statistics(stored_in, width_s)
        yield from self._matches()

    def _readings(self) -> Iterator[tuple[Measurement, Point]]:
        measured = {k: float(v) for k, v in VALUES.items() if k != COOL}
        for second in range(-STAYS_LIVE_S, 300):
            yield self._reading(self.live, self.ago(seconds=second), **measured)
        yield self._reading(self.live, self.ago(minutes=5), **{COOL: VALUES[COOL]})
        for second in range(600, 660):
            yield self._reading(self.silent, self.ago(seconds=second), **measured)
        probe_off = "spo2_pct=0: not above 0"
        for second in range(-STAYS_LIVE_S, 20):
            yield self._reading(
                self.unusable, self.ago(seconds=second), unusable=probe_off
            )

    def _reading(
        self, patient: str, at: datetime, **fields: object
    ) -> tuple[Measurement, Point]:
        return point(
            VITALS_RAW, at, {"patient_id": patient, "device_id": f"m-{patient}"}, fields
        )

    def _statistics(
        self, stored_in: Measurement, width_s: int
    ) -> Iterator[tuple[Measurement, Point]]:
        """Return an hour of windows; those of odd minutes are higher by one."""
        spread = dict(zip(STATISTIC_NAMES, (0.0, -2.0, 2.0), strict=False))
        first = int(self.now.timestamp()) // width_s * width_s - width_s
        for start_s in range(first, first - 3600, -width_s):
            fields: dict[str, object] = {
                f"{sign}_{name}": value + delta + start_s // 60 % 2
                for sign, value in VALUES.items()
                for name, delta in spread.items()
            }
            fields |= {f"{sign}_count": float(width_s) for sign in VALUES}
            at = datetime.fromtimestamp(start_s, UTC)
            yield point(stored_in, at, {"patient_id": self.live}, fields)

    def _matches(self) -> Iterator[tuple[Measurement, Point]]:
        for severity in Severity:
            clinical = self.live, severity, Kind.CLINICAL
            over = self.ago(minutes=5)
            yield self._match(*clinical, self.ago(minutes=10), over)
            yield self._match(*clinical, self.ago(minutes=3), None)
        ended = self.ago(hours=3), self.ago(minutes=10)
        yield self._match(self.silent, Severity.HIGH, Kind.CLINICAL, *ended)
        technical = Severity.MEDIUM, Kind.TECHNICAL
        yield self._match(self.silent, *technical, self.ago(minutes=9), None)

    def _match(
        self,
        patient: str,
        severity: Severity,
        kind: Kind,
        began: datetime,
        over: datetime | None,
    ) -> tuple[Measurement, Point]:
        tags = {
            "patient_id": patient,
            "device_id": f"m-{patient}",
            "pattern_name": f"sustained_{severity}",
            "severity": str(severity),
            "kind": str(kind),
        }
        fields: dict[str, object] = {
            "match_id": uuid4().hex,
            "rule_version": 1,
            "observed": 141.0 if kind == Kind.CLINICAL else None,
            "ended_ms": over and round(over.timestamp() * 1000),
        }
        return point(MATCHES_FOUND, began, tags, fields)


def point(
    stored_in: Measurement,
    at: datetime,
    tags: dict[str, str],
    fields: dict[str, object],
) -> tuple[Measurement, Point]:
    """Return a point that has all tags of its measurement and only its fields."""
    assert set(tags) == set(stored_in.tags)
    assert set(fields) <= set(stored_in.fields)
    made = Point(stored_in.name).time(at)
    for tag, text in tags.items():
        made.tag(tag, text)
    for name, value in fields.items():
        made.field(name, value)
    return stored_in, made


def seed(client: InfluxDBClient, ward: SmallWard) -> None:
    """Write the ward into the real buckets."""
    with client.write_api(write_options=SYNCHRONOUS) as writer:
        for bucket, points in groupby(ward.points(), lambda each: each[0].bucket):
            writer.write(bucket.name, record=[each for _, each in points])


def clear(client: InfluxDBClient, ward: SmallWard) -> None:
    """Take the ward out of the buckets."""
    for bucket in BUCKETS:
        for patient in (ward.live, ward.silent, ward.unusable):
            client.delete_api().delete(
                ward.ago(days=1),
                ward.ago(days=-1),
                f'patient_id="{patient}"',
                bucket=bucket.name,
            )
