"""The shapes a pattern can have, and what every pattern says of itself."""

from dataclasses import dataclass, replace
from enum import StrEnum

SLOT_S = 10
"""The clock's slots, for what is about minutes and not about single readings."""


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


@dataclass(frozen=True, slots=True)
class Above:
    """True of values over the bound; the bound itself is fine."""

    bound: float


Condition = AtLeast | AtMost | Below | Above


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A condition on one signal, true of single readings."""

    signal: str
    condition: Condition
    not_during: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of several conditions, whichever."""

    mets: tuple[Met, ...]


Also = Met | AnyOf


@dataclass(frozen=True, slots=True)
class Adjustable:
    """How far a patient's own limit may go; beyond, the bound here counts.

    ``tightest`` alarms earliest. A limit wider than ``widest`` would hide what
    no patient should be left alone with.
    """

    tightest: float
    widest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A higher severity, for more or for longer than the pattern's own.

    It is found as an episode of its own, under the pattern's name; what is not
    given is as in the pattern. A patient's own limit does not move it. No two
    levels of a pattern have the same severity, by which episodes are told apart.
    """

    severity: Severity
    condition: Condition | None = None
    also: tuple[Also, ...] = ()
    hold_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A condition on one signal that holds for ``hold_s``.

    An episode is a run of readings of one device that all meet the condition, and
    all those of ``also`` (one whose signal is missing is not met). It ends with
    the first reading that does not, or with more than ``gap_s`` without any.
    Readings that lack the signal say nothing and change nothing. Two readings
    at least make an episode. During the activities ``not_during`` the condition
    is no cause for alarm: a reading then counts as one that does not meet it.

    Where the signal is one of a patient, and not of a reading, "reading" means
    what is known of the patient: once a minute, and whenever it changes the
    points of a score. There an episode may be held to begin only after
    ``calm_before_s`` in which the signal was known and the condition not met.
    """

    name: str
    severity: Severity
    signal: str
    condition: Condition
    hold_s: int
    gap_s: int
    also: tuple[Also, ...] = ()
    not_during: tuple[str, ...] = ()
    own_limit: Adjustable | None = None
    calm_before_s: int = 0
    raised: tuple[Raised, ...] = ()
    kind: Kind = Kind.CLINICAL
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse limits of patients that the pattern's own does not lie between.

        Readings calmer than the tightest are left out early, unseen.
        """
        if self.own_limit is None:
            return
        less_is_worse = isinstance(self.condition, AtMost | Below)
        ends = self.own_limit.tightest, self.own_limit.widest
        low, high = reversed(ends) if less_is_worse else ends
        if not low <= self.condition.bound <= high:
            msg = (
                f"{self.name}: its bound {self.condition.bound:g} must lie between"
                f" the tightest ({ends[0]:g}) and the widest ({ends[1]:g}) limit that"
                " a patient may have: correct or remove own_limit"
            )
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A device that sent readings and then none in ``slots`` whole slots.

    Slots of ``SLOT_S`` are laid on the clock, so that state is one row a slot
    and not one a reading; the silence is said between ``slots`` and ``slots +
    1`` times ``SLOT_S`` after the last reading.
    """

    name: str
    severity: Severity
    slots: int
    kind: Kind = Kind.TECHNICAL
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A held condition that begins soon after something else was true.

    As ``Held``, of runs that begin no later than ``within_s`` after a reading
    of the same patient, of whatever device, that met ``after``.
    """

    name: str
    severity: Severity
    after: Met
    within_s: int
    signal: str
    condition: Condition
    hold_s: int
    gap_s: int
    not_during: tuple[str, ...] = ()
    kind: Kind = Kind.CLINICAL
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """How far below a limit, and for how long, as one number: point-seconds.

    A reading below ``limit`` adds what it lacks, for one second (the pace that
    the contract promises). One above takes as much away, but no more than
    ``decay_most``; from there on the burden decays by ``decay_most`` a second
    until the next reading. It never is less than nothing.

    An episode is a run of readings below ``limit + decay_most``, and ends with
    the first reading that is not, or with more than ``gap_s`` without any. It is
    found with the reading that brings the burden to ``index``, or that is the
    ``violations``-th in ``within_s`` to fall below the limit; where that is the
    first of its run, with the next one, for two readings at least make an episode.
    """

    name: str
    severity: Severity
    signal: str
    limit: float
    index: float
    decay_most: float
    violations: int
    within_s: int
    gap_s: int
    kind: Kind = Kind.CLINICAL
    version: int = 1

    @property
    def condition(self) -> Below:
        """Return what makes a run."""
        return Below(self.limit + self.decay_most)


Pattern = Held | Followed | Burden | Silent

Single = Held | Followed
"""Patterns that look at readings one by one."""

Run = Held | Followed | Burden
"""Patterns that are found in runs of readings."""

Rule = Held | Followed | Met
"""Whatever says of a reading whether it is a hit."""


def levels(pattern: Single) -> tuple[Single, ...]:
    """Return ``pattern`` once for each of its severities, its own first."""
    if isinstance(pattern, Followed):
        return (pattern,)
    return (
        replace(pattern, raised=()),
        *(
            replace(
                pattern,
                severity=higher.severity,
                condition=higher.condition or pattern.condition,
                also=higher.also or pattern.also,
                hold_s=higher.hold_s or pattern.hold_s,
                own_limit=None,
                raised=(),
            )
            for higher in pattern.raised
        ),
    )
