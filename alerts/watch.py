"""Is Vigil itself well? Judged from what was seen of it, by a clock on the wall.

Pure. Nothing here waits for a message, so it also works when every source is
silent. What cannot be judged is left as it was: while the broker is away nobody
knows whether a stream is silent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.system import (
    BROKER_AWAY,
    FLINK_AWAY,
    JOBS,
    MANY_REJECTED,
    VITALS_SILENT,
    Trouble,
)

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


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job as Flink tells it."""

    state: str
    restarts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen at one time; None: it did not answer."""

    at_s: float
    vitals: int | None
    """Messages in the topic ``vitals`` since it was made."""
    rejected: int | None
    jobs: Mapping[str, JobSeen] | None


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
        **{job: _is_failing(sights, job.subject) for job in JOBS},
    }


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
    known = _since(sights, lambda sight: sight.vitals is not None)
    now = sights[-1].vitals
    if len(known) < ENOUGH:
        return None
    if now == 0 or known[-2].vitals != now:
        return False
    return _lasts(known, SILENT_S, lambda sight: sight.vitals == now)


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
    return counts[-1:] == [0]


def _runs(sight: Sight, job: str) -> bool:
    seen = (sight.jobs or {}).get(job)
    return seen is not None and seen.state == "RUNNING"
