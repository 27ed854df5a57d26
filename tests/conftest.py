"""Fixtures shared by all tests."""

import os
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import settings
from rich.console import Console

from stack import lifecycle
from stack.flink_jobs import submit
from stack.flink_run import Cluster
from stack.install import install
from stack.servers import find
from stack.settings import Settings
from tests import machine
from tests.broker import Broker, broker
from tests.device_statuses import hours
from tests.one_stack import one_stack
from tests.shared_job import Match, SharedJob, stream_of
from tests.streams import seconds
from tests.ward import Ward, environment
from workbench.try_patterns import JVM

settings.register_profile("vigil", deadline=None)  # other tests take their turns
settings.load_profile("vigil")


def pytest_report_header() -> str:
    """Say how fast the machine is."""
    return machine.header()


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


@pytest.fixture(autouse=True)
def java_may_start() -> None:
    """Forget what a Python worker of PyFlink left behind: that no Java may start.

    It leaves it where it runs as a thread of the tests, and processes inherit it.
    """
    os.environ.pop("PYFLINK_GATEWAY_DISABLED", None)


@pytest.fixture(autouse=True)
def files_are_made_as_before() -> Iterator[None]:
    """Forget with which rights a command that a test called makes files."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run a broker, with all topics, for the tests of one file.

    Such a file imports ``tests.broker``, by which ``tests.scheduling`` knows it.
    """
    with broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture(scope="session")
def quick_java() -> None:
    """Start PyFlink's Java as ``make try`` does: planning is most of its work."""
    from pyflink.java_gateway import get_gateway  # noqa: PLC0415 - it starts Java

    with pytest.MonkeyPatch.context() as patch:
        for name, value in JVM.items():
            patch.setenv(name, value)
        get_gateway()


@pytest.fixture(scope="session")
def shared_job(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    quick_java: None,  # noqa: ARG001 - it is started
) -> SharedJob:
    """Let the streams of all tests that are to run go through one job."""
    tests = {  # one for each function, however many parameters it has
        item.function: item
        for item in request.session.items
        if isinstance(item, pytest.Function)
    }
    streams = {function: stream_of(test) for function, test in tests.items()}
    marked = {function: stream for function, stream in streams.items() if stream}
    return SharedJob(marked, tmp_path_factory.mktemp("shared_job"))


@pytest.fixture
def matches(request: pytest.FixtureRequest, shared_job: SharedJob) -> list[Match]:
    """Return what the test's patterns find in its stream, in order of time."""
    return shared_job.matches(request.function)


@pytest.fixture
def found(request: pytest.FixtureRequest, matches: list[Match]) -> list[Found]:
    """Return the same briefly, by patient and start.

    In statuses of devices: the device in place of the patient, and times in hours.
    """
    if request.node.get_closest_marker("statuses"):
        devices = (_found(match, "device_id", hours) for match in matches)
        return sorted(
            devices, key=lambda f: (f.patient, f.started, f.ended is not None)
        )
    return [each.found for each in sorted(map(_graded, matches), key=_order)]


@pytest.fixture
def graded(matches: list[Match]) -> list[Graded]:
    """Return the same, by patient, start and severity."""
    return sorted(map(_graded, matches), key=_order)


def _found(
    match: Match, whose: str, in_unit: Callable[[object], float | None]
) -> Found:
    return Found(
        str(match["phase"]),
        str(match[whose]),
        in_unit(match["started_ms"]),
        in_unit(match["ended_ms"]),
        match["observed"],
    )


def _graded(match: Match) -> Graded:
    found = _found(match, "patient_id", seconds)
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
    with one_stack(), pytest.MonkeyPatch.context() as patch:
        lifecycle.down(settings, console)
        lifecycle.reset(settings)
        lifecycle.up(settings, servers, own, console)
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
