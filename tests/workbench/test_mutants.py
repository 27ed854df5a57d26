"""The tool that judges tests is judged: a weak test is found out, a good one is not."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import (
    Above,
    AtLeast,
    AtMost,
    Below,
    Condition,
    Held,
    Pattern,
)
from stack.environment import ROOT
from workbench.fates import (
    EQUIVALENT,
    Outcomes,
    failed,
    pattern_fates,
    readers,
    rounds,
    strongest_first,
)
from workbench.mutants import app, chosen
from workbench.mutation_plugin import ORIGINAL, Match, Together, cases
from workbench.mutation_source import Finder
from workbench.mutations import mutants, text_mutants

PATTERN = {pattern.name: pattern for pattern in CATALOGUE}
WEAK = """\
from cep_patterns.{name} import PATTERN

def test_bound() -> None:
    assert PATTERN.condition.bound == {bound}
"""


def wrongs(pattern: Pattern) -> set[str]:
    return {mutant.what for mutant in mutants(pattern)}


def test_everything_that_decides_is_made_wrong() -> None:
    assert wrongs(PATTERN["sustained_tachycardia"]) == {
        "severity high -> low",
        "severity high -> medium",
        "condition >= -> >",
        "condition bound 131 -> 132",
        "condition bound 131 -> 130",
        "hold_s 30 -> 31",
        "hold_s 30 -> 29",
        "gap_s 10 -> 11",
        "gap_s 10 -> 9",
        "not_during without exercise",
        "kind clinical -> technical",
    }


def test_of_every_shape() -> None:
    assert "within_s 60 -> 61" in wrongs(PATTERN["hypoxia_then_bradycardia"])
    assert "after condition < -> <=" in wrongs(PATTERN["hypoxia_then_bradycardia"])
    assert "slots 3 -> 2" in wrongs(PATTERN["silent_sensor"])


def test_a_mutant_differs_in_one_thing_and_keeps_its_name() -> None:
    for pattern in CATALOGUE:
        for mutant in mutants(pattern):
            assert mutant.pattern != pattern
            assert mutant.pattern.name == pattern.name


@pytest.mark.parametrize(
    ("condition", "value", "is_met"),
    [
        (AtLeast(131), 131, False),
        (Above(1), 1, True),
        (AtMost(40), 40, False),
        (Below(90), 90, True),
    ],
)
def test_a_condition_of_another_kind_differs_at_its_bound(
    condition: Condition, value: float, *, is_met: bool
) -> None:
    held = PATTERN["desaturation"]
    assert isinstance(held, Held)
    [wrong] = [
        mutant.pattern.condition
        for mutant in mutants(replace(held, own_limit=None, condition=condition))
        if mutant.what.endswith(("> <=", "> <", "> >", "> >="))
        and isinstance(mutant.pattern, Held)
    ]
    meets = {
        AtLeast: value >= wrong.bound,
        Above: value > wrong.bound,
        AtMost: value <= wrong.bound,
        Below: value < wrong.bound,
    }
    assert meets[type(wrong)] is is_met


def test_a_bound_with_digits_is_shifted_by_its_last_one() -> None:
    held = PATTERN["desaturation"]
    assert isinstance(held, Held)
    found = wrongs(replace(held, own_limit=None, condition=AtLeast(38.5)))
    assert {"condition bound 38.5 -> 38.6", "condition bound 38.5 -> 38.4"} <= found


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("frozen_value", {"hold_s 300 -> 310", "hold_s 300 -> 290"}),
        ("news2_high", {"hold_s 60 -> 70", "hold_s 60 -> 50"}),
        ("clock_drifting", {"hold_s 3600 -> 7200", "hold_s 3600 -> 0"}),
        ("contact_falling", {"hold_s 21600 -> 43200", "hold_s 21600 -> 0"}),
        ("probe_off_again", {"hold_s 900 -> 1800", "hold_s 900 -> 0"}),
    ],
)
def test_a_time_is_shifted_by_what_lies_between_two_values(
    name: str, holds: set[str]
) -> None:
    """By less, nothing would change: these signals come on the clock only."""
    assert {what for what in wrongs(PATTERN[name]) if what.startswith("hold")} == holds
    assert "raised [0] hold_s 120 -> 130" in wrongs(PATTERN["stroke_risk"])


SQL = """
    PARTITION BY patient_id, device_id, rule
    ORDER BY ts
    MEASURES
        OPENING.ts_ms AS started_ms
    AFTER MATCH SKIP TO LAST CLOSING
    WINDOW w AS (PARTITION BY patient_id, device_id ORDER BY ts)
"""


def test_sql_is_made_wrong_where_a_match_ends_and_in_whose_rows_it_reads() -> None:
    partition, skip, window = text_mutants("shape", SQL)
    assert "MEASURES\n        OPENING.device_id AS device_id, OPENING.ts_ms" in (
        partition.applied(SQL)
    )
    assert "PARTITION BY patient_id, rule" in partition.applied(SQL)
    assert skip.applied(SQL) == SQL.replace(
        "SKIP TO LAST CLOSING", "SKIP PAST LAST ROW"
    )
    assert "(PARTITION BY patient_id ORDER BY ts)" in window.applied(SQL)
    assert (window.line, window.module) == (7, "shape")


def test_every_wrong_turn_that_is_excused_is_still_there() -> None:
    patterns, shapes = chosen("")
    of_shapes = {(mutant.module, mutant.new) for mutant in shapes}
    of_patterns = {(p.name, wrong) for p in patterns for wrong in wrongs(p)}
    assert EQUIVALENT.keys() <= of_shapes | of_patterns


def test_what_is_excused_says_why_and_all_else_survives_without_a_test(
    tmp_path: Path,
) -> None:
    fates = pattern_fates([PATTERN["restarts_rising"]], tmp_path)
    said = {(fate.of, fate.what): fate.killer for fate in fates if not fate.survived}
    assert said == {k: v for k, v in EQUIVALENT.items() if k[0] == "restarts_rising"}


def test_a_pattern_and_its_mutants_are_found_in_one_job(tmp_path: Path) -> None:
    stream = tmp_path / "vitals.jsonl"
    stream.write_text("a stream")
    jobs: list[int] = []

    def matches_in(_: Path, patterns: Sequence[Pattern]) -> list[Match]:
        jobs.append(len(patterns))
        return [{"pattern_name": each.name, "of": each} for each in patterns]

    together = Together(matches_in, most_rules=33)
    every = cases(PATTERN["desaturation"])
    for case in every:
        [match] = together.of(case, stream)
        assert match["pattern_name"] == "desaturation"
        assert replace(match["of"], name="desaturation") == case.mutant.pattern  # type: ignore[type-var]
    assert jobs == [len(every)]


def test_what_is_refused_together_runs_alone_and_a_refusal_kills(
    tmp_path: Path,
) -> None:
    stream = tmp_path / "vitals.jsonl"
    stream.write_text("a stream")

    def matches_in(_: Path, patterns: Sequence[Pattern]) -> list[Match]:
        if len(patterns) > 1 or "technical" in str(patterns[0]).lower():
            raise ValueError
        return []

    together = Together(matches_in, most_rules=33)
    original, *_, technical = cases(PATTERN["desaturation"])
    assert (original.mutant.what, together.of(original, stream)) == (ORIGINAL, [])
    with pytest.raises(ValueError, match=r"^$"):
        together.of(technical, stream)


def test_the_first_test_that_fails_is_the_killer() -> None:
    heard = Outcomes()
    heard.hear('{"tests": 3}')
    for outcome, test in (("passed", "a"), ("failed", "b"), ("failed", "c")):
        told = {"about": ["p", "w"], "outcome": outcome, "test": test}
        heard.hear(json.dumps(told))
    assert (heard.tests, heard.done, heard.killers) == (3, 3, {("p", "w"): "b"})
    assert failed("1 failed\nFAILED tests/a.py::test_b[x y] - assert 1\n") == "test_b"
    assert failed("ERROR tests/a.py::test_c - ValueError: a fixture's\n") == "test_c"


def test_a_module_is_read_with_its_wrong_text_and_no_other_is(tmp_path: Path) -> None:
    file = tmp_path / "shape.py"
    file.write_text("VALUE = 1", encoding="utf-8")
    finder = Finder("jobs.shape", str(file), "VALUE = 2")
    assert finder.find_spec("jobs.held", None) is None
    spec = finder.find_spec("jobs.shape", None)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.VALUE == 2
    assert file.read_text(encoding="utf-8") == "VALUE = 1"


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("followed", "test_hypoxia_then_bradycardia"),
        ("silence", "test_silent_sensor"),
        ("thinning", "test_thinning"),
        ("held", "test_desaturation"),
        ("verdicts", "test_verify_fixes"),
        ("eeg_signals", "test_seizure_suspected"),
    ],
)
def test_a_shape_is_judged_by_its_own_patterns_first(module: str, first: str) -> None:
    assert strongest_first(module)[0].stem == first


def test_what_reads_a_module_is_found_through_others() -> None:
    assert readers("response_clock") >= {"response_clock", "scored", "score_patients"}
    assert readers("verdicts") == {"verdicts", "verify_fixes"}


def test_few_tests_are_asked_first_and_each_is_asked_once() -> None:
    files = strongest_first("held")
    asked = list(rounds(files))
    assert [len(each) for each in asked[:3]] == [1, 2, 4]
    assert [file for each in asked for file in each] == files


def test_an_unknown_name_is_refused_in_one_line() -> None:
    result = CliRunner().invoke(app, ["--pattern", "asystole"])
    assert result.exit_code == 2
    assert result.stderr.startswith("mutants: --pattern asystole: no such pattern")


def judged(tests: Path, name: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-m", "workbench.mutants", "--pattern", name]
    done = subprocess.run(  # noqa: S603 - our own command line
        [*command, "--tests", str(tests)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


def test_a_weak_test_lets_mutants_survive_and_it_is_said(tmp_path: Path) -> None:
    weak = WEAK.format(name="desaturation", bound=90)
    (tmp_path / "test_desaturation.py").write_text(weak, encoding="utf-8")
    code, said = judged(tmp_path, "desaturation")
    assert code == 1
    fate = {line.split("  ")[1].strip(): line.split()[-1] for line in said[1:-1]}
    assert fate["condition bound 90 -> 91"] == "test_bound"
    assert fate["hold_s 30 -> 29"] == "SURVIVED"
    survivors = sum(each == "SURVIVED" for each in fate.values())
    assert f"{len(fate)} mutants, {survivors} survived" in said[-1]


def test_a_pattern_without_a_test_survives_whole(tmp_path: Path) -> None:
    code, said = judged(tmp_path, "desaturation")
    assert code == 1
    assert {line.split()[-1] for line in said[1:-1]} == {"SURVIVED"}


def test_a_test_that_fails_anyway_says_nothing_about_mutants(tmp_path: Path) -> None:
    wrong = WEAK.format(name="desaturation", bound=91)
    (tmp_path / "test_desaturation.py").write_text(wrong, encoding="utf-8")
    assert judged(tmp_path, "desaturation") == (2, [])


@pytest.mark.flink
@pytest.mark.parametrize("name", ["sensor_off", "silent_sensor"])
def test_no_mutant_survives_the_tests_we_have(name: str) -> None:
    code, said = judged(ROOT / "tests/cep_patterns", name)
    assert (code, said[-1].split(",")[1]) == (0, " 0 survived")
