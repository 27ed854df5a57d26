"""The channel model and its card: refused unless they fit this code and each other.

A model is two files. ``model.skops`` holds an estimator of scikit-learn without any
pickle: what is in it is listed before anything is made, and a type that is not
trusted is refused. ``card.json`` says what the model reads and how it came to be.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.resources.abc import Traversable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from skops import io

from eeg.conditioning import HIGH_HZ, LOW_HZ, RATE_HZ
from eeg.features import NAMES
from eeg.window import WINDOW_S

MODEL_FILE: Final = "model.skops"
CARD_FILE: Final = "card.json"
LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "skops")
MUST_AGREE: Final = ("scikit-learn", "skops")
"""Libraries of which another minor version may read the same file differently."""

TRUSTED: Final = frozenset(
    {
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.tree._tree.Tree",
    }
)
"""Types that may be in a model beyond those that skops itself trusts: of scikit-learn,
and nothing but numbers and names in them."""

LEAST: Final = 1e-4
"""A forest may be sure; its log-odds shall stay finite."""


class ModelError(Exception):
    """A model that must not be used, with all that speaks against it."""


class Classifier(Protocol):
    """What of scikit-learn is used."""

    def predict_proba(self, x: NDArray[np.float32], /) -> NDArray[np.float64]:
        """Return the probabilities of "no seizure" and "seizure" of each row."""
        ...


class Calibration(BaseModel):
    """Platt's: the log-odds that a model gives, to those that hold.

    References
    ----------
    Platt, J. C. (1999). Probabilistic outputs for support vector machines. Advances
    in Large Margin Classifiers, 61-74.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slope: float
    intercept: float

    def __call__(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities, shape (n_rows,), of the model's own, of that shape."""
        odds = self.slope * log_odds(raw) + self.intercept
        return np.asarray(1 / (1 + np.exp(-odds)))


def log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the odds, finite for 0 and 1 too."""
    clipped = np.clip(probability, LEAST, 1 - LEAST)
    return np.asarray(np.log(clipped / (1 - clipped)))


class Card(BaseModel):
    """What a model reads, how it came to be, and how well it did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    features: tuple[str, ...]
    rate_hz: float
    band_hz: tuple[float, float]
    window_s: float
    sha256: str
    calibration: Calibration
    threshold: float
    threshold_chosen: str
    versions: dict[str, str]
    training: dict[str, JsonValue]
    scores: dict[str, JsonValue]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """An estimator with the card that it fits."""

    card: Card
    classifier: Classifier

    def probability(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of a seizure of each row, shape (n_rows,)."""
        if not len(features):
            return np.empty(0)
        raw = self.classifier.predict_proba(features)[:, 1]
        return self.card.calibration(raw)


def load(folder: Traversable) -> Model:
    """Return the model in ``folder``.

    Raises
    ------
    ModelError
        If a file is missing or damaged, or does not fit the other one, this code, or
        the libraries here: everything that differs is named.
    """
    card = _card(folder)
    data = _bytes(folder / MODEL_FILE)
    differs = [*_differences(card, data)]
    if not differs:
        strangers = set(io.get_untrusted_types(data=data)) - TRUSTED
        differs = [
            f"it holds types nobody trusts: {name}" for name in sorted(strangers)
        ]
    if differs:
        msg = f"{folder}: this model must not be used: {'; '.join(differs)}"
        raise ModelError(msg)
    return Model(card, io.loads(data, trusted=sorted(TRUSTED)))


def _card(folder: Traversable) -> Card:
    try:
        return Card.model_validate_json(_bytes(folder / CARD_FILE))
    except ValidationError as error:
        what = "; ".join(f"{_place(e['loc'])}: {e['msg']}" for e in error.errors())
        msg = f"{folder / CARD_FILE}: no card of a model: {what}"
        raise ModelError(msg) from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "the file"


def _bytes(file: Traversable) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        msg = f"{file}: cannot be read ({error.strerror}); `make train` writes it"
        raise ModelError(msg) from None


def _differences(card: Card, data: bytes) -> Iterator[str]:
    """Yield what is not as this code needs it."""
    here: Mapping[str, object] = {
        "features": NAMES,
        "rate_hz": RATE_HZ,
        "band_hz": (LOW_HZ, HIGH_HZ),
        "window_s": WINDOW_S,
        "sha256": sha256(data),
    }
    for name, value in here.items():
        if (said := getattr(card, name)) != value:
            theirs, ours = _told(said, value), _told(value, said)
            yield f"{name} is {theirs} on the card, {ours} here"
    for library in MUST_AGREE:
        said, found = card.versions.get(library, "not named"), metadata.version(library)
        if _minor(said) != _minor(found):
            yield f"{library} was {said}, is {found} here"


def _told(value: object, other: object) -> object:
    """Return a value as text; of a list what the other one lacks, if anything."""
    if isinstance(value, tuple) and isinstance(other, tuple):
        own = [each for each in value if each not in other]
        return f"with {own}" if own else "in another order, or shorter"
    return value


def _minor(version: str) -> list[str]:
    return version.split(".")[:2]


def sha256(data: bytes) -> str:
    """Return the digest that the card names."""
    return hashlib.sha256(data).hexdigest()
