"""Fixtures shared by all tests."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
from hypothesis import settings
from rich.console import Console

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from producers.contract import EEG_SCORES
from stack import lifecycle
from stack.flink_jobs import submit
from stack.flink_run import Cluster
from stack.install import install
from stack.servers import find
from stack.settings import Settings
from tests.device_statuses import assert_known, hours
from tests.streams import (
    Message,
    assert_known_columns,
    readings,
    scored_eeg,
    seconds,
    write_lines,
)
from tests.ward import Ward, environment
from workbench.try_patterns import JVM

settings.register_profile("vigil", deadline=None)  # other tests take their turns
settings.load_profile("vigil")


class Found(NamedTuple):
    """What a test says of a match; times are in seconds."""

    phase: str
    patient: str
    started: float | None
    ended: float | None
    observed: object


class Graded(NamedTuple):
    """The same, where it matters how grave a match is, or what limit was met."""

    severity: str
    limit: object
    found: Found


class Grade(Protocol):
    """Run one pattern over a stream, with limits, baselines, EEG if there are any."""

    def __call__(
        self,
        pattern: Pattern,
        stream: str | Sequence[Message],
        *,
        limits: Sequence[Message] = (),
        baselines: Sequence[Message] = (),
        eeg: str = "",
    ) -> list[Graded]:
        """Return the matches, by patient, start and severity."""
        ...


Watch = Callable[[Pattern, Sequence[Message]], list[Found]]

Detect = Callable[[Pattern, str | Sequence[Message]], list[Found]]


@pytest.fixture(autouse=True)
def java_may_start() -> None:
    """Forget what a Python worker of PyFlink left behind: that no Java may start.

    It leaves it where it runs as a thread of the tests, and processes inherit it.
    """
    os.environ.pop("PYFLINK_GATEWAY_DISABLED", None)


@pytest.fixture(scope="session")
def quick_java() -> None:
    """Start PyFlink's Java as ``make try`` does: planning is most of its work."""
    from pyflink.java_gateway import get_gateway  # noqa: PLC0415 - it starts Java

    with pytest.MonkeyPatch.context() as patch:
        for name, value in JVM.items():
            patch.setenv(name, value)
        get_gateway()


@pytest.fixture
def grade(tmp_path: Path, quick_java: None) -> Grade:  # noqa: ARG001 - it is started
    """Run one pattern over a stream; an end of the file is a long calm.

    It runs alone, because planning takes longer than running. That patterns do
    not disturb one another is seen where the whole catalogue runs.
    """

    def run(
        pattern: Pattern,
        stream: str | Sequence[Message],
        *,
        limits: Sequence[Message] = (),
        baselines: Sequence[Message] = (),
        eeg: str = "",
    ) -> list[Graded]:
        from jobs.in_process import matches_in  # noqa: PLC0415 - it takes seconds

        assert pattern in CATALOGUE, f"{pattern.name} is not in the catalogue"
        messages = readings(stream) if isinstance(stream, str) else list(stream)
        assert_known_columns(messages)
        path = write_lines(messages, tmp_path / "vitals.jsonl")
        scored = scored_eeg(eeg) if eeg else []
        assert_known_columns(scored, EEG_SCORES)
        found = matches_in(
            path, [pattern], limits=limits, baselines=baselines, eeg_scores=scored
        )
        return sorted(map(_graded, found), key=_order)

    return run


@pytest.fixture
def detect(grade: Grade) -> Detect:
    """Run one pattern over a stream, as ``grade``, where one severity is all."""
    return lambda pattern, stream: [each.found for each in grade(pattern, stream)]


@pytest.fixture
def watch(tmp_path: Path, quick_java: None) -> Watch:  # noqa: ARG001 - it is started
    """Run one pattern over statuses of devices, in order of arrival.

    Of what is found: the device in place of the patient, and times in hours.
    """

    def run(pattern: Pattern, statuses: Sequence[Message]) -> list[Found]:
        from jobs.in_process import device_matches_in  # noqa: PLC0415 - seconds

        assert pattern in CATALOGUE, f"{pattern.name} is not in the catalogue"
        assert_known(statuses)
        path = write_lines(statuses, tmp_path / "statuses.jsonl")
        found = map(_watched, device_matches_in(path, [pattern]))
        return sorted(found, key=lambda f: (f.patient, f.started, f.ended is not None))

    return run


def _watched(match: dict[str, object]) -> Found:
    return Found(
        str(match["phase"]),
        str(match["device_id"]),
        hours(match["started_ms"]),
        hours(match["ended_ms"]),
        match["observed"],
    )


def _graded(match: dict[str, object]) -> Graded:
    found = Found(
        str(match["phase"]),
        str(match["patient_id"]),
        seconds(match["started_ms"]),
        seconds(match["ended_ms"]),
        match["observed"],
    )
    return Graded(str(match["severity"]), match["limit_value"], found)


def _order(graded: Graded) -> tuple[object, ...]:
    found = graded.found
    return found.patient, found.started, graded.severity, found.ended is not None


@pytest.fixture(scope="session")
def stack() -> Iterator[Settings]:
    """Run the servers as ``make up`` does, wiped before and taken down after.

    Their addresses and credentials stand in the environment meanwhile.
    """
    own = environment()
    settings = Settings.load(own)
    console = Console()
    servers = install(settings, own, console)
    lifecycle.down(settings, console)
    lifecycle.reset(settings)
    lifecycle.up(settings, servers, own, console)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (own | settings.environment()).items():
            patch.setenv(name, value)
        yield settings
    lifecycle.down(settings, console)


@pytest.fixture(scope="session")
def ward(stack: Settings) -> Ward:
    """Run the jobs on the stack, submitted as the README does."""
    submit(Cluster(stack, find(stack, os.environ), os.environ))
    three_hours_ago_ms = round(time.time() - 3 * 3600) * 1000
    return Ward(stack, [three_hours_ago_ms])
