"""The simulated patients that recorded ones are compared with."""

import itertools
from dataclasses import replace
from typing import Final

import numpy as np

from digital_twin.cohort import COHORT_SIZE, cohorts
from digital_twin.monitoring import CHARTED
from digital_twin.network import NETWORKS
from digital_twin.scenarios import Scenario
from digital_twin.sensors import SIGNALS
from digital_twin.ward import Setting, play
from workbench.realism_measures import SIGNS, Pace, Patient

STEPS: Final = {1.0: 480, 3600.0: 40}
"""As long as the recordings are: eight minutes, and a stay of some forty hours."""

CHART_S: Final = 3600.0
"""Who is measured this seldom is known from a chart, and not from a monitor."""


def fleet(scenario: Scenario, patients: int, seed: int, pace: Pace) -> list[Patient]:
    """Return ``patients`` of a scenario as a recorder would have them."""
    if pace.step_s >= CHART_S:
        scenario = replace(scenario, monitoring=CHARTED)
    setting = Setting(
        seed=seed,
        period_s=pace.step_s,
        scenario=scenario,
        network=NETWORKS["perfect"],
    )
    return [
        patient
        for cohort, size in cohorts(patients)
        for patient in _cohort(cohort, size, setting, pace)
    ]


def _cohort(cohort: int, size: int, setting: Setting, pace: Pace) -> list[Patient]:
    steps = STEPS[pace.step_s]
    rows = np.full((steps, len(SIGNALS), size), np.nan)
    for values, period in zip(
        rows, itertools.islice(play(cohort, size, setting), steps), strict=True
    ):
        values[:, period.sent.device - cohort * COHORT_SIZE] = period.sent.values
    index = {signal.name: i for i, signal in enumerate(SIGNALS)}
    return [
        Patient(pace, {sign: rows[:, index[sign], i] for sign in SIGNS})
        for i in range(size)
    ]
