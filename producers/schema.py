"""What a topic and a column say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Plausible:
    """What a sensor can mean; the bounds themselves are outside unless included."""

    above: float
    below: float
    upper_included: bool = False

    def __contains__(self, number: float) -> bool:
        """Whether a sensor can mean ``number``."""
        return self.above < number < self.below or (
            self.upper_included and number == self.below
        )

    def __str__(self) -> str:
        """Return the range as words."""
        most = "at most" if self.upper_included else "below"
        return f"above {self.above:g}, {most} {self.below:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a message.

    ``loinc`` and ``mdc`` are the codes of the observation in LOINC and in
    ISO/IEEE 11073-10101, ``one_of`` the only texts allowed. A column of type
    ``MAP`` holds rows by their names; ``entries`` are the columns of each row.
    One of type ``ARRAY<STRING>`` is a list of texts, none of them missing; what is
    said of a text holds for each.
    """

    name: str
    sql_type: str
    doc: str
    unit: str = "1"
    required: bool = False
    max_length: int | None = None
    plausible: Plausible | None = None
    one_of: tuple[str, ...] = ()
    loinc: str = ""
    mdc: int | None = None
    entries: tuple["Column", ...] = ()

    def is_fitting_length(self, text: str) -> bool:
        """Whether a text has the length that is allowed."""
        return self.max_length is None or 0 < len(text) <= self.max_length

    def is_allowed(self, text: str) -> bool:
        """Whether a text is one of those allowed."""
        return not self.one_of or text in self.one_of

    @property
    def declared_type(self) -> str:
        """Return the type in full, as SQL declares it."""
        if not self.entries:
            return self.sql_type
        row = ", ".join(f"{each.name} {each.declared_type}" for each in self.entries)
        return f"{self.sql_type}<STRING, ROW<{row}>>"


class Wire(StrEnum):
    """How a message's value is written."""

    JSON = "json"
    ORIGINAL_BYTES = "original bytes, the columns as Kafka headers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One Kafka topic: its columns, its key, how late its events may be.

    ``key`` is one column, or several that together name a row; ``event_time`` is
    the column that says when a message became true. Of a ``compacted`` topic the
    broker keeps, for ever, the newest message of each key.
    ``max_lateness_ms`` and ``max_rate_hz`` are promises of every device that
    publishes here; a reading later than that goes to the topic ``late``. A time
    more than ``max_ahead_ms`` after the message's arrival at the broker, or
    ``max_age_ms`` before it, is absurd, and the message is rejected.
    """

    name: str
    doc: str
    key: str | tuple[str, ...]
    columns: tuple[Column, ...]
    wire: Wire = Wire.JSON
    event_time: str = "ts_ms"
    max_lateness_ms: int = 0
    max_rate_hz: int = 1
    max_ahead_ms: int = 60_000
    max_age_ms: int = 28 * DAY_MS
    partitions: int = 4
    retention_ms: int = 7 * DAY_MS
    compacted: bool = False
    more_configs: dict[str, str] = field(default_factory=dict)

    def is_timely(self, event_ms: int, arrived_ms: int) -> bool:
        """Whether a message with this time may arrive then; else it is absurd."""
        return -self.max_age_ms <= event_ms - arrived_ms <= self.max_ahead_ms

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns of the key; several are written as one JSON object."""
        return (self.key,) if isinstance(self.key, str) else self.key

    def key_of(self, message: Mapping[str, object]) -> bytes:
        """Return the key of ``message``: one column as it is, several as JSON."""
        if len(self.keys) == 1:
            return str(message[self.keys[0]]).encode()
        return orjson.dumps({name: message[name] for name in self.keys})

    @property
    def configs(self) -> dict[str, str]:
        """Return the topic's settings on the broker.

        Kafka deletes by record time. Time of arrival, because a replayed
        recording of last year must not vanish at the next retention check.
        """
        return {
            "message.timestamp.type": "LogAppendTime",
            **self._kept,
            **self.more_configs,
        }

    @property
    def _kept(self) -> dict[str, str]:
        if self.compacted:
            return {"cleanup.policy": "compact"}
        return {"retention.ms": str(self.retention_ms)}
