"""A plugin of pytest: which tests run in which process, and in what order.

``pytest -p tests.scheduling -n auto --no-loadscope-reorder``
"""

import os
import re
from functools import cache
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from stack.environment import ROOT

STACKS: Final = (
    # Stacks of their own, each taken down before the next one begins.
    "tests/stack/test_stack_native.py",
    "tests/workbench/test_demo.py",
    # The fixture ``stack``.
    "tests/grafana/test_panels_on_influxdb.py",
    "tests/system/",
    # These leave thousands of patients behind of whom nothing is heard any more,
    # and whoever watches over them takes half a core from then on.
    "tests/system/test_fleet.py",
    # These speak of now: event time never goes back to where the readings of
    # the others are.
    "tests/system/test_bad_messages.py",
    "tests/system/test_verified_fixes.py",
    # After these, nothing on a topic need be what its reader takes it for.
    "tests/system/test_hostile_messages.py",
)
"""Files that start a whole stack: one process, in this order, so that one is up."""

HEAVY: Final = re.compile(
    r"pytest\.mark\.flink|^from tests\.(broker|job_manager) ", re.MULTILINE
)
"""Flink in the process of the tests, or a server alone: one other process, so that
at most one of them runs beside a stack. They also share what takes long to make.
"""

GROUPS: Final = ("stack", "heavy", "")
"""What takes longest begins first."""

MOST_CORES: Final = 4


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """Keep a file in one process, and all files that share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid) or str(super()._split_scope(nodeid))


def together(nodeid: str) -> str:
    """Return the name of what the test shares with other files, if anything."""
    if nodeid.startswith(STACKS):
        return "stack"
    return "heavy" if _is_heavy(nodeid.partition("::")[0]) else ""


@cache
def _is_heavy(file: str) -> bool:
    path = ROOT / file
    return path.is_file() and bool(HEAVY.search(path.read_text(encoding="utf-8")))


def place(nodeid: str) -> tuple[int, int]:
    """Return where a test comes: its group, and its place there."""
    fitting = [file for file in STACKS if nodeid.startswith(file)]
    within = STACKS.index(max(fitting, key=len)) if fitting else 0
    return GROUPS.index(together(nodeid)), within


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Deal tests out by what they share."""
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return a process for each core, and one more that mostly waits for servers.

    First, or else pytest-xdist, which is loaded later, would be asked before us.
    """
    cores = min(os.cpu_count() or 1, MOST_CORES)
    return cores if config.option.markexpr == "not system" else cores + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that the processes end together."""
    items.sort(key=lambda item: place(item.nodeid))
