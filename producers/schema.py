"""What a topic and a column say of themselves."""

from dataclasses import dataclass, field
from enum import StrEnum

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Plausible:
    """What a sensor can mean; the bounds themselves are outside unless included."""

    above: float
    below: float
    upper_included: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a message.

    ``loinc`` and ``mdc`` are the codes of the observation in LOINC and in
    ISO/IEEE 11073-10101, ``one_of`` the only texts allowed.
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


class Wire(StrEnum):
    """How a message's value is written."""

    JSON = "json"
    ORIGINAL_BYTES = "original bytes, the columns as Kafka headers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One Kafka topic: its columns, its key, how late its events may be.

    ``max_lateness_ms`` and ``max_rate_hz`` are promises of every device that
    publishes here; a reading later than that goes to the topic ``late``. A time
    more than ``max_ahead_ms`` after the message's arrival at the broker, or
    ``max_age_ms`` before it, is absurd, and the message is rejected.
    """

    name: str
    doc: str
    key: str
    columns: tuple[Column, ...]
    wire: Wire = Wire.JSON
    max_lateness_ms: int = 0
    max_rate_hz: int = 1
    max_ahead_ms: int = 60_000
    max_age_ms: int = 28 * DAY_MS
    partitions: int = 4
    retention_ms: int = 7 * DAY_MS
    more_configs: dict[str, str] = field(default_factory=dict)

    @property
    def configs(self) -> dict[str, str]:
        """Return the topic's settings on the broker.

        Kafka deletes by record time. Time of arrival, because a replayed
        recording of last year must not vanish at the next retention check.
        """
        return {
            "message.timestamp.type": "LogAppendTime",
            "retention.ms": str(self.retention_ms),
            **self.more_configs,
        }
