"""Commands, reports, verdicts and what they carry as messages, and back."""

from collections.abc import Mapping
from typing import Any, Final

from digital_twin.shadow.command import Command, Wish
from digital_twin.shadow.expectation import Expectation
from digital_twin.shadow.stages import Judged, Said, Stage
from digital_twin.shadow.state import Settings, State
from producers.contract.fixes import SETTING_NAMES

Message = Mapping[str, Any]

_EXPECTED: Final = {
    "signal_name": "signal",
    "statistic": "statistic",
    "reference": "reference",
    "lowest": "lowest",
    "highest": "highest",
    "settle_s": "settle_s",
    "window_s": "window_s",
}
"""Columns of an expectation, by what they are in the twin."""


def settings_of(message: Message, prefix: str = "") -> Settings:
    """Return the settings that ``message`` tells; a whole number is a number, too."""
    told = {name: message.get(f"{prefix}{name}") for name in SETTING_NAMES}
    return {
        name: float(value) if isinstance(value, int) else value
        for name, value in told.items()
        if value is not None
    }


def command_message(
    command: Command, changes: Settings, ts_ms: int
) -> dict[str, object]:
    """Return what is sent to the device: the difference, and what it will show."""
    return known(
        ts_ms=ts_ms,
        patient_id=command.patient_id,
        version=command.desired.version,
        based_on=command.wish.based_on,
        deadline_ms=command.deadline_ms,
        **names(command.wish),
        **changes,
        **expectation_columns(command.wish.expectation),
    )


def said_of(message: Message, at_ms: int) -> Said:
    """Return what a report says; the broker took it at ``at_ms``.

    Raises
    ------
    KeyError, ValueError
        It is no report.
    """
    return Said(
        stage=Stage(message["report"]),
        at_ms=at_ms,
        state=State(message.get("version", 0), settings_of(message)),
        clock_s=(message["ts_ms"] - at_ms) / 1000,
        reason=message.get("reason", ""),
    )


def judged_of(message: Message, at_ms: int) -> Judged:
    """Return what a verdict says."""
    return Judged(
        at_ms=at_ms,
        met=bool(message["met"]),
        observed=message.get("observed"),
        readings=message.get("readings"),
        reference_readings=message.get("reference_readings"),
    )


def names(wish: Wish) -> dict[str, object]:
    """Return the columns that name a command."""
    return {
        "command_id": wish.command_id,
        "device_id": wish.device_id,
        "action": wish.action,
    }


def expectation_columns(needed: Expectation) -> dict[str, object]:
    """Return an expectation as columns."""
    return {column: getattr(needed, name) for column, name in _EXPECTED.items()}


def expectation_of(message: Message) -> Expectation:
    """Return the expectation that a message carries."""
    return Expectation(**{n: message[column] for column, n in _EXPECTED.items()})


def known(**columns: object) -> dict[str, object]:
    """Return what is known; what is not stays missing."""
    return {name: value for name, value in columns.items() if value is not None}
