"""Fixtures shared by all tests."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from stack import lifecycle
from stack.flink_jobs import submit
from stack.flink_run import Cluster
from stack.install import install
from stack.servers import find
from stack.settings import Settings
from tests.streams import Message, assert_known_columns, readings, seconds, write_lines
from tests.ward import Ward, environment
from workbench.try_patterns import JVM


class Found(NamedTuple):
    """What a test says of a match; times are in seconds."""

    phase: str
    patient: str
    started: float | None
    ended: float | None
    observed: object


Detect = Callable[[Pattern, str | Sequence[Message]], list[Found]]


@pytest.fixture(scope="session")
def quick_java() -> None:
    """Start PyFlink's Java as ``make try`` does: planning is most of its work."""
    from pyflink.java_gateway import get_gateway  # noqa: PLC0415 - it starts Java

    with pytest.MonkeyPatch.context() as patch:
        for name, value in JVM.items():
            patch.setenv(name, value)
        get_gateway()


@pytest.fixture
def detect(tmp_path: Path, quick_java: None) -> Detect:  # noqa: ARG001 - it is started
    """Run one pattern over a stream; an end of the file is a long calm.

    The whole catalogue runs, as in the job, so that patterns prove not to
    disturb one another; the matches of one of them are returned.
    """

    def run(pattern: Pattern, stream: str | Sequence[Message]) -> list[Found]:
        from jobs.in_process import matches_in  # noqa: PLC0415 - it takes seconds

        assert pattern in CATALOGUE, f"{pattern.name} is not in the catalogue"
        messages = readings(stream) if isinstance(stream, str) else list(stream)
        assert_known_columns(messages)
        path = write_lines(messages, tmp_path / "vitals.jsonl")
        found = [
            Found(
                str(match["phase"]),
                str(match["patient_id"]),
                seconds(match["started_ms"]),
                seconds(match["ended_ms"]),
                match["observed"],
            )
            for match in matches_in(path, CATALOGUE)
            if match["pattern_name"] == pattern.name
        ]
        return sorted(found, key=lambda f: (f.patient, f.started, f.ended is not None))

    return run


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
