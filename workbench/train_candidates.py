"""What is tried: the plainest first, each small enough for the stream."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workbench.train_rows import Rows


class Trainable(Protocol):
    """What of scikit-learn is used."""

    def fit(self, x: NDArray[np.float32], y: NDArray[np.bool_], /) -> Self:
        """Learn from rows."""
        ...

    def predict_proba(self, x: NDArray[np.float32], /) -> NDArray[np.float64]:
        """Return the probabilities of "no seizure" and "seizure" of each row."""
        ...


def by_features(rows: Rows) -> NDArray[np.float32]:
    """Return what is free of gain."""
    return rows.features


def by_amplitude(rows: Rows) -> NDArray[np.float32]:
    """Return the loudness alone, which is the amplifier's as much as the brain's."""
    return rows.amplitude[:, None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kind of model, what it reads, and how it is made."""

    name: str
    make: Callable[[], Trainable]
    reads: Callable[[Rows], NDArray[np.float32]] = by_features

    @property
    def gain_free(self) -> bool:
        """Return whether another amplifier leaves its decision alone."""
        return self.reads is by_features


def _logistic() -> Trainable:
    found: Trainable = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)
    )
    return found


def _boosting() -> Trainable:
    found: Trainable = HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=15, l2_regularization=1.0, random_state=0
    )
    return found


def _trees() -> Trainable:
    found: Trainable = ExtraTreesClassifier(
        n_estimators=60, min_samples_leaf=8, max_features=0.5, random_state=0
    )
    return found


def _network() -> Trainable:
    found: Trainable = make_pipeline(
        StandardScaler(),
        MLPClassifier(
            (32,), alpha=1.0, max_iter=40, n_iter_no_change=40, random_state=0
        ),
    )
    return found


def _both() -> Trainable:
    """Return trees and network, each with half the say: steps, smoothed."""
    members = [("trees", _trees()), ("network", _network())]
    found: Trainable = VotingClassifier(members, voting="soft")
    return found


CANDIDATES: Final[Sequence[Candidate]] = (
    Candidate("amplitude alone", _logistic, by_amplitude),
    Candidate("logistic regression", _logistic),
    Candidate("gradient boosting", _boosting),
    Candidate("extremely randomised trees", _trees),
    Candidate("small neural network", _network),
    Candidate("trees and network", _both),
)
