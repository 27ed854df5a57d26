"""What an episode consists of: a timeline of stages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Range = tuple[float, float]
"""Of the mildest and of the gravest episode; what lies between is in between."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """One stage: it begins at a share of the episode, and is reached after a ramp.

    ``targets`` are the levels that quantities move to, ``shifts`` how far they move
    from where the patient would be. ``variability`` multiplies how far a quantity
    flutters. ``consciousness`` is a place in ``ACVPU``. What a stage does not name
    stays as the stage before it left it.
    """

    begins: float = 0.0
    ramp_s: float = 0.0
    targets: Mapping[str, Range] = field(default_factory=dict)
    shifts: Mapping[str, Range] = field(default_factory=dict)
    variability: Mapping[str, float] = field(default_factory=dict)
    consciousness: Range | None = None
    on_oxygen: bool | None = None
    activity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of episode.

    ``course`` is the body's part: stages, after which everything comes back over
    the last ``recovers_s``. ``reports`` is the device's part: what it says instead
    of what it measures, NaN for nothing at all; a ``silent`` device sends no
    message. ``measured``: somebody is there and measures what is else measured on
    a schedule.
    """

    name: str
    source: str
    duration_s: Range
    course: tuple[Stage, ...] = ()
    recovers_s: float = 0.0
    reports: Mapping[str, float] = field(default_factory=dict)
    silent: bool = False
    measured: bool = False
