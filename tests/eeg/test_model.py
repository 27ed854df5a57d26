"""A model that does not fit is refused, and what differs is named."""

import json
import shutil
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer
from skops import io

from eeg.features import NAMES
from eeg.model import (
    CARD_FILE,
    MODEL_FILE,
    MUST_AGREE,
    Calibration,
    ModelError,
    load,
    sha256,
)
from eeg.scoring import DEFAULT

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(DEFAULT), tmp_path / "model"))


def changed(folder: Path, change: Change) -> Path:
    card = json.loads((folder / CARD_FILE).read_text())
    change(card)
    (folder / CARD_FILE).write_text(json.dumps(card))
    return folder


def holding(folder: Path, thing: object) -> Path:
    """Put another thing into the model's file, and its digest on the card."""
    data = io.dumps(thing)
    (folder / MODEL_FILE).write_bytes(data)
    return changed(folder, lambda card: card.update(sha256=sha256(data)))


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        load(folder)
    [line] = str(error.value).splitlines()
    return line


def test_the_model_in_service_fits(folder: Path) -> None:
    model = load(folder)
    rows = np.random.default_rng(1).standard_normal((5, len(NAMES)))
    found = model.probability(rows.astype(np.float32))
    assert found.shape == (5,)
    assert ((found > 0) & (found < 1)).all()
    assert model.probability(np.empty((0, len(NAMES)), np.float32)).shape == (0,)


def test_it_is_found_in_an_archive_too(folder: Path, tmp_path: Path) -> None:
    """A worker of Flink may import the packages from a zip file."""
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in (CARD_FILE, MODEL_FILE):
            opened.write(folder / name, f"eeg/{name}")
    assert load(zipfile.Path(archive, "eeg/")).card == load(folder).card


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.update(rate_hz=100), "rate_hz is 100.0 on the card, 128 here"),
        (lambda c: c.update(window_s=2), "window_s is 2.0 on the card, 4 here"),
        (lambda c: c.update(band_hz=[1, 30]), "band_hz is with [30.0] on the card"),
        (lambda c: c["features"].reverse(), "features is in another order"),
        (lambda c: c["features"].append("colour"), "features is with ['colour'] on"),
        (lambda c: c.update(sha256="0"), "sha256 is 0 on the card"),
    ],
)
def test_what_differs_is_named(folder: Path, change: Change, told: str) -> None:
    assert told in refused(changed(folder, change))


@pytest.mark.parametrize("library", MUST_AGREE)
def test_a_library_must_agree_in_its_minor_version(folder: Path, library: str) -> None:
    major, minor, *_ = metadata.version(library).split(".")

    def of(version: str) -> Change:
        return lambda card: card["versions"].update({library: version})

    assert load(changed(folder, of(f"{major}.{minor}.999")))
    other = f"{major}.{int(minor) + 1}.0"
    assert f"{library} was {other}" in refused(changed(folder, of(other)))
    gone = changed(folder, lambda card: card["versions"].pop(library))
    assert f"{library} was not named" in refused(gone)


def test_all_that_differs_is_named_at_once(folder: Path) -> None:
    told = refused(changed(folder, lambda c: c.update(rate_hz=100, window_s=2)))
    assert "rate_hz" in told
    assert "window_s" in told


def test_a_changed_file_is_refused(folder: Path) -> None:
    data = bytearray((folder / MODEL_FILE).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / MODEL_FILE).write_bytes(data)
    assert "sha256" in refused(folder)


def test_types_that_nobody_trusts_are_never_made(folder: Path) -> None:
    """A function of any module could be in a file; it would be called in service."""
    told = refused(holding(folder, FunctionTransformer(shutil.rmtree)))
    assert "types nobody trusts: shutil.rmtree" in told


def test_other_estimators_of_scikit_learn_are_trusted(folder: Path) -> None:
    rows = np.zeros((4, len(NAMES)))
    assert load(holding(folder, LogisticRegression().fit(rows, [0, 1, 0, 1])))


@pytest.mark.parametrize("name", [CARD_FILE, MODEL_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    told = refused(folder)
    assert name in told
    assert "`make train` writes it" in told


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"kind": 1}'])
def test_a_card_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / CARD_FILE).write_text(text)
    assert "no card of a model" in refused(folder)


def test_calibration_keeps_order_and_ends_finite() -> None:
    found = Calibration(slope=2.0, intercept=1.0)(np.array([0.0, 0.5, 1.0]))
    assert found[1] == pytest.approx(1 / (1 + np.exp(-1)))
    assert 0 < found[0] < found[1] < found[2] < 1
