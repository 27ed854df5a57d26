"""Fixtures of the tests of EEG."""

import numpy as np
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator that draws the same each time."""
    return np.random.default_rng(20)
