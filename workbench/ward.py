"""The state of a live ward, as far as a person sees it: plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.alarms import Alarms
from workbench.measures import Latency


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """One moment. None says that something is not known (yet)."""

    source: str
    up_s: float
    readings_per_s: float | None = None
    points_per_s: float | None = None
    rejected: int | None = None
    late: int | None = None
    latency: Latency | None = None
    jobs: Mapping[str, str] = field(default_factory=dict)
    alarms: Alarms = field(default_factory=Alarms)
    listens: Mapping[str, str] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()
