"""The suite holds on a slow machine: one stack at a time, in an order that works."""

import re
import time
from pathlib import Path

import pytest

from stack.environment import ROOT
from tests.machine import REFERENCE_S, Speed, described, measured
from tests.one_stack import one_stack
from tests.scheduling import place, together
from tests.ward import eventually

FILES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests").rglob("test_*.py"))
}
STARTS_A_STACK = re.compile(
    r"\bone_stack\(\)|\bstack: (Settings|object)\b|^from tests\.ward import .*\bWard\b",
    re.MULTILINE,
)


def names_with(words: re.Pattern[str]) -> list[str]:
    return [name for name, text in FILES.items() if words.search(text)]


@pytest.mark.parametrize("name", names_with(STARTS_A_STACK))
def test_whoever_starts_a_stack_is_in_the_one_process_of_stacks(name: str) -> None:
    assert together(name) == "stack"


def test_whatever_else_is_heavy_shares_one_other_process() -> None:
    assert together("tests/cep_patterns/test_apnoea.py::test_a") == "heavy"
    assert together("tests/gateway/test_kafka_source.py::test_a") == "heavy"
    assert together("tests/scores/test_news2.py::test_a") == ""


def test_stacks_of_their_own_come_first_and_who_speaks_of_now_comes_last() -> None:
    ward = "tests/system/"
    names = [each for each in FILES if together(each) == "stack"]
    names += [f"{ward}test_zebra.py"]
    ordered = sorted(names, key=place)
    own = "tests/stack/test_stack_native.py", "tests/workbench/test_demo.py"
    assert tuple(ordered[:2]) == own
    assert [each.removeprefix(ward) for each in ordered[-5:]] == [
        "test_zebra.py",
        "test_fleet.py",
        "test_bad_messages.py",
        "test_verified_fixes.py",
        "test_hostile_messages.py",
    ]


def test_a_second_stack_is_refused_while_one_is_up(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with one_stack(lock), pytest.raises(pytest.fail.Exception, match="is up: put"):
        one_stack(lock).__enter__()
    with one_stack(lock):
        pass


def test_no_test_has_a_limit_of_its_own() -> None:
    """How long a hang may take is said once, in pyproject.toml: delete the mark."""
    mark = "pytest.mark." + "timeout"
    assert [name for name, text in FILES.items() if mark in text] == []


def test_waiting_goes_on_as_long_as_something_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.ward.PATIENCE_S", 0.5)
    begin_s = time.monotonic()
    eventually(lambda: min(6, int((time.monotonic() - begin_s) / 0.2)), 6)


def test_waiting_in_vain_says_what_was_seen_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.ward.PATIENCE_S", 0.2)
    with pytest.raises(AssertionError, match=r"missing: \[2\]; .*0\.2 s"):
        eventually(lambda: {1}, {1, 2})


def test_the_machines_speed_is_measured_within_a_second_and_compared() -> None:
    speed = measured()
    assert 0 < speed.work_s <= speed.wall_s * 1.05
    slow = Speed(work_s=2.5 * REFERENCE_S, wall_s=10 * REFERENCE_S)
    line = described(slow, cores=2, load=4.04)
    assert line.startswith("machine: 2 cores, load 4.0; ")
    assert "2.5 times the reference" in line
    assert line.endswith("25 % of a core")
