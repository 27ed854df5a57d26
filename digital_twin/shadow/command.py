"""A command to a device, and the fixes that commands are made of, as data."""

from dataclasses import dataclass, replace
from typing import Final

from digital_twin.shadow.expectation import Expectation
from digital_twin.shadow.state import Settings, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A fix that somebody asks for; without ``based_on``, on whatever is desired.

    A minute until the deadline is our choice: a device in reach answers within seconds.
    """

    command_id: str
    device_id: str
    action: str
    changes: Settings
    expectation: Expectation
    based_on: int | None = None
    deadline_s: float = 60.0
    asked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a device shall do by ``deadline_ms``, and what telemetry will show then."""

    wish: Wish
    patient_id: str
    desired: State
    deadline_ms: int
    boot_before: str = ""

    @property
    def command_id(self) -> str:
        """Its name, which the wish has chosen."""
        return self.wish.command_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A fix that can be asked for: which setting it changes, and what must be seen.

    ``exactly`` says that the value itself is what must be seen; ``source`` why that
    shows that it worked.
    """

    action: str
    doc: str
    source: str
    expectation: Expectation
    setting: str = ""
    exactly: bool = False
    allowed: tuple[float, float] | None = None

    def allows(self, value: float | str | None) -> bool:
        """Return whether the setting may be ``value`` (``allowed``: least and most)."""
        if self.allowed is None or not isinstance(value, float):
            return True
        least, most = self.allowed
        return least <= value <= most

    def changes(self, value: float | str | None) -> Settings:
        """Return what ``value`` changes."""
        return {self.setting: value} if self.setting and value is not None else {}

    def expects(self, value: float | str | None) -> Expectation:
        """Return what must be seen once it is ``value``."""
        if self.exactly and isinstance(value, float):
            return replace(self.expectation, lowest=value, highest=value)
        return self.expectation


FIXES: Final = (
    Fix(
        action="recalibrate",
        setting="spo2_offset_pct",
        doc="what it adds to each saturation; then it reads as the patient's others do",
        source="An oximeter may be wrong by 4 % root mean square: ISO 80601-2-61:2017."
        " That two good ones differ by less than 2 % in the mean of a resting patient"
        " is our choice: half of that.",
        expectation=Expectation(
            signal="spo2_pct",
            statistic="mean",
            reference="other_devices",
            lowest=-2.0,
            highest=2.0,
        ),
    ),
    Fix(
        action="average",
        setting="averaging_s",
        doc="over how long it averages; then it is steadier than the patient's others",
        source="Longer averaging hides what is short and steadies the display, shown of"
        " saturation: Farre, R. et al. (1998). Importance of the pulse oximeter"
        " averaging time when measuring oxygen desaturation in sleep apnea. Sleep"
        " 21(4): 386-390. How much steadier the heart rate must be, and for how long it"
        " is looked at, is our choice.",
        expectation=Expectation(
            signal="heart_rate_bpm",
            statistic="noise",
            reference="other_devices",
            lowest=-10.0,
            highest=-0.2,
            settle_s=15.0,
            window_s=40.0,
        ),
    ),
    Fix(
        action="alarm",
        setting="spo2_alarm_pct",
        doc="below which saturation it sounds; only its own status can show that",
        source="Our choice: what is set is what its status says. Below 80 % an alarm is"
        " as good as switched off, which is nothing that is done from afar: our"
        " choice.",
        exactly=True,
        allowed=(80.0, 100.0),
        expectation=Expectation(
            signal="spo2_alarm_pct",
            statistic="value",
            reference="nothing",
            lowest=0.0,
            highest=100.0,
        ),
    ),
    Fix(
        action="restart",
        doc="it starts anew",
        source="Our choice: each start has a name of its own, so another start has"
        " another.",
        expectation=Expectation(
            signal="boot_id",
            statistic="changed",
            reference="before",
            lowest=1.0,
            highest=1.0,
        ),
    ),
    Fix(
        action="firmware",
        setting="firmware",
        doc="it starts anew with this firmware",
        source="Our choice: the firmware that runs is what its status names.",
        expectation=Expectation(
            signal="firmware",
            statistic="equals",
            reference="wanted",
            lowest=1.0,
            highest=1.0,
        ),
    ),
)
"""Every fix there is."""
