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
    "stack": ("tests/system/", "tests/grafana/test_panels_on_influxdb.py"),
    "shared job": ("tests/cep_patterns/", "tests/jobs/test_limits.py"),
}
"""Files that share the fixture ``stack`` or ``shared_job``, and so a process."""

MOST_CORES: Final = 4

_FIRST: Final = ("system", "flink")
"""Marks of what takes long, longest first."""

_LAST: Final = len(TOGETHER) + len(_FIRST)


class Scheduling(LoadFileScheduling):  # type: ignore[misc]
    """Keep a file in one process, and all files that share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid) or str(super()._split_scope(nodeid))


def together(nodeid: str) -> str:
    """Return the name of what the test shares with other files, if anything."""
    shared = (name for name, files in TOGETHER.items() if nodeid.startswith(files))
    return next(shared, "")


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
    """Begin with the files that take longest, so that the processes end together."""
    begins: dict[str, int] = {}
    for item in items:
        begins[_file(item)] = min(_place(item), begins.get(_file(item), _LAST))
    items.sort(key=lambda item: begins[_file(item)])


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _place(item: pytest.Item) -> int:
    if together(item.nodeid):
        return list(TOGETHER).index(together(item.nodeid))
    marks = (
        n for n, m in enumerate(_FIRST, len(TOGETHER)) if item.get_closest_marker(m)
    )
    return next(marks, _LAST)
