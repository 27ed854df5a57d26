"""What happens to a fleet, as data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from digital_twin.illnesses import (
    AIRWAY_OBSTRUCTION,
    APNOEA,
    ATRIAL_FIBRILLATION,
    CARE,
    EMERGENCE,
    HAEMORRHAGE,
    HYPERTENSIVE_CRISIS,
    ILLNESSES,
    OPIOID,
    SEPSIS,
    STROKE,
)
from digital_twin.kinds import (
    BRADYCARDIA,
    BROKEN_LEAD,
    DESATURATION,
    LEAD_OFF,
    PROBE_OFF,
    PULSE_LOST,
    SEIZURE,
    SILENT_DEVICE,
    TACHYCARDIA,
    Kind,
)
from digital_twin.monitoring import CONTINUOUS, SPOT_CHECKS, Monitoring
from digital_twin.populations import HEALTHY, INPATIENTS, INTENSIVE_CARE, Population


@dataclass(frozen=True, slots=True)
class Scripted:
    """One patient of each cohort has this, first then and then every so often, until.

    Any who is well, or the one of this number in the cohort; those who have a
    number in the script have nothing else of it.
    """

    kind: Kind
    first_s: float
    every_s: float
    patient: int | None = None
    until_s: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """What is bound to happen, and what happens by chance.

    ``share`` of all patients is in an episode of ``by_chance`` at any time, its
    values are the kinds' relative frequencies. ``begins_h`` is the hour of the day
    at time 0, whatever the clock on the wall says.
    """

    doc: str
    script: tuple[Scripted, ...] = ()
    share: float = 0.0
    by_chance: Mapping[Kind, float] = field(default_factory=dict)
    population: Population = HEALTHY
    monitoring: Monitoring = CONTINUOUS
    begins_h: float = 9.0


_MIXTURE: Final = {
    TACHYCARDIA: 0.3,
    BRADYCARDIA: 0.3,
    DESATURATION: 0.3,
    SILENT_DEVICE: 0.04,
    PROBE_OFF: 0.03,
    LEAD_OFF: 0.02,
    BROKEN_LEAD: 0.01,
}
"""Our choice: three clinical alarms in equal parts, now and then a technical one."""

_OVERNIGHT: Final = {
    DESATURATION: 0.2,
    APNOEA: 0.2,
    PROBE_OFF: 0.2,
    LEAD_OFF: 0.1,
    TACHYCARDIA: 0.08,
    BRADYCARDIA: 0.04,
    OPIOID: 0.03,
    ATRIAL_FIBRILLATION: 0.06,
    HYPERTENSIVE_CRISIS: 0.02,
    HAEMORRHAGE: 0.01,
    SEPSIS: 0.02,
    STROKE: 0.005,
    AIRWAY_OBSTRUCTION: 0.005,
    SEIZURE: 0.02,
    SILENT_DEVICE: 0.01,
}
"""Our choice: what is common in wards is common here."""

_AN_HOUR: Final = {
    PULSE_LOST: 1.5,
    PROBE_OFF: 0.03,
    LEAD_OFF: 0.05,
    DESATURATION: 0.05,
    ATRIAL_FIBRILLATION: 0.01,
    HYPERTENSIVE_CRISIS: 0.005,
    TACHYCARDIA: 0.01,
    HAEMORRHAGE: 0.002,
    SEPSIS: 0.001,
}
"""Our choice, of how often each comes to a patient in intensive care; two of ten
recordings of eight minutes have a lost pulse."""

_FIRST_S: Final = 120.0
_NEXT_S: Final = 600.0
"""When somebody falls ill first, and next; our choice: soon, and one at a time."""


def _ward(
    doc: str, begins_h: float, *script: Scripted, share: float = 0.04
) -> Scenario:
    return Scenario(
        doc=doc,
        script=script,
        share=share,
        by_chance=_OVERNIGHT,
        population=INPATIENTS,
        monitoring=SPOT_CHECKS,
        begins_h=begins_h,
    )


def _one_after_the_other(kind: Kind) -> Scenario:
    name = kind.name.replace("_", " ")
    return Scenario(
        doc=f"{name}: in each cohort somebody every ten minutes",
        script=(Scripted(kind, first_s=_FIRST_S, every_s=_NEXT_S),),
        population=INPATIENTS,
    )


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "calm": Scenario(doc="nothing ever happens"),
    "demo": Scenario(
        doc="in each cohort one patient after the other falls ill, from the start on",
        script=(
            Scripted(TACHYCARDIA, first_s=2.0, every_s=130.0),
            Scripted(DESATURATION, first_s=3.0, every_s=140.0),
            Scripted(SILENT_DEVICE, first_s=5.0, every_s=190.0),
            Scripted(BRADYCARDIA, first_s=9.0, every_s=150.0),
            Scripted(PROBE_OFF, first_s=12.0, every_s=110.0),
            Scripted(BROKEN_LEAD, first_s=20.0, every_s=160.0),
            Scripted(LEAD_OFF, first_s=28.0, every_s=170.0),
            Scripted(DESATURATION, first_s=62.0, every_s=140.0),
            Scripted(TACHYCARDIA, first_s=74.0, every_s=130.0),
            Scripted(SEIZURE, first_s=24.0, every_s=400.0, patient=0),
            Scripted(SEIZURE, first_s=100.0, every_s=400.0, patient=1),
        ),
    ),
    "seizures": Scenario(
        doc="2 % of patients in a seizure at any time",
        share=0.02,
        by_chance={SEIZURE: 1.0},
    ),
    "busy": Scenario(
        doc="about 2 % of patients abnormal at any time", share=0.02, by_chance=_MIXTURE
    ),
    "ill": Scenario(
        doc="5 % of patients abnormal at any time", share=0.05, by_chance=_MIXTURE
    ),
    "storm": Scenario(
        doc="half of all patients abnormal at any time", share=0.5, by_chance=_MIXTURE
    ),
    "night": _ward("a ward from 22:00 on", 22.0),
    "intensive_care": Scenario(
        doc="adults in intensive care, from 9:00 on",
        share=0.03,
        by_chance=_AN_HOUR,
        population=INTENSIVE_CARE,
    ),
    "morning_round": _ward(
        "a ward from 6:30 on; one bed of each cohort after the other is visited",
        6.5,
        Scripted(CARE, first_s=5.0, every_s=12.0),
    ),
    "mass_admission": _ward(
        "a ward from 18:00 on; after five minutes the wounded come, for half an hour",
        18.0,
        Scripted(HAEMORRHAGE, first_s=300.0, every_s=25.0, until_s=2100.0),
        Scripted(AIRWAY_OBSTRUCTION, first_s=330.0, every_s=300.0, until_s=2100.0),
        Scripted(EMERGENCE, first_s=5400.0, every_s=60.0, until_s=9000.0),
    ),
    **{kind.name: _one_after_the_other(kind) for kind in ILLNESSES},
}
"""Every scenario by the name the command line knows it by.

Who falls ill when, and how many are ill at a time, is our choice: so that each pattern
has something to find soon, or so little that an alarm is an exception.
"""
