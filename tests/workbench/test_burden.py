"""Counting alarms, as an engineer does: on the command line, without services."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from cep_patterns.catalogue import CATALOGUE
from stack.environment import ROOT
from stack.waiting import PATIENCE_S, until
from tests.streams import message, write_lines
from workbench.burden import app
from workbench.burden_counts import Burden, Episode, burden
from workbench.burden_picture import draw
from workbench.burden_variants import variants
from workbench.interruption import INTERRUPTED
from workbench.stays import Stay

COMMAND = [sys.executable, "-m", "workbench.burden"]


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    [line] = result.stderr.strip().splitlines()
    return line


def test_wrong_input_is_refused_in_one_line(tmp_path: Path) -> None:
    assert refused(str(tmp_path / "a.csv")).startswith("burden: ")
    assert "no recording found" in refused(str(tmp_path))
    assert "no such pattern" in refused(str(tmp_path), "--pattern", "asystole")


def test_a_picture_that_cannot_be_drawn_is_refused_before_anything_is_read() -> None:
    assert "ends in .svg or .png" in refused("a.csv", "--picture", "a.gif")
    assert "its folder is not there" in refused("a.csv", "--picture", "no/such/a.svg")


def some_burden(alarms: int) -> Burden:
    watched = [
        Stay(patient=f"p{n}", days=1, interval_ms=1000, signs_ms={"spo2_pct": 1000})
        for n in range(20)
    ]
    found = [
        Episode(
            pattern="desaturation",
            patient="p1",
            started_ms=0,
            found_ms=30_000,
            ended_ms=None,
        )
    ] * alarms
    neighbours = [variant for pattern in CATALOGUE for variant in variants(pattern)]
    return burden(CATALOGUE, watched, found, neighbours)


@pytest.mark.parametrize("alarms", [0, 3])
def test_the_same_burden_gives_the_same_picture(tmp_path: Path, alarms: int) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    for picture in (first, second):
        draw(some_burden(alarms), ["a remark"], picture)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"<?xml")


def test_a_picture_can_be_of_pixels(tmp_path: Path) -> None:
    draw(some_burden(3), [], tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.flink
def test_alarms_are_counted_and_so_are_those_of_other_limits(tmp_path: Path) -> None:
    """Low for 40 s, then for 20 s with 91 %: one alarm, or two, or none."""
    saturations = [*[97] * 9, *[85] * 41, *[97] * 50, *[91] * 41, *[97] * 30]
    stream = [
        message(t, patient, spo2_pct=float(value))
        for t, value in enumerate(saturations)
        for patient in ("ill", "well")
        if patient == "ill" or value == 97
    ]
    lines = write_lines(stream, tmp_path / "ward.jsonl")
    picture = tmp_path / "burden.svg"
    command = [*COMMAND, "--json", "--pattern", "desaturation"]
    done = subprocess.run(  # noqa: S603 - our own command line
        [*command, "--picture", str(picture), str(lines)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "110"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)["burden"]
    [rate] = told["by_pattern"]
    assert (rate["alarms"], rate["patients"], rate["brief"]) == (1, 1, 1)
    [question] = told["what_if"]
    alarms = {each["value"]: each["alarms"] for each in question["neighbours"]}
    assert alarms == {"15 s": 1, "60 s": 0, "< 88": 1, "< 92": 2}
    assert told["loads"][0]["patient"] == "ill"
    assert "few data" in done.stderr
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


PLANS_AFTER_S = 3.0
"""So much of a processor Flink's Java takes to be up; then it plans."""


def flink_plans(pid: int) -> bool:
    """Return whether Flink's Java, which the process starts, is at work."""
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if any("flink" in word for word in child.cmdline()):
                return child.cpu_times().user > PLANS_AFTER_S
    return False


@pytest.mark.flink
def test_an_interruption_ends_it_in_one_line(tmp_path: Path) -> None:
    lines = write_lines([message(t) for t in range(90)], tmp_path / "a.jsonl")
    process = subprocess.Popen(  # noqa: S603 - our own command line
        [*COMMAND, str(lines)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(partial(flink_plans, process.pid), otherwise=lambda: "Flink plans nothing")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == INTERRUPTED
    assert said.strip() == "burden: stopped, nothing was counted"
