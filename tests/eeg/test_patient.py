"""The highest quarter of the usable channels speaks for the patient."""

import math

import numpy as np
import pytest

from eeg.patient import (
    least_good_channels,
    patient_log_line_length,
    patient_probability,
)
from eeg.scoring import Scored


def scored(*probability: float) -> Scored:
    values = np.array(probability, np.float64)
    louder = np.asarray(values + 1, np.float64)
    return Scored(values, ("good",) * len(values), louder, values)


def test_of_one_channel_it_is_that_channel() -> None:
    assert patient_probability(scored(0.3)) == 0.3


def test_of_many_it_is_the_mean_of_the_highest_quarter() -> None:
    """Five of 19."""
    told = scored(*[0.1] * 14, 0.5, 0.6, 0.7, 0.8, 0.9)
    assert patient_probability(told) == pytest.approx(0.7)
    assert patient_log_line_length(told) == pytest.approx(1.7)


def test_what_was_left_out_says_nothing() -> None:
    assert patient_probability(scored(0.2, math.nan, 0.4, math.nan)) == 0.4


def test_with_too_few_channels_nothing_is_said() -> None:
    assert least_good_channels(19) == 7
    assert least_good_channels(1) == 1
    lost = [math.nan] * 12
    assert patient_probability(scored(*lost, *[0.9] * 7)) == pytest.approx(0.9)
    assert math.isnan(patient_probability(scored(*lost, math.nan, *[0.9] * 6)))
    assert math.isnan(patient_probability(scored(math.nan)))
    assert math.isnan(patient_probability(scored()))
