"""Trying patterns, as an engineer does: on the command line, without services."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from cep_patterns import sustained_tachycardia
from cep_patterns.catalogue import CATALOGUE
from cep_patterns.pattern import AtLeast
from stack.environment import ROOT
from tests.streams import message, write_lines
from workbench.try_patterns import (
    JVM,
    RefusedError,
    app,
    chosen,
    json_lines,
    matches,
    prepare,
    read,
)


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    [line] = result.stderr.strip().splitlines()
    return line


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "there is no such file; name a" in refused(str(tmp_path / "nothing.csv"))


def test_an_empty_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "no recording found; expected BIDMC" in refused(str(tmp_path))


def test_what_is_no_recording_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert "no recording found" in refused(str(tmp_path / "picture.png"))


def test_a_damaged_recording_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Time [s],HR\n0,80\n1,x\n", encoding="utf-8")
    assert "line 3, column HR: 'x'" in refused(str(tmp_path))


def test_an_unknown_pattern_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    line = refused(str(tmp_path), "--pattern", "asystole")
    assert "--pattern asystole" in line
    assert all(pattern.name in line for pattern in CATALOGUE)


def test_one_pattern_or_all_are_chosen() -> None:
    assert chosen("") == CATALOGUE
    assert [pattern.name for pattern in chosen("desaturation")] == ["desaturation"]


def test_how_java_starts_is_chosen_unless_the_person_has() -> None:
    env = {"JVM_ARGS": "-Xmx4g"}
    prepare(env)
    assert env == {**JVM, "JVM_ARGS": "-Xmx4g"}


def test_json_lines_are_matches() -> None:
    assert list(map(orjson.loads, json_lines([{"match_id": "a"}]))) == [
        {"match_id": "a"}
    ]


@pytest.mark.flink
def test_a_match_is_printed_and_the_end_of_a_file_is_no_silence(tmp_path: Path) -> None:
    held = [message(t, "held", heart_rate_bpm=150.0) for t in range(60)]
    calm = [message(t, "calm", heart_rate_bpm=80.0) for t in range(200)]
    first = write_lines(held, tmp_path / "held.jsonl")
    second = write_lines(calm, tmp_path / "calm.jsonl")
    command = [sys.executable, "-m", "workbench.try_patterns", "--json"]
    done = subprocess.run(  # noqa: S603 - our own command line
        [*command, str(first), str(second)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    )
    [match] = map(json.loads, done.stdout.splitlines())
    assert match["pattern_name"] == "sustained_tachycardia"
    assert (match["phase"], match["observed"]) == ("ongoing", 150.0)
    tried = f"{len(CATALOGUE)} patterns: 1 found"
    for expected in ("260 readings of 2 patients", "150 /min", tried):
        assert expected in done.stderr
    assert "WARN" not in done.stderr


@pytest.mark.flink
def test_a_pattern_that_flink_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    lines = write_lines([message(0, "a", heart_rate_bpm=80.0)], tmp_path / "a.jsonl")
    bound = AtLeast("heart_rat_bpm")  # type: ignore[arg-type]
    misspelt = replace(sustained_tachycardia.PATTERN, own_limit=None, condition=bound)
    with pytest.raises(
        RefusedError, match=r"^Flink refuses .*heart_rat_bpm.*$"
    ) as told:
        matches([misspelt], read([lines]))
    assert "\n" not in str(told.value)
    assert "sustained_tachycardia" in str(told.value)


@pytest.mark.flink
def test_a_signal_that_does_not_exist_is_told_with_those_that_do(
    tmp_path: Path,
) -> None:
    lines = write_lines([message(0, "a", heart_rate_bpm=80.0)], tmp_path / "a.jsonl")
    misspelt = replace(sustained_tachycardia.PATTERN, signal="heart_rat_bpm")
    with pytest.raises(
        RefusedError, match=r"sustained_tachycardia reads heart_rat_bpm.*spo2_pct"
    ):
        matches([misspelt], read([lines]))


@pytest.mark.flink
def test_what_would_be_found_after_the_last_reading_is_left_out(
    tmp_path: Path,
) -> None:
    from jobs.in_process import matches_in  # noqa: PLC0415 - it starts Java

    ends = [message(t, "ends", heart_rate_bpm=80.0) for t in range(20)]
    goes_on = [message(t, "goes_on", heart_rate_bpm=80.0) for t in range(90)]
    both = sorted([*ends, *goes_on], key=lambda each: str(each["ts_ms"]))
    found = matches_in(write_lines(both, tmp_path / "a.jsonl"), CATALOGUE)
    assert [(m["pattern_name"], m["patient_id"]) for m in found] == [
        ("silent_sensor", "ends")
    ]
