"""A plugin of pytest: each test of a pattern again, for each mutant of the pattern.

``pytest -p workbench.mutation_plugin --outcomes FILE tests/cep_patterns/...``

A pattern and all its mutants run in one Flink job, each under a name of its own; a
test then sees the matches of the one it is about. So a pattern costs one job, however
many mutants and tests it has. Nothing on disk is touched.
"""

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import Pattern
from stack.environment import ROOT
from workbench.burden_variants import batches
from workbench.mutations import Mutant, mutants

ORIGINAL: Final = ""
"""What is wrong with the pattern as it is."""

Match = dict[str, object]
MatchesIn = Callable[..., list[Match]]
Given = Mapping[str, Sequence[Match]]
"""What a test gives beside the stream: limits, baselines."""

NOTHING: Final[Given] = {}

_Found = dict[str, list[Match] | Exception]
_PATTERNS: Final = {f"test_{pattern.name}": pattern for pattern in CATALOGUE}


@dataclass(frozen=True, slots=True)
class Case:
    """A pattern, and what stands in for it in a test."""

    original: Pattern
    mutant: Mutant


def cases(pattern: Pattern) -> list[Case]:
    """Return the pattern as it is, then its mutants."""
    every = [Mutant(ORIGINAL, pattern), *mutants(pattern)]
    return [Case(pattern, mutant) for mutant in every]


class Together:
    """Find what a pattern and its mutants find, in as few jobs as can be."""

    def __init__(self, matches_in: MatchesIn, most_rules: int) -> None:
        self._matches_in = matches_in
        self._most_rules = most_rules
        self._known: dict[tuple[str, bytes, str], _Found] = {}

    def of(self, case: Case, messages: Path, given: Given = NOTHING) -> list[Match]:
        """Return the matches of one of them in a file, under the pattern's name."""
        key = (case.original.name, messages.read_bytes(), repr(given))
        if key not in self._known:
            self._known[key] = self._all(case.original, messages, given)
        found = self._known[key][case.mutant.what]
        if isinstance(found, Exception):
            raise found
        return found

    def _all(self, original: Pattern, messages: Path, given: Given) -> _Found:
        named = {
            f"{original.name}#{number}": case
            for number, case in enumerate(cases(original))
        }
        patterns = [replace(c.mutant.pattern, name=n) for n, c in named.items()]
        found: _Found = {}
        for batch in batches(patterns, self._most_rules):
            found |= self._jointly(batch, messages, _for_all(given, batch))
        return {
            case.mutant.what: _renamed(found[name], original.name)
            for name, case in named.items()
        }

    def _jointly(
        self, patterns: Sequence[Pattern], messages: Path, given: Given
    ) -> _Found:
        """Run ``patterns`` in one job, or each alone where that is refused."""
        try:
            told = self._matches_in(messages, patterns, **given)
        except Exception as error:  # noqa: BLE001 - whatever Flink refuses, kills
            if len(patterns) == 1:
                return {patterns[0].name: error}
            alone = [self._jointly([each], messages, given) for each in patterns]
            return {name: found for each in alone for name, found in each.items()}
        return {
            pattern.name: [m for m in told if m["pattern_name"] == pattern.name]
            for pattern in patterns
        }


def _for_all(given: Given, patterns: Sequence[Pattern]) -> Given:
    """Return what is given, each limit for every name that the pattern runs under."""
    limits = [
        {**limit, "pattern_name": each.name}
        for limit in given.get("limits", ())
        for each in patterns
    ]
    return {name: limits if name == "limits" else rows for name, rows in given.items()}


def _renamed(found: list[Match] | Exception, name: str) -> list[Match] | Exception:
    if isinstance(found, Exception):
        return found
    return [match | {"pattern_name": name} for match in found]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller say where outcomes go."""
    parser.addoption("--outcomes", type=Path, required=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of a pattern for each of its mutants."""
    pattern = _PATTERNS.get(metafunc.definition.path.stem)
    if pattern is not None:
        every = cases(pattern)
        names = [case.mutant.what or "as it is" for case in every]
        metafunc.parametrize("mutated", every, ids=names, indirect=True)


WAYS_IN: Final = ("matches_in", "device_matches_in")
"""What tests call to find patterns: in vital signs, and in statuses of devices."""


@pytest.fixture(scope="session")
def together() -> dict[str, Together]:
    """Share what was found among all tests, by what found it."""
    in_process = importlib.import_module("jobs.in_process")
    most = importlib.import_module("jobs.thinning").MOST_PATTERNS
    return {name: Together(getattr(in_process, name), most) for name in WAYS_IN}


@pytest.fixture(autouse=True)
def mutated(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    together: dict[str, Together],
) -> None:
    """Put a mutant in its pattern's place, everywhere in our own modules."""
    case: Case | None = getattr(request, "param", None)
    if case is None:
        return
    mutant = case.mutant
    request.node.user_properties.append(("mutant", (case.original.name, mutant.what)))
    catalogue = tuple(mutant.pattern if p is case.original else p for p in CATALOGUE)
    for module in list(_own_modules(request.module)):
        for name, value in list(vars(module).items()):
            if value is case.original:
                monkeypatch.setattr(module, name, mutant.pattern)
            elif value is CATALOGUE:
                monkeypatch.setattr(module, name, catalogue)
    in_process = sys.modules["jobs.in_process"]
    for name, found in together.items():
        monkeypatch.setattr(in_process, name, _in_place(found, case))


def _in_place(together: Together, case: Case) -> MatchesIn:
    return lambda messages, _, **given: together.of(case, messages, given)


def _own_modules(test: ModuleType) -> Iterator[ModuleType]:
    yield test
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and module is not sys.modules[__name__] and _is_ours(Path(file)):
            yield module


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(ROOT) and ".venv" not in file.parts


def pytest_collection_modifyitems(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> None:
    """Tell how much there is to do."""
    _tell(config, {"tests": len(items)})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Iterator[None]:
    """Tell the outcome of each test."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if report.when == "call" or report.failed:
        _tell(
            item.config,
            {
                "about": dict(item.user_properties).get("mutant"),
                "outcome": report.outcome,
                "test": getattr(item, "originalname", item.name),
            },
        )
    return report  # type: ignore[return-value]


def _tell(config: pytest.Config, what: dict[str, object]) -> None:
    outcomes: Path = config.getoption("--outcomes")
    with outcomes.open("a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")
