"""A pattern is added by one file and one line in the catalogue, as the README says."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stack.environment import ROOT
from tests.streams import message, write_lines

PACKAGES = (
    "alerts",
    "cep_patterns",
    "eeg",
    "jobs",
    "producers",
    "scores",
    "stack",
    "workbench",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with all that ``make try`` needs."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    return tmp_path


def add_pattern(folder: Path) -> None:
    """Do steps 1 and 2 of the README: one file, its import, its line."""
    model = (folder / "cep_patterns/sustained_tachycardia.py").read_text()
    mine = model.replace("sustained_tachycardia", "warm_patient")
    mine = mine.replace('"heart_rate_bpm"', '"temperature_c"')
    mine = mine.replace("AtLeast(HEART_RATE_BPM)", "AtLeast(39.5)")
    mine = mine.replace("own_limit=Adjustable(tightest=110, widest=150)", "version=1")
    (folder / "cep_patterns/warm_patient.py").write_text(mine)
    catalogue = folder / "cep_patterns/catalogue.py"
    text = catalogue.read_text()
    text = text.replace("    tachypnoea,\n", "    tachypnoea,\n    warm_patient,\n", 1)
    text = text.replace("\n)\n", "\n    warm_patient.PATTERN,\n)\n")
    catalogue.write_text(text.replace("    warm_patient.PATTERN,\n", "", 1))


@pytest.mark.flink
def test_a_new_pattern_is_found_once_it_is_in_the_catalogue(copy: Path) -> None:
    add_pattern(copy)
    warm = [message(t, temperature_c=39.5) for t in range(0, 60, 5)]
    recording = write_lines(warm, copy / "mine.jsonl")
    command = [sys.executable, "-m", "workbench.try_patterns", str(recording), "--json"]
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, "--pattern", "warm_patient"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [match] = map(json.loads, done.stdout.splitlines())
    assert (match["pattern_name"], match["observed"]) == ("warm_patient", 39.5)
