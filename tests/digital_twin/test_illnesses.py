"""What truth claims is in the numbers: plain arithmetic on what devices send.

Each illness is played as fast as it goes, without any service, and is looked at by
rules of its own, which no pattern shares.
"""

from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Final

import numpy as np
import pytest

from digital_twin.charted import ACVPU, CHARTS
from digital_twin.cohort import Array
from digital_twin.illnesses import ILLNESSES
from digital_twin.network import NETWORKS
from digital_twin.scenarios import SCENARIOS
from digital_twin.sensors import SIGNALS
from digital_twin.stages import Kind
from digital_twin.ward import Episode, Setting, play

N: Final = 64
PERIOD_S: Final = 5.0
MIND: Final = np.array([ACVPU.index(chart.consciousness) for chart in CHARTS])
OXYGEN: Final = np.array([chart.on_oxygen for chart in CHARTS])


class Course:
    """One patient's numbers from ten minutes before an episode to after it."""

    def __init__(self, episode: Episode, rows: Array, charts: Array) -> None:
        self.episode = episode
        at_s = np.arange(rows.shape[0]) * PERIOD_S
        self.share = (at_s - episode.onset_s) / (episode.end_s - episode.onset_s)
        self.rows = dict(zip([s.name for s in SIGNALS], rows.T, strict=True))
        self.mind, self.oxygen = MIND[charts], OXYGEN[charts]

    def during(self, name: str, begins: float = 0.0, ends: float = 1.0) -> Array:
        """Return a signal between two shares of the episode."""
        values = self.mind if name == "mind" else self.rows[name]
        return np.asarray(values[(begins <= self.share) & (self.share < ends)])

    def mean(self, name: str, begins: float, ends: float) -> float:
        """Return the mean of a signal between two shares of the episode."""
        return float(self.during(name, begins, ends).mean())

    def usual(self, name: str) -> float:
        """Return the mean of the ten minutes before."""
        before_s = 600.0 / (self.episode.end_s - self.episode.onset_s)
        return self.mean(name, -before_s, 0.0)


@cache
def played(name: str) -> tuple[list[Episode], Array, Array]:
    """Return episodes, (periods, signals, patients) and (periods, patients)."""
    scenario = SCENARIOS[name]
    longest_s = max(each.kind.duration_s[1] for each in scenario.script)
    setting = Setting(
        seed=7, period_s=PERIOD_S, scenario=scenario, network=NETWORKS["perfect"]
    )
    count = round((longest_s + 4800.0) / PERIOD_S)
    periods = list(islice(play(0, N, setting), count))
    episodes = [each for period in periods for each in period.begun]
    values = np.array([period.sent.values for period in periods], dtype=float)
    return episodes, values, np.array([period.sent.chart for period in periods])


def courses(kind: Kind) -> list[Course]:
    """Return the courses that are whole, and before which there was nothing."""
    episodes, values, charts = played(kind.name)
    ends_s = len(values) * PERIOD_S
    first: dict[int, Episode] = {}
    for each in episodes:
        first.setdefault(each.device, each)
    whole = [
        each for each in first.values() if each.onset_s > 600 and each.end_s < ends_s
    ]
    return [Course(e, values[:, :, e.device], charts[:, e.device]) for e in whole]


def shock_index(course: Course, begins: float, ends: float) -> float:
    systolic = course.mean("systolic_mmhg", begins, ends)
    return course.mean("heart_rate_bpm", begins, ends) / systolic


def sepsis(c: Course) -> bool:
    """Fever, heart and breathing rise over hours, and pressure falls after them."""
    warm = [c.mean("temperature_c", a, a + 0.1) for a in (0.0, 0.15, 0.65)]
    breathing = c.mean("respiratory_rate_per_min", 0.6, 0.7)
    return (
        warm[0] < warm[1] < warm[2]
        and warm[2] > 38.3
        and c.mean("heart_rate_bpm", 0.6, 0.7) > c.usual("heart_rate_bpm") + 25
        and breathing > c.usual("respiratory_rate_per_min") + 3
        and c.mean("systolic_mmhg", 0.3, 0.4) > 100
        and c.mean("systolic_mmhg", 0.68, 0.72) <= 101
        and bool((c.during("mind", 0.7, 0.72) == 1).all())
    )


def haemorrhage(c: Course) -> bool:
    """Pressure falls and the heart answers: the shock index passes 1."""
    return (
        shock_index(c, -0.1, 0.0) < 0.9
        and shock_index(c, 0.75, 0.8) > 1.0
        and c.mean("systolic_mmhg", 0.75, 0.8) < 90
    )


def opioid(c: Course) -> bool:
    """Breathing falls below 8; saturation falls, and later."""
    slow = np.argmax(c.during("respiratory_rate_per_min") < 8)
    low = np.argmax(c.during("spo2_pct") < 90)
    before = c.mean("spo2_pct", 0.3, 0.4)
    minutes = (low - slow) * PERIOD_S / 60.0
    return bool(slow > 0 and minutes > 3 and before > 92 and c.mind.max() >= 2)


def crisis(c: Course) -> bool:
    """Pressure above 180, and nobody loses consciousness."""
    return c.mean("systolic_mmhg", 0.4, 0.6) > 180 and not c.during("mind").any()


def stroke(c: Course) -> bool:
    """Pressure first; then the mind, and no faster heart."""
    first = np.argmax(c.during("systolic_mmhg") > 180)
    dull = np.argmax(c.during("mind") > 0)
    faster = c.mean("heart_rate_bpm", 0.6, 0.7) - c.usual("heart_rate_bpm")
    return bool(0 < first < dull and faster < 15)


def fibrillation(c: Course) -> bool:
    """Fast, far more restless than before, and not all beats arrive."""
    heart, usual = (
        c.during("heart_rate_bpm", 0.1, 0.9),
        c.during("heart_rate_bpm", -9, 0),
    )
    deficit = heart - c.during("pulse_rate_bpm", 0.1, 0.9)
    restless = np.diff(heart).std() > 2.5 * np.diff(usual).std()
    return bool(restless and heart.mean() > 100 and deficit.mean() > 8)


def apnoea(c: Course) -> bool:
    """No breath for 20 s and more, and saturation goes down."""
    breathless = (c.during("respiratory_rate_per_min") == 0).sum() * PERIOD_S
    return bool(breathless > 20 and c.during("spo2_pct").min() < 91)


def obstruction(c: Course) -> bool:
    """Race first: the heart is slow when saturation is at its lowest."""
    heart, usual = c.during("heart_rate_bpm", 0.0, 0.75), c.usual("heart_rate_bpm")
    fastest, slowest = int(heart.argmax()), int(heart.argmin())
    return bool(
        heart[fastest] > usual + 6 and heart[slowest] < usual - 10 and fastest < slowest
    )


def recovery(c: Course) -> bool:
    """Cold and drowsy on oxygen; then all as usual."""
    during = (c.share > 0.1) & (c.share < 0.4)
    return bool(
        c.mean("temperature_c", 0.1, 0.2) < 36.2
        and c.during("mind", 0.05, 0.2).min() == 2
        and c.oxygen[during].all()
        and not c.during("mind", 0.6, 1.0).any()
        and c.mean("temperature_c", 0.97, 1.0) > 36.2
    )


def care(c: Course) -> bool:
    """Be a little faster, and nothing that an illness would do."""
    faster = c.mean("heart_rate_bpm", 0.2, 0.7) - c.usual("heart_rate_bpm")
    return bool(-15 < faster < 30 and not c.during("mind").any())


CLAIMS: Final[dict[str, Callable[[Course], bool]]] = {
    "sepsis": sepsis,
    "haemorrhage": haemorrhage,
    "opioid_depression": opioid,
    "hypertensive_crisis": crisis,
    "stroke": stroke,
    "atrial_fibrillation": fibrillation,
    "apnoea": apnoea,
    "airway_obstruction": obstruction,
    "recovery": recovery,
    "care": care,
}

NORMAL: Final = {
    "heart_rate_bpm": (40, 130),
    "spo2_pct": (91, 100),
    "respiratory_rate_per_min": (8, 27),
    "systolic_mmhg": (85, 180),
    "temperature_c": (35.9, 38.2),
}

each_illness = pytest.mark.parametrize("kind", ILLNESSES, ids=lambda kind: kind.name)


@each_illness
def test_what_truth_claims_is_in_the_numbers(kind: Kind) -> None:
    found = courses(kind)
    assert len(found) >= 3
    wrong = [c.episode for c in found if not CLAIMS[kind.name](c)]
    assert not wrong


@each_illness
def test_who_is_in_no_episode_stays_normal(kind: Kind) -> None:
    episodes, values, charts = played(kind.name)
    well = np.ones((len(values), N), dtype=bool)
    at_s = np.arange(len(values)) * PERIOD_S
    for each in episodes:
        began, over = each.onset_s - PERIOD_S, each.end_s + PERIOD_S
        well[(began < at_s) & (at_s < over), each.device] = False
    for i, signal in enumerate(SIGNALS):
        if signal.name in NORMAL:
            low, high = NORMAL[signal.name]
            numbers = values[:, i][well]
            assert low <= numbers.min(), signal.name
            assert numbers.max() <= high, signal.name
    assert not MIND[charts][well].any()
