"""What a topic and a column say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

MS_SINCE_1970: Final = "ms since 1970-01-01 UTC"
"""The unit of a column that is a time."""

MOST_MESSAGE_BYTES: Final = 1_048_576
"""No message is longer, packed or unpacked: a batch on the wire may hide more."""

MOST_DEPTH: Final = 1_000
"""How deep brackets may stand within brackets: no reader's parser goes deeper."""

TIMES_MS: Final = range(-2_208_988_800_000, 7_258_118_400_000)
"""The years 1900 to 2199: calendars, time zones, databases and pages all have them."""

_BEYOND: Final = {"INT": 2**31, "BIGINT": 2**63}


@dataclass(frozen=True, slots=True)
class Plausible:
    """What a sensor can mean; the bounds themselves are outside unless included."""

    above: float
    below: float
    upper_included: bool = False
    lower_included: bool = False

    def __contains__(self, number: float) -> bool:
        """Whether a sensor can mean ``number``."""
        return (
            self.above < number < self.below
            or (self.upper_included and number == self.below)
            or (self.lower_included and number == self.above)
        )

    def __str__(self) -> str:
        """Return the range as words."""
        least = "at least" if self.lower_included else "above"
        most = "at most" if self.upper_included else "below"
        return f"{least} {self.above:g}, {most} {self.below:g}"


@dataclass(frozen=True, slots=True)
class Beside:
    """What another number of the same message must be.

    The first of ``columns`` that the message has as a number decides, plausible or
    not: a pulse of 0 beside a heart rate of 75 is not a normal rate.
    """

    columns: tuple[str, ...]
    within: Plausible


@dataclass(frozen=True, slots=True)
class Suspect:
    """Numbers that are more likely of another unit: they count as missing.

    Such a number is ``within`` bounds, and all that is ``beside`` it is so as well.
    """

    looks_like: str
    within: Plausible
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a message.

    ``loinc`` and ``mdc`` are the codes of the observation in LOINC and in
    ISO/IEEE 11073-10101, ``one_of`` the only texts allowed. A text has at least one
    character and at most ``max_length``; it matches ``pattern`` as a whole, where
    there is one, and is none of the ``reserved``.
    A column of type ``MAP`` holds at most ``max_items`` rows by their names;
    ``entries`` are the columns of each row. One of type ``ARRAY<STRING>`` is a list of
    at most so many texts, none of them missing; what is said of a text holds for each.

    ``no_value`` are the numbers by which a sensor of this kind says that it has no
    value, ``suspects`` those that are more likely of another unit. Both are looked for
    whether plausible or not, count as missing, and are named.
    """

    name: str
    sql_type: str
    doc: str
    unit: str = "1"
    required: bool = False
    max_length: int | None = None
    max_items: int | None = None
    pattern: str = ""
    reserved: tuple[str, ...] = ()
    plausible: Plausible | None = None
    no_value: tuple[float, ...] = ()
    suspects: tuple[Suspect, ...] = ()
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
    def is_time(self) -> bool:
        """Whether it says when something was."""
        return self.unit == MS_SINCE_1970

    @property
    def whole_range(self) -> range:
        """Return what a column of whole numbers may hold."""
        if self.is_time:
            return TIMES_MS
        beyond = _BEYOND[self.sql_type]
        return range(-beyond, beyond)

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
    The broker takes no batch of more than ``max_bytes``, and keeps what came in
    ``retention_ms``, but no more than ``retention_bytes`` of each partition.
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
    retention_bytes: int = 512 << 20
    max_bytes: int = MOST_MESSAGE_BYTES
    compacted: bool = False

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
            "max.message.bytes": str(self.max_bytes),
            **self._kept,
        }

    @property
    def _kept(self) -> dict[str, str]:
        if self.compacted:
            return {"cleanup.policy": "compact"}
        return {
            "retention.ms": str(self.retention_ms),
            "retention.bytes": str(self.retention_bytes),
        }
