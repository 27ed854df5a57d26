"""Desired and reported state of one device, each with its version.

Whoever wants another state says on which desired version that rests. If somebody
else was faster, the versions differ and the wish is refused: compare and set.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

Settings = Mapping[str, float | str]
"""Settings by name; one that is missing is not known."""

VERSION_AS_MADE: Final = 0


class StaleError(ValueError):
    """One line: the wish rests on a version that is not the desired one."""


@dataclass(frozen=True, slots=True)
class State:
    """Settings, and which version of the desired state they are."""

    version: int = VERSION_AS_MADE
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a device should be, and what it says that it is."""

    desired: State = field(default_factory=State)
    reported: State = field(default_factory=State)


def want(shadow: Shadow, changes: Settings, based_on: int) -> Shadow:
    """Return the shadow with ``changes`` desired, as the next version.

    Raises
    ------
    StaleError
        ``based_on`` is not the version that is desired now.
    """
    if based_on != shadow.desired.version:
        msg = (
            f"it rests on version {based_on}, and version {shadow.desired.version} is"
            " desired by now: look at the device and ask again"
        )
        raise StaleError(msg)
    wanted = {**shadow.desired.settings, **changes}
    return replace(shadow, desired=State(based_on + 1, wanted))


def report(shadow: Shadow, reported: State) -> Shadow:
    """Return the shadow of a device that says ``reported`` of itself."""
    return replace(shadow, reported=reported)


def adopt(shadow: Shadow) -> Shadow:
    """Return a shadow that desires what is reported: nobody wanted anything yet."""
    return replace(shadow, desired=shadow.reported)


def difference(shadow: Shadow) -> dict[str, float | str]:
    """Return what must be sent: each desired setting that is not reported so."""
    reported = shadow.reported.settings
    wanted = shadow.desired.settings
    return {
        name: value for name, value in wanted.items() if reported.get(name) != value
    }


def agrees(reported: State, desired: State) -> bool:
    """Return whether a device has what is desired, in that version or a later one."""
    return reported.version >= desired.version and not difference(
        Shadow(desired, reported)
    )
