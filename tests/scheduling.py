"""A plugin of pytest: which tests run in which process, and in what order.

``pytest -p tests.scheduling -n auto --no-loadscope-reorder``
"""

import os
from collections.abc import Mapping
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "stack": (
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
        "tests/system/test_hostile_messages.py",
        "tests/system/test_verified_fixes.py",
    ),
    "flink": (
        # Flink in the process of the tests.
        "tests/cep_patterns/",
        "tests/jobs/",
        "tests/stack/test_stack_plans.py",
        "tests/workbench/test_add_a_pattern.py",
        "tests/workbench/test_burden.py",
        "tests/workbench/test_mutants.py",
        "tests/workbench/test_try_patterns.py",
        # A broker alone.
        "tests/alerts/test_outages.py",
        "tests/gateway/test_kafka_source.py",
    ),
}
"""Files of one process, in their order: so one whole stack runs at a time, and at
most one other heavy thing beside it. They also share the fixtures ``stack`` and
``shared_job``, which take long to make.
"""

MOST_CORES: Final = 4

_LAST: Final = len(TOGETHER), 0


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """Keep a file in one process, and all files that share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid) or str(super()._split_scope(nodeid))


def together(nodeid: str) -> str:
    """Return the name of what the test shares with other files, if anything."""
    shared = (name for name, files in TOGETHER.items() if nodeid.startswith(files))
    return next(shared, "")


def place(nodeid: str) -> tuple[int, int]:
    """Return where a test comes: its group, and its place there."""
    name = together(nodeid)
    if not name:
        return _LAST
    files = TOGETHER[name]
    fitting = [file for file in files if nodeid.startswith(file)]
    return list(TOGETHER).index(name), files.index(max(fitting, key=len))


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
