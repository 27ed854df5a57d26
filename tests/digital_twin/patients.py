"""Patients in an episode, or in none, and their lines at one moment."""

import numpy as np

from digital_twin import baselines, episodes, onsets, trends, vital_signs
from digital_twin.bends import Patients
from digital_twin.cohort import streams
from digital_twin.kinds import KINDS, Kind
from digital_twin.minutes import Minute
from digital_twin.populations import HEALTHY

AT_ONCE = Minute(mark_s=0.0, first=0, until=1, period_s=1.0)


def ill(
    kind: Kind | None, n: int, onset_s: float, end_s: float, gravity: float = 0.0
) -> episodes.State:
    """Return ``n`` patients who are all in ``kind``, or never were in any."""
    onset_s, end_s = (onset_s, end_s) if kind else (0.0, 0.0)
    return episodes.State(
        kind=np.full(n, episodes.NOTHING if kind is None else KINDS.index(kind)),
        onset_s=np.full(n, onset_s),
        end_s=np.full(n, end_s),
        gravity=np.full(n, gravity),
        planned=onsets.NONE,
        turns=[0] * 61,
    )


def patients(
    illness: episodes.State,
    at_s: float,
    begins_h: float,
    *,
    tells_activity: bool = True,
    phase: float = 0.0,
) -> Patients:
    """Return healthy bodies with that illness, on their way from a mark at ``at_s``."""
    n, rng = illness.kind.size, streams(7, 0)["physiology"]
    return Patients(
        body=vital_signs.initial(n, HEALTHY, rng),
        baseline=baselines.initial(n, HEALTHY, begins_h, at_s, rng),
        illness=illness,
        phase=np.full(n, phase),
        on_oxygen=np.zeros(n, dtype=np.int64),
        begins_h=begins_h,
        tells_activity=tells_activity,
    )


def at(
    at_s: float,
    illness: episodes.State,
    begins_h: float,
    *,
    tells_activity: bool = True,
) -> tuple[Patients, trends.State]:
    """Return them, and their lines at that time, at which the baseline has a mark."""
    who = patients(illness, at_s, begins_h, tells_activity=tells_activity, phase=at_s)
    return who, trends.drawn(who, AT_ONCE)
