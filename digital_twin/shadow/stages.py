"""What a command can be, what can be heard of it, and all that is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from digital_twin.shadow.command import Command
from digital_twin.shadow.state import State


class Stage(StrEnum):
    """What a command can be."""

    REFUSED = "refused"
    ISSUED = "issued"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    APPLIED = "applied"
    VERIFIED = "verified"
    SETTLED = "settled"
    MODIFIED = "modified"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    FAILED_VERIFICATION = "failed_verification"


ROAD: Final = (
    Stage.ISSUED,
    Stage.DELIVERED,
    Stage.ACCEPTED,
    Stage.APPLIED,
    Stage.VERIFIED,
    Stage.SETTLED,
)
ENDS: Final = frozenset(Stage) - frozenset(ROAD[:-1])


class Said(NamedTuple):
    """A device says how far it is; ``clock_s`` is how far its clock is ahead."""

    stage: Stage
    at_ms: int
    state: State
    clock_s: float = 0.0
    reason: str = ""


class Judged(NamedTuple):
    """What independent telemetry shows."""

    at_ms: int
    met: bool
    observed: float | None
    readings: int | None = None
    reference_readings: int | None = None


class Told(NamedTuple):
    """A device's own status: what state it has now."""

    at_ms: int
    state: State


class Replaced(NamedTuple):
    """A newer command to the same device was issued."""

    at_ms: int
    by: str


class Resent(NamedTuple):
    """It was sent again, and why."""

    at_ms: int
    why: str


class Passed(NamedTuple):
    """Nothing else: time has passed."""

    at_ms: int


Event = Said | Judged | Told | Replaced | Resent | Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All that is known of one command; ``times`` is when each hop was heard of."""

    command: Command
    state: Stage = Stage.ISSUED
    times: Mapping[Stage, int] = field(default_factory=dict)
    ended_ms: int | None = None
    drifted_ms: int | None = None
    reported: State = field(default_factory=State)
    judged: Judged | None = None
    value_before: float | None = None
    value_on_twin: float | None = None
    clock_s: float | None = None
    sent: int = 1
    repeated: int = 0
    reason: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing can become of it any more."""
        return self.state in ENDS
