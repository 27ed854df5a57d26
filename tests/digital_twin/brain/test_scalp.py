"""The head is a ball with 19 electrodes, left as right."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from digital_twin.brain.scalp import DISTANCES_RAD, ELECTRODES, MIXING, around
from eeg.electrodes import TEN_TWENTY


def distance_rad(one: str, other: str) -> float:
    return float(DISTANCES_RAD[ELECTRODES.index(one), ELECTRODES.index(other)])


def test_the_electrodes_are_those_of_a_routine_recording() -> None:
    assert ELECTRODES == TEN_TWENTY


def test_the_left_is_the_right_in_a_mirror() -> None:
    assert distance_rad("F7", "T7") == pytest.approx(distance_rad("F8", "T8"))
    assert distance_rad("O1", "P3") == pytest.approx(distance_rad("O2", "P4"))


def test_neighbours_are_nearer_than_what_lies_across() -> None:
    assert distance_rad("Cz", "Fz") == pytest.approx(np.radians(46))
    assert distance_rad("Fp1", "F7") < distance_rad("Fp1", "T7")
    assert distance_rad("Fp1", "T7") < distance_rad("Fp1", "O1")
    assert distance_rad("Fp1", "O2") == pytest.approx(np.pi, abs=0.1)


def test_mixing_keeps_power_and_makes_neighbours_alike() -> None:
    alike = MIXING @ MIXING.T
    assert_allclose(np.diag(alike), 1.0, atol=1e-5)
    assert_allclose(alike, np.exp(-DISTANCES_RAD), atol=1e-5)


def test_a_weight_is_one_at_the_electrodes_named_and_falls() -> None:
    weight = dict(zip(ELECTRODES, around(["Fp1", "Fp2"], 0.6), strict=True))
    assert weight["Fp1"] == weight["Fp2"] == 1.0
    assert 1.0 > weight["F7"] > weight["T7"] > weight["O1"]
