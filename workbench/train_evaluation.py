"""How well a candidate does on recordings it has not seen, and when they change."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from eeg.model import Calibration, log_odds
from workbench.train_candidates import Candidate, Trainable
from workbench.train_folds import Folds, by_recording, demand_apart
from workbench.train_rows import Rows, joined

FOLDS: Final = 5
INNER_FOLDS: Final = 4
"""Within what is learned from, to set calibration and threshold without peeking."""

PLAIN: Final = ""

Array = NDArray[np.float64]
Tell = Callable[[], None]
"""Called after each fold."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A candidate that has learned, with its calibration and threshold."""

    candidate: Candidate
    estimator: Trainable
    calibration: Calibration
    threshold: float

    def probability(self, rows: Rows) -> Array:
        """Return the calibrated probability of each row."""
        return self.calibration(_raw(self.candidate, self.estimator, rows))


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows with the probability given by a model that had not seen their recording.

    ``fires`` says whether it reached that model's own threshold.
    """

    rows: Rows
    probability: Array
    fires: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A candidate's judgement of the recordings, plain and changed.

    ``folds`` has what learned, and what it judged of the plain ones, fold by fold.
    """

    candidate: Candidate
    plain: Judged
    changed: Mapping[str, Judged]
    folds: tuple[tuple[Fitted, Judged], ...]


def fit(candidate: Candidate, learned: Rows) -> Fitted:
    """Return the candidate, having learned from rows.

    Calibration and threshold rest on those of the rows that are as recorded, judged
    by models that had not seen their recordings. The threshold is where sensitivity
    and specificity meet.
    """
    raw = unseen(candidate, learned, by_recording(learned, INNER_FOLDS))
    raw, seizure = raw[learned.plain], learned.seizure[learned.plain]
    calibration = calibrated(raw, seizure)
    threshold = balanced_threshold(calibration(raw), seizure)
    return Fitted(candidate, _learned(candidate, learned), calibration, threshold)


def evaluate(
    candidate: Candidate,
    learned: Rows,
    judged: Mapping[str, Rows],
    tell: Tell = lambda: None,
) -> Evaluation:
    """Return how a candidate judges recordings that it has not seen.

    ``judged`` holds the same recordings as ``learned``, changed in the way that each
    name says, the plain ones under ``PLAIN``. Each fold is judged by what learned the
    others.
    """
    every = joined([learned, *judged.values()])
    fold_of = dict(zip(every.recording, by_recording(every, FOLDS), strict=True))
    places = {name: _folds(rows, fold_of) for name, rows in judged.items()}
    places_learned = _folds(learned, fold_of)
    demand_apart(learned.recording, places_learned)
    fitted: list[Fitted] = []
    parts: dict[str, list[Judged]] = {name: [] for name in judged}
    for fold in range(FOLDS):
        model = fit(candidate, learned.where(places_learned != fold))
        for name, rows in judged.items():
            parts[name].append(_judged(model, rows.where(places[name] == fold)))
        fitted.append(model)
        tell()
    whole = {name: _whole(each) for name, each in parts.items()}
    folds = tuple(zip(fitted, parts[PLAIN], strict=True))
    return Evaluation(candidate, whole.pop(PLAIN), whole, folds)


def unseen(candidate: Candidate, rows: Rows, folds: Folds) -> Array:
    """Return each row's raw probability, from what learned from the other folds."""
    raw = np.empty(len(rows))
    for fold in np.unique(folds):
        estimator = _learned(candidate, rows.where(folds != fold))
        raw[folds == fold] = _raw(candidate, estimator, rows.where(folds == fold))
    return raw


def calibrated(raw: Array, seizure: NDArray[np.bool_]) -> Calibration:
    """Return the calibration after Platt of raw probabilities."""
    line = LogisticRegression(C=np.inf).fit(log_odds(raw)[:, None], seizure)
    return Calibration(slope=line.coef_[0, 0], intercept=line.intercept_[0])


def balanced_threshold(probability: Array, seizure: NDArray[np.bool_]) -> float:
    """Return the probability at which sensitivity and specificity are nearest."""
    points = np.unique(probability)
    caught, spared = (np.sort(probability[kind]) for kind in (seizure, ~seizure))
    sensitivity = 1 - np.searchsorted(caught, points) / len(caught)
    specificity = np.searchsorted(spared, points) / len(spared)
    return float(points[np.argmin(np.abs(sensitivity - specificity))])


def _learned(candidate: Candidate, rows: Rows) -> Trainable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # to stop early is meant
        return candidate.make().fit(candidate.reads(rows), rows.seizure)


def _raw(candidate: Candidate, estimator: Trainable, rows: Rows) -> Array:
    return estimator.predict_proba(candidate.reads(rows))[:, 1]


def _folds(rows: Rows, fold_of: Mapping[int, int]) -> Folds:
    return np.array([fold_of[each] for each in rows.recording])


def _judged(model: Fitted, rows: Rows) -> Judged:
    probability = model.probability(rows)
    return Judged(rows, probability, probability >= model.threshold)


def _whole(parts: list[Judged]) -> Judged:
    return Judged(
        joined([each.rows for each in parts]),
        np.concatenate([each.probability for each in parts]),
        np.concatenate([each.fires for each in parts]),
    )
