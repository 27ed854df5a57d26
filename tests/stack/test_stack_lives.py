"""A server that dies now and then is waited for; one that keeps dying is given up."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from stack.errors import StackError
from stack.health import MOST_LIVES, wait_for
from stack.paths import Paths
from stack.settings import FILES, Settings
from stack.supervision import Process, Supervisor

SERVICE = "timetable"
"""Nobody asks it anything: it is up as long as it runs."""


@dataclass
class Told:
    """A supervisor that tells, each time it is asked, the next state of one server."""

    states: list[tuple[str, int]]
    paths: Paths = field(default_factory=lambda: Paths(Path("state")))

    def processes(self) -> list[Process]:
        """Return the server in its next state; the last one stays."""
        state, pid = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return [Process(SERVICE, state, pid, 0)] if state else []


def waited(*states: tuple[str, int]) -> list[tuple[str, int]]:
    """Wait for a server that goes through ``states``; return those not looked at."""
    told = Told(list(states))
    settings = Settings.load({}, FILES[:1])
    wait_for(SERVICE, settings, cast("Supervisor", told))
    return told.states


def lives(count: int) -> list[tuple[str, int]]:
    """Return the states of a server that is started ``count`` times, and dies."""
    return [
        each
        for pid in range(1, count + 1)
        for each in (("starting", pid), ("exited", 0))
    ]


def test_what_has_only_just_been_started_is_waited_for() -> None:
    assert waited(("starting", 1), ("running", 1)) == [("running", 1)]


@pytest.mark.parametrize("pause", ["exited", "backoff"])
def test_a_death_on_the_way_up_is_no_end(pause: str) -> None:
    up = ("running", 2)
    assert waited(("starting", 1), (pause, 0), ("starting", 2), up) == [up]


def test_as_many_deaths_as_are_allowed_are_no_end() -> None:
    up = ("running", MOST_LIVES)
    assert waited(*lives(MOST_LIVES - 1), up) == [up]


def test_one_more_is_one_too_many_however_long_each_life_is() -> None:
    with pytest.raises(StackError, match=rf"{SERVICE} keeps dying \(starting\): read"):
        waited(*lives(MOST_LIVES), ("starting", MOST_LIVES + 1))


@pytest.mark.parametrize(
    ("state", "seen"), [("fatal", "fatal"), ("", "not supervised")]
)
def test_what_the_supervisor_has_given_up_is_given_up(state: str, seen: str) -> None:
    with pytest.raises(StackError, match=rf"keeps dying \({seen}\)"):
        waited(("starting", 1), (state, 0))
