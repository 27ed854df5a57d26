"""Training, as a person does it: small, but all the way."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from eeg.conditioning import RATE_HZ
from eeg.features import NAMES
from eeg.model import CARD_FILE, load
from eeg.recording import Recording
from eeg.recordings import read
from workbench import train, train_figures
from workbench.train_candidates import CANDIDATES, Candidate, by_features
from workbench.train_changes import CHANGES, Trace, augmented, counted, resampled
from workbench.train_choice import chosen
from workbench.train_evaluation import Evaluation, Judged, balanced_threshold
from workbench.train_folds import LeakageError, by_recording, by_window, demand_apart
from workbench.train_rows import Rows, identity, joined, rows

Array = NDArray[np.float64]

RATE = 173.61
N_EACH = 10


def archive(folder: Path, n_each: int = N_EACH) -> Path:
    """Write sets A, D and E: noise, noise with slow waves, and fast sharp waves."""
    rng = np.random.default_rng(5)
    at_s = np.arange(round(12.2 * RATE)) / RATE
    noise = np.cumsum(rng.standard_normal((3, n_each, at_s.size)), axis=2)
    noise -= noise.mean(axis=2, keepdims=True)
    pace = rng.uniform(2.5, 4.5, (n_each, 1))
    noise[1] += 40 * np.sin(2 * np.pi * 1.5 * at_s)
    noise[2] += 300 * np.abs(np.sin(np.pi * pace * at_s)) ** 8
    sets = dict(zip("ADE", np.round(noise).astype(np.int16), strict=True))
    names = {f"{s}_names": [f"{s}{n}" for n in range(n_each)] for s in sets}
    file = folder / "sets.npz"
    np.savez(file, **sets, **{k: np.array(v) for k, v in names.items()})
    return file


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Recording]:
    return read(archive(tmp_path_factory.mktemp("sets")))


@pytest.fixture(scope="module")
def some(recordings: list[Recording]) -> Rows:
    """Return each recording twice: as it is, and changed."""
    rng = np.random.default_rng(1)
    plain = [rows(each, step_s=4.0) for each in recordings]
    copies = [rows(each, step_s=4.0, change=augmented, rng=rng) for each in recordings]
    return joined([*plain, *copies])


def test_no_recording_is_on_both_sides_of_a_split(some: Rows) -> None:
    folds = by_recording(some, 5)
    assert set(folds) == set(range(5))
    demand_apart(some.recording, folds)
    for fold in range(5):
        held = set(some.recording[folds == fold])
        assert not held & set(some.recording[folds != fold])


def test_the_guard_sees_a_leak(some: Rows) -> None:
    with pytest.raises(LeakageError, match="both sides"):
        demand_apart(some.recording, by_window(some, 5))
    folds = by_recording(some, 5)
    folds[0] = (folds[0] + 1) % 5
    with pytest.raises(LeakageError, match="1 times"):
        demand_apart(some.recording, folds)


def test_a_recording_under_two_names_is_one(recordings: list[Recording]) -> None:
    first, second, *_ = recordings
    renamed = Recording(
        name="other",
        rate_hz=first.rate_hz,
        channels=first.channels,
        counts=first.counts.copy(),
        uv_per_count=first.uv_per_count,
        offset_uv=first.offset_uv,
        group="E",
    )
    assert identity(renamed) == identity(first) != identity(second)


def test_rows_carry_what_they_are(recordings: list[Recording], some: Rows) -> None:
    """Three windows of four seconds in each of 12.2 s, and a changed copy of each."""
    assert len(recordings) == 3 * N_EACH
    assert 0.9 * 180 <= len(some) <= 180
    assert some.features.shape == (len(some), len(NAMES))
    assert (some.hard >= some.seizure).all()
    assert len(set(some.recording[some.seizure])) == N_EACH
    assert len(set(some.recording[some.hard])) == 2 * N_EACH
    assert some.plain.sum() == pytest.approx(90, abs=5)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_the_length_in_seconds(name: str) -> None:
    trace = Trace(np.random.default_rng(2).standard_normal(2000) * 30, RATE)
    changed = CHANGES[name](trace, np.random.default_rng(3))
    assert changed.times_s[-1] == pytest.approx(trace.times_s[-1], abs=0.02)
    assert not np.array_equal(changed.samples_uv, trace.samples_uv)


def test_resampling_keeps_a_rhythm() -> None:
    at_s = np.arange(round(10 * RATE)) / RATE
    found = resampled(Trace(np.sin(2 * np.pi * 10 * at_s), RATE), 256.0)
    assert found.times_s[-1] == pytest.approx(at_s[-1], abs=0.01)
    assert found.spread_uv == pytest.approx(0.5**0.5, rel=1e-2)
    lines = np.abs(np.fft.rfft(found.samples_uv))
    assert np.argmax(lines) / found.times_s[-1] == pytest.approx(10, abs=0.1)


def test_counting_is_in_whole_numbers() -> None:
    found = counted(Trace(np.array([0.0, 1.2, -7.0]), RATE), 2.0, 100.0)
    assert found.samples_uv.tolist() == [100, 102, 86]


def test_the_same_draw_gives_the_same_copy() -> None:
    trace = Trace(np.random.default_rng(2).standard_normal(2000) * 30, RATE)
    one, other, third = (
        augmented(trace, np.random.default_rng(seed)).samples_uv for seed in (1, 1, 2)
    )
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)


def test_the_threshold_is_where_both_errors_are_alike() -> None:
    probability = np.array([0.1, 0.2, 0.6, 0.4, 0.7, 0.8])
    seizure = np.array([False, False, False, True, True, True])
    found = balanced_threshold(probability, seizure)
    fires = probability >= found
    assert fires[seizure].mean() == pytest.approx((~fires[~seizure]).mean())
    assert found == 0.6


def judgement(some: Rows, probability: Array) -> Judged:
    return Judged(some, probability, probability >= 0.5)


def test_figures_by_recording_take_the_mean_of_its_windows(some: Rows) -> None:
    """One window of each seizure is missed: by window it shows, by recording not."""
    plain = some.where(some.plain)
    probability = plain.seizure.astype(float)
    _, first = np.unique(plain.recording, return_index=True)
    probability[first] = 0.0
    told = judgement(plain, probability)
    assert train_figures.by_windows(told).sensitivity == pytest.approx(2 / 3)
    assert train_figures.by_recordings(told).sensitivity == 1
    assert train_figures.by_recordings(told).specificity == 1


def test_of_the_good_ones_the_steadiest_is_chosen(some: Rows) -> None:
    """Two rank alike, but one's probabilities sink; a third is steady and worse."""
    right = np.where(some.seizure, 0.9, 0.1)
    sunk, wrong = np.where(some.seizure, 0.4, 0.1), np.full(len(some), 0.1)

    def evaluation(candidate: Candidate, plain: Array, changed: Array) -> Evaluation:
        moved = {"louder": judgement(some, changed)}
        return Evaluation(candidate, judgement(some, plain), moved, ())

    amplitude, logistic, boosting, trees, *_ = CANDIDATES
    best = evaluation(amplitude, right, right)
    shaky = evaluation(logistic, right, sunk)
    steady = evaluation(boosting, right, right)
    poor = evaluation(trees, wrong, wrong)
    assert chosen([best, shaky, steady, poor]) is steady
    assert chosen([best, shaky, poor]) is shaky
    assert chosen([best, poor]) is poor


def test_only_the_baseline_depends_on_gain() -> None:
    assert [each.name for each in CANDIDATES if not each.gain_free] == [
        "amplitude alone"
    ]
    assert all(each.reads is by_features for each in CANDIDATES[1:])


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train the two plainest only, on few changes."""
    monkeypatch.setattr(train, "CANDIDATES", CANDIDATES[:2])
    monkeypatch.setattr(train, "CHANGES", dict(list(CHANGES.items())[:2]))
    monkeypatch.setattr(train, "COPIES", 1)


@pytest.mark.usefixtures("quick")
def test_a_training_writes_a_model_that_fits_its_card(tmp_path: Path) -> None:
    file, out = archive(tmp_path), tmp_path / "model"
    result = CliRunner().invoke(train.app, [str(file), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "amplitude alone" in result.output
    card = load(out).card
    assert card.features == NAMES
    assert card.rate_hz == RATE_HZ
    assert card.kind == "logistic regression"
    assert card.training["recordings"] == {"A": 10, "D": 10, "E": 10}
    told = json.loads((out / CARD_FILE).read_text())["scores"]
    assert set(told["candidates_by_window"]) == {each.name for each in CANDIDATES[:2]}
    assert set(told["warning_auc_by_way_of_splitting"]) == {
        "by window (leaks)",
        "by recording",
    }
    assert told["by_window"]["auc"] > 0.9
    assert (out / train.PICTURE_FILE).read_text().startswith("<?xml")


def test_too_few_recordings_are_refused_in_one_line(tmp_path: Path) -> None:
    file = archive(tmp_path, n_each=9)
    result = CliRunner().invoke(train.app, [str(file), "--out", str(tmp_path)])
    assert result.exit_code == train.REFUSED
    [line] = " ".join(result.stderr.split("\n")).strip().split("  ")
    assert line.startswith("train: 9 recordings of set E, 18 others")


def test_a_folder_that_cannot_be_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    arguments = [str(tmp_path / "no.npz"), "--out", str(tmp_path / "file/model")]
    result = CliRunner().invoke(train.app, arguments)
    assert result.exit_code == train.REFUSED
    assert "cannot be made" in result.stderr


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        train.app, [str(tmp_path / "no.npz"), "--out", str(tmp_path)]
    )
    assert result.exit_code == train.REFUSED
    assert "there is no such file" in result.stderr
    assert "Traceback" not in result.stderr
