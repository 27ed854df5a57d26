"""A tiny ward in a real InfluxDB: every kind of point a board can meet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from influxdb_client import InfluxDBClient, Point
from influxdb_client.client.write_api import SYNCHRONOUS

from cep_patterns.pattern import Kind, Severity
from jobs.measurements import (
    BUCKETS,
    EEG_CHANNELS,
    EEG_SCORED,
    MATCHES_FOUND,
    SCORES_FOUND,
    STATISTIC_NAMES,
    VITALS_1M,
    VITALS_10S,
    VITALS_RAW,
    Measurement,
)
from producers.contract import VITAL_SIGNS
from scores.news2 import SCALE_1

VALUES = dict(
    zip((s.name for s in VITAL_SIGNS), (82.4, 82, 97, 14, 121, 78, 36.87), strict=True)
)
COOL = "temperature_c"
"""The vital sign that has not been measured for a while."""
NEVER_KNOWN = "air_or_oxygen"
"""The part of an incomplete score that has no age."""
NO_TAGS: Mapping[str, str] = {}
CHANNELS: Mapping[str, dict[str, Any]] = {
    "Fp1": {"quality": "good", "amplitude_uv": 40.0},
    "Cz": {"quality": "flat"},
}
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

    def patients(self) -> tuple[str, str, str]:
        """Return all who lie here."""
        return self.live, self.silent, self.unusable

    def seen(self) -> dict[str, float]:
        """Return what technical conditions observed; of the silent one, nothing."""
        return {self.live: 1.0, self.unusable: 3.0}

    def points(self) -> Iterator[tuple[Measurement, Point]]:
        """Return every point of this ward."""
        yield from self._readings()
        for stored_in, width_s in ((VITALS_10S, 10), (VITALS_1M, 60)):
            yield from self._statistics(stored_in, width_s)
        yield from self._matches()
        yield from self._scores()
        yield from self._eeg()

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
        for minutes, patient in enumerate(self.patients(), 8):
            began = self.ago(minutes=minutes)
            yield self._match(patient, *technical, began, None)

    def _scores(self) -> Iterator[tuple[Measurement, Point]]:
        """Return an hour of a complete score; and one that is so no longer."""
        risky = {"risk": "high", "respond_by_ms": self._ms_ago(minutes=10)}
        for minute in range(60):
            known = {"total": 7, "known_parts": 7, **_risks("high", "high"), **risky}
            at = self.ago(minutes=minute)
            yield self._score(self.live, at, 7, 7, **known)
        soon = {
            "respond_by_ms": self._ms_ago(minutes=-55),
            "total": 5,
            "risk": "medium",
        }
        medium = {**_risks("medium", "medium"), "known_parts": 7, **soon}
        yield self._score(self.unusable, self.ago(minutes=3), 5, 5, **medium)
        incomplete = {**_risks("low", "high"), "known_parts": 5, "missing": "pulse"}
        yield self._score(self.silent, self.ago(minutes=12), 5, 5, **medium)
        yield self._score(self.silent, self.ago(minutes=11), 2, 8, **incomplete)

    def _eeg(self) -> Iterator[tuple[Measurement, Point]]:
        """Return a patient in a seizure, whose Cz is flat, and one nobody can judge."""
        for second in range(-STAYS_LIVE_S, 300):
            at, seizing = self.ago(seconds=second), second < 60
            seen = {"probability": 0.9, "firing_power": 1.0, "threshold": 0.5}
            said = {"seizing": seizing, "good_channels": 2, "background_s": 240}
            yield self._brain(EEG_SCORED, self.live, at, seen | said)
            for channel, fields in CHANNELS.items():
                tag = {"channel": channel}
                yield self._brain(EEG_CHANNELS, self.live, at, fields, tag)
            unseen = {"seizing": False, "good_channels": 0, "threshold": 0.5}
            yield self._brain(EEG_SCORED, self.unusable, at, unseen)

    def _brain(
        self,
        stored_in: Measurement,
        patient: str,
        at: datetime,
        fields: dict[str, Any],
        tags: Mapping[str, str] = NO_TAGS,
    ) -> tuple[Measurement, Point]:
        names = {"patient_id": patient, "device_id": f"e-{patient}"}
        return point(stored_in, at, {**names, **tags}, fields)

    def _score(
        self, patient: str, at: datetime, lowest: int, highest: int, **more: object
    ) -> tuple[Measurement, Point]:
        fields: dict[str, object] = {
            "lowest": lowest,
            "highest": highest,
            "of_parts": 7,
        }
        for part in SCALE_1.parts:
            fields |= {f"{part.name}_lowest": 1, f"{part.name}_age_s": 5.0}
            fields[f"{part.name}_highest"] = 1 if lowest == highest else 3
        if lowest != highest:
            del fields[f"{NEVER_KNOWN}_age_s"]
        tags = {"patient_id": patient, "score_name": SCALE_1.name}
        return point(SCORES_FOUND, at, tags, fields | more)

    def _ms_ago(self, **length: float) -> int:
        return round(self.ago(**length).timestamp() * 1000)

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
            "observed": 141.0 if kind == Kind.CLINICAL else self.seen().get(patient),
            "ended_ms": over and round(over.timestamp() * 1000),
        }
        return point(MATCHES_FOUND, began, tags, fields)


def _risks(at_least: str, at_most: str) -> dict[str, object]:
    return {"risk_at_least": at_least, "risk_at_most": at_most}


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
