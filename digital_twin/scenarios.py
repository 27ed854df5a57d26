"""What happens to a fleet, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from digital_twin.kinds import (
    BRADYCARDIA,
    BROKEN_LEAD,
    DESATURATION,
    LEAD_OFF,
    PROBE_OFF,
    SILENT_DEVICE,
    TACHYCARDIA,
    Kind,
)


@dataclass(frozen=True, slots=True)
class Scripted:
    """One patient of each cohort has this, first then and then every so often."""

    kind: Kind
    first_s: float
    every_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is bound to happen, and what happens by chance.

    ``share`` of all patients is in an episode of ``by_chance`` at any time, its
    values are the kinds' relative frequencies.
    """

    doc: str
    script: tuple[Scripted, ...] = ()
    share: float = 0.0
    by_chance: Mapping[Kind, float] = field(default_factory=dict)


_MIXTURE: Final = {
    TACHYCARDIA: 0.3,
    BRADYCARDIA: 0.3,
    DESATURATION: 0.3,
    SILENT_DEVICE: 0.04,
    PROBE_OFF: 0.03,
    LEAD_OFF: 0.02,
    BROKEN_LEAD: 0.01,
}

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
        ),
    ),
    "busy": Scenario(
        doc="about 2 % of patients abnormal at any time", share=0.02, by_chance=_MIXTURE
    ),
    "storm": Scenario(
        doc="half of all patients abnormal at any time", share=0.5, by_chance=_MIXTURE
    ),
}
"""Every scenario by the name the command line knows it by."""
