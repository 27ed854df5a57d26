"""Is Vigil itself well? Judged from what was seen of it, by a clock on the wall.

Pure. Nothing here waits for a message, so it also works when every source is
silent. What cannot be judged is left as it was: while the broker is away nobody
knows whether a stream is silent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from alerts.system import (
    ALARMS_BEHIND,
    BROKER_AWAY,
    CHAIN_BROKEN,
    CHECKPOINTS_OLD,
    DISK_FILLING,
    DISK_NEARLY_FULL,
    FIXES_AWAY,
    FLINK_AWAY,
    INFLUX_AWAY,
    JOBS,
    JOBS_BEHIND,
    MANY_REJECTED,
    PAGE_AWAY,
    VITALS_SILENT,
    Trouble,
)
from producers.progress import Place

AWAY_S: Final = 30
SILENT_S: Final = 30
JOB_S: Final = 120
"""A job that is submitted, or starts again, is given this long."""
RATE_S: Final = 60
MANY: Final = 100
"""Messages rejected in ``RATE_S``; fewer are no flood, whatever their share."""
MANY_SHARE: Final = 0.05
"""Of the messages in ``vitals`` at the same time."""
RESTARTS: Final = 3
"""So many in ``REMEMBERED_S`` are a failing job, though it runs in between."""
REMEMBERED_S: Final = 600
ENOUGH: Final = 2
"""Sights that show whether something grows."""
UNREAD_S: Final = 60
"""A match that was written so long ago is an alarm by now."""
BEHIND_S: Final = 180
"""A job tells how far it has read with each checkpoint, every 10 s."""
CHECKPOINT_S: Final = 300
SERVER_S: Final = 60
"""A server that only stores or shows may start again within this."""
CHAIN_S: Final = 180
"""The synthetic patient comes through once a minute."""
GIB: Final = 2**30
FILLING: Final = (0.10, 5 * GIB)
NEARLY_FULL: Final = (0.05, 1 * GIB)
"""A share of the disk, or so much room: less is too little."""


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job as Flink tells it."""

    state: str
    restarts: int
    checkpoints: int = 0
    """Completed since it was submitted."""

    @property
    def runs(self) -> bool:
        """Whether it is at work."""
        return self.state == "RUNNING"


class Point(NamedTuple):
    """How far a partition was read, and how far it goes."""

    at: int
    end: int


Points = Mapping[Place, Point]


class DiskSeen(NamedTuple):
    """A disk, in bytes."""

    free: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen at one time; None: it did not answer."""

    at_s: float
    vitals: int | None
    """Messages in the topic ``vitals`` since it was made, but for our own."""
    rejected: int | None
    jobs: Mapping[str, JobSeen] | None
    usable: int | None = None
    """A number that grows as long as readings come that can be used."""
    streamed: bool = False
    """Whether readings ever came, also to a broker that was lost since."""
    unread: Points | None = None
    """How far we have read ``matches`` ourselves."""
    committed: Mapping[str, Points] | None = None
    """How far each job has read what it reads."""
    disk: DiskSeen | None = None
    influx: bool | None = None
    page: bool | None = None
    fixes: bool | None = None
    chain_s: float | None = None
    """How long ago a reading was last seen to become a notice."""


Verdicts = Mapping[Trouble, bool | None]
"""Whether each trouble is there; None: nobody can tell."""


def remembered(sights: Sequence[Sight]) -> Sequence[Sight]:
    """Return the sights that judging may need."""
    since_s = sights[-1].at_s - REMEMBERED_S
    return [sight for sight in sights if sight.at_s >= since_s]


def judge(sights: Sequence[Sight]) -> Verdicts:
    """Return what is wrong after ``sights``, the oldest first."""
    return {
        BROKER_AWAY: _lasts(sights, AWAY_S, lambda sight: sight.vitals is None),
        FLINK_AWAY: _lasts(sights, AWAY_S, lambda sight: sight.jobs is None),
        VITALS_SILENT: _is_silent(sights),
        MANY_REJECTED: _are_many(sights),
        ALARMS_BEHIND: _is_behind(sights, UNREAD_S, lambda sight: sight.unread),
        CHAIN_BROKEN: (sights[-1].chain_s or 0) > CHAIN_S,
        DISK_FILLING: _has_less(sights[-1], FILLING),
        DISK_NEARLY_FULL: _has_less(sights[-1], NEARLY_FULL),
        INFLUX_AWAY: _lasts(sights, SERVER_S, lambda sight: sight.influx is False),
        PAGE_AWAY: _lasts(sights, SERVER_S, lambda sight: sight.page is False),
        FIXES_AWAY: _lasts(sights, SERVER_S, lambda sight: sight.fixes is False),
        **{job: _is_failing(sights, job.subject) for job in JOBS},
        **{job: _lags(sights, job.subject) for job in JOBS_BEHIND},
        **{job: _keeps_nothing(sights, job.subject) for job in CHECKPOINTS_OLD},
    }


def _has_less(sight: Sight, least: tuple[float, int]) -> bool | None:
    if sight.disk is None:
        return None
    share, room = least
    return sight.disk.free < max(share * sight.disk.total, room)


def _is_behind(
    sights: Sequence[Sight], span_s: float, points: Callable[[Sight], Points | None]
) -> bool | None:
    """Return whether anything that was there ``span_s`` ago is not read yet."""
    known = _since(sights, lambda sight: points(sight) is not None)
    before = _before(known, span_s) if known else None
    if before is None:
        return None
    then, now = points(before) or {}, points(sights[-1]) or {}
    return any(place in now and then[place].end > now[place].at for place in then)


def _lags(sights: Sequence[Sight], job: str) -> bool | None:
    """Return whether a job that runs is behind what came in minutes ago."""
    seen = (sights[-1].jobs or {}).get(job)
    if seen is None or not seen.runs:
        return None if sights[-1].jobs is None else False
    return _is_behind(
        sights,
        BEHIND_S,
        lambda sight: None if sight.committed is None else sight.committed.get(job, {}),
    )


def _keeps_nothing(sights: Sequence[Sight], job: str) -> bool | None:
    known = _since(sights, lambda sight: sight.jobs is not None)
    now = (sights[-1].jobs or {}).get(job)
    if now is None or not now.runs:
        return None if sights[-1].jobs is None else False
    stands = [(sight.jobs or {}).get(job) == now for sight in known]
    if not all(stands[-ENOUGH:]):
        return False
    return _lasts(known, CHECKPOINT_S, lambda sight: (sight.jobs or {}).get(job) == now)


def _lasts(
    sights: Sequence[Sight], span_s: float, is_bad: Callable[[Sight], bool]
) -> bool | None:
    """Return whether it was bad for ``span_s``, is not, or is not for long enough."""
    if not is_bad(sights[-1]):
        return False
    since_s = sights[-1].at_s
    for sight in reversed(sights):
        if not is_bad(sight):
            break
        since_s = sight.at_s
    return True if sights[-1].at_s - since_s >= span_s else None


def _is_silent(sights: Sequence[Sight]) -> bool | None:
    known = _since(sights, lambda sight: sight.usable is not None)
    now = sights[-1].usable
    if len(known) < ENOUGH:
        return None
    if _nobody_is_watched(sights) or known[-2].usable != now:
        return False
    return _lasts(known, SILENT_S, lambda sight: sight.usable == now)


def _since(
    sights: Sequence[Sight], is_known: Callable[[Sight], bool]
) -> Sequence[Sight]:
    """Return the latest sights in which something is known, without a gap."""
    unknown = (i for i in range(len(sights), 0, -1) if not is_known(sights[i - 1]))
    return sights[next(unknown, 0) :]


def _are_many(sights: Sequence[Sight]) -> bool | None:
    before = _before(sights, RATE_S)
    if before is None:
        return None
    rejected = _growth(before.rejected, sights[-1].rejected)
    vitals = _growth(before.vitals, sights[-1].vitals)
    if rejected is None or vitals is None:
        return None
    return rejected >= MANY and rejected > MANY_SHARE * vitals


def _before(sights: Sequence[Sight], span_s: float) -> Sight | None:
    """Return the latest sight that is at least ``span_s`` old."""
    until_s = sights[-1].at_s - span_s
    return next((each for each in reversed(sights) if each.at_s <= until_s), None)


def _growth(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _is_failing(sights: Sequence[Sight], job: str) -> bool | None:
    known = _since(sights, lambda sight: sight.jobs is not None)
    if not known:
        return None
    if _nobody_is_watched(sights):
        return False
    seen = [(sight.jobs or {}).get(job) for sight in known]
    restarts = [each.restarts for each in seen if each is not None]
    if restarts and restarts[-1] - restarts[0] >= RESTARTS:
        return True
    return _lasts(known, JOB_S, lambda sight: not _runs(sight, job))


def _nobody_is_watched(sights: Sequence[Sight]) -> bool:
    """Return whether no reading ever came, as far as anybody can tell."""
    counts = [sight.vitals for sight in sights if sight.vitals is not None]
    return not sights[-1].streamed and counts[-1:] == [0]


def _runs(sight: Sight, job: str) -> bool:
    seen = (sight.jobs or {}).get(job)
    return seen is not None and seen.runs
