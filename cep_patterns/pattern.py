"""The shapes a pattern can have, and what every pattern says of itself."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How soon somebody should look, after IEC 60601-1-8."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Kind(StrEnum):
    """Whom a match is about: the patient, or the equipment."""

    CLINICAL = "clinical"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True of values from the bound upwards."""

    bound: float


@dataclass(frozen=True, slots=True)
class AtMost:
    """True of values from the bound downwards."""

    bound: float


@dataclass(frozen=True, slots=True)
class Below:
    """True of values under the bound; the bound itself is fine."""

    bound: float


Condition = AtLeast | AtMost | Below


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A condition on one signal of one device that holds for ``hold_s``.

    An episode is a run of readings that all meet the condition. It ends with
    the first reading that does not, or with more than ``gap_s`` without any.
    Readings that lack the signal say nothing and change nothing. Two readings
    at least make an episode. During the activities ``not_during`` the condition
    is no cause for alarm: a reading then counts as one that does not meet it.
    """

    name: str
    severity: Severity
    signal: str
    condition: Condition
    hold_s: int
    gap_s: int
    not_during: tuple[str, ...] = ()
    kind: Kind = Kind.CLINICAL
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A device that sent readings and then none in ``slots`` whole slots.

    Slots are laid on the clock, so that state is one row a slot and not one a
    reading; the silence is said between ``slots`` and ``slots + 1`` times
    ``slot_s`` after the last reading.
    """

    name: str
    severity: Severity
    slot_s: int
    slots: int
    kind: Kind = Kind.TECHNICAL
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A held condition that begins soon after something else was true.

    As ``Held``, of runs that begin no later than ``within_s`` after a reading
    of the same patient, of whatever device, that met ``after_condition``.
    """

    name: str
    severity: Severity
    after_signal: str
    after_condition: Condition
    within_s: int
    signal: str
    condition: Condition
    hold_s: int
    gap_s: int
    kind: Kind = Kind.CLINICAL
    version: int = 1


Pattern = Held | Followed | Silent
