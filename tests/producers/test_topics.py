"""The contract as a page: what each column is, and what its values must be."""

import subprocess
import sys

from producers.contract import VITALS
from producers.topics import description
from stack.environment import ROOT


def line(column: str) -> str:
    [found] = [x for x in description(VITALS).splitlines() if f"| {column} |" in x]
    return found


def test_a_number_says_its_unit_its_range_and_its_codes() -> None:
    for part in ("| % |", "above 0, at most 100", "LOINC 59408-5", "MDC 150456"):
        assert part in line("spo2_pct")
    assert "above 0, below 300" in line("heart_rate_bpm")


def test_a_word_says_which_ones_there_are() -> None:
    assert "one of rest, moving, exercise" in line("activity")


def test_what_must_be_there_says_so() -> None:
    assert "required" in line("patient_id")
    assert "required" not in line("seq")


def test_who_reads_only_the_head_hears_of_no_error() -> None:
    command = [sys.executable, "-m", "producers.topics"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.close()
        assert shown.stderr.read() == b""
