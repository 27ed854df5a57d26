"""A recording in, a table of seizures out, as a person does it."""

import csv
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from edfio import Edf, EdfSignal
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from digital_twin.eeg import record
from eeg.scoring import Scorer
from jobs.eeg.annotate import REFUSED, app
from jobs.eeg.event_table import BACKGROUND, COLUMNS, SEIZURE

START = datetime(2024, 2, 29, 23, 59, 30)  # noqa: DTZ001 - EDF knows no time zone
NAMES = ("EEG Fp1-REF", "EEG T3-REF", "EEG O2-REF", "ECG")
Array = NDArray[np.float64]


def annotate(source: Path, target: Path) -> Result:
    return CliRunner().invoke(app, [str(source), str(target)])


def refused(source: Path, target: Path) -> str:
    result = annotate(source, target)
    assert result.exit_code == REFUSED, result.output
    assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


def table(file: Path) -> list[dict[str, str]]:
    opened: IO[str]
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t"))


def calm(length_s: int, rate_hz: int = 256) -> Array:
    """Return quiet EEG of three channels, of the twin."""
    seconds = [each.samples_uv[0, :3] for each in record(length_s, 1, artefacts=0.0)]
    samples = np.concatenate(seconds, axis=1)[:, :: 256 // rate_hz]
    return np.asarray(samples, np.float64)


def seizing(length_s: int, first_s: int, end_s: int) -> Array:
    """Return the same with spikes and waves, three a second, in two of the channels."""
    samples = calm(length_s)
    at_s = np.arange(samples.shape[1]) / 256
    spikes = 400 * np.abs(np.sin(np.pi * 3 * at_s)) ** 12
    waves = 150 * np.sin(2 * np.pi * 3 * at_s + 1)
    inside = (at_s >= first_s) & (at_s < end_s)
    samples[:2, inside] += (spikes + waves)[inside]
    return samples


def edf(file: Path, samples: Array, rate_hz: int = 256) -> Path:
    rows = [*samples, np.sin(np.arange(samples.shape[1]))]
    signals = [
        EdfSignal(row, rate_hz, label=name, physical_dimension="uV")
        for name, row in zip(NAMES, rows, strict=True)
    ]
    made = Edf(signals, starttime=START.time(), recording=None)
    made.startdate = START.date()
    made.write(file)
    return file


def test_a_seizure_is_found_and_where_it_is_seen(tmp_path: Path) -> None:
    file = edf(tmp_path / "night.edf", seizing(120, 60, 90))
    out = tmp_path / "new" / "night.tsv"
    result = annotate(file, out)
    assert result.exit_code == 0, result.stderr
    assert "1 seizure in 120 s" in " ".join(result.stderr.split())
    [row] = table(out)
    assert tuple(row) == COLUMNS
    assert float(row["onset"]) == pytest.approx(61, abs=3)
    assert float(row["onset"]) + float(row["duration"]) == pytest.approx(95, abs=5)
    assert row["eventType"] == SEIZURE
    assert Scorer.load().threshold <= float(row["confidence"]) <= 1
    assert row["channels"] == "Fp1,T7"
    assert row["dateTime"] == "2024-02-29 23:59:30"
    assert row["recordingDuration"] == "120.00"


def test_calm_is_background(tmp_path: Path) -> None:
    out = tmp_path / "calm.tsv"
    assert annotate(edf(tmp_path / "calm.edf", calm(30)), out).exit_code == 0
    [row] = table(out)
    assert row["eventType"] == BACKGROUND
    assert (row["onset"], row["duration"]) == ("0.00", "30.00")
    assert (row["confidence"], row["channels"]) == ("n/a", "n/a")


def test_background_is_not_said_of_what_could_not_be_judged(tmp_path: Path) -> None:
    """All channels are flat from second 20 on up to 40."""
    samples = calm(60)
    samples[:, 20 * 256 : 40 * 256] = 0
    out = tmp_path / "flat.tsv"
    result = annotate(edf(tmp_path / "flat.edf", samples), out)
    assert "could not be judged" in " ".join(result.stderr.split())
    first, second = table(out)
    assert float(first["onset"]) == 0
    assert float(first["duration"]) == pytest.approx(21, abs=1)
    assert float(second["onset"]) == pytest.approx(39, abs=1)
    assert float(second["onset"]) + float(second["duration"]) == 60


def test_archives_have_a_table_for_each_recording(tmp_path: Path) -> None:
    file = tmp_path / "two.npz"
    rows = calm(12)[:2].astype(np.float32)
    np.savez(file, X=rows, X_names=np.array(["one", "two"]), rate_hz=256.0)
    out = tmp_path / "tables"
    assert annotate(file, out).exit_code == 0
    assert sorted(each.name for each in out.iterdir()) == ["one.tsv", "two.tsv"]


def test_what_cannot_be_judged_is_refused(tmp_path: Path) -> None:
    flat = edf(tmp_path / "flat.edf", np.zeros((3, 30 * 256)) + np.eye(3, 30 * 256))
    assert "nothing of it could be judged" in refused(flat, tmp_path / "a.tsv")
    short = edf(tmp_path / "short.edf", calm(3))
    assert "shorter than 4 s" in refused(short, tmp_path / "a.tsv")
    slow = edf(tmp_path / "slow.edf", calm(10, rate_hz=64), rate_hz=64)
    assert "64 samples a second" in refused(slow, tmp_path / "a.tsv")
    assert not (tmp_path / "a.tsv").exists()


def test_wrong_files_are_refused_in_one_line(tmp_path: Path) -> None:
    out = tmp_path / "a.tsv"
    assert "there is no such file" in refused(tmp_path / "no.edf", out)
    text = tmp_path / "text.edf"
    text.write_text("no recording")
    assert "no EEG recording found" in refused(text, out)
    file = edf(tmp_path / "calm.edf", calm(10))
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "cannot be made" in refused(file, blocked / "a.tsv")
    assert "cannot be written" in refused(file, tmp_path)
