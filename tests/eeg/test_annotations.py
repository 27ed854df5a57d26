"""Seizures that people wrote down, and nothing else."""

import pytest

from eeg.annotations import Annotation, seizures
from eeg.recording import Seizure


@pytest.mark.parametrize(
    "text", ["Seizure", "seizure, left", "SZ", "sz_foc_ia", "[ictal]", "Crisis"]
)
def test_a_seizure_lasts_as_long_as_its_annotation(text: str) -> None:
    assert list(seizures([(10.0, 30.0, text)])) == [Seizure(10.0, 40.0)]


@pytest.mark.parametrize(
    "text", ["no seizure", "postictal", "interictal spikes", "blink", ""]
)
def test_other_things_are_no_seizures(text: str) -> None:
    assert list(seizures([(10.0, 30.0, text)])) == []


@pytest.mark.parametrize("end", ["seizure end", "Sz off", "seizure is over", "sz STOP"])
def test_two_ends_are_one_seizure(end: str) -> None:
    written: list[Annotation] = [
        (10.0, None, "seizure"),
        (20.0, None, "eyes open"),
        (40.0, None, end),
        (50.0, None, end),
    ]
    assert list(seizures(written)) == [Seizure(10.0, 40.0)]


def test_one_end_alone_is_none() -> None:
    assert list(seizures([(10.0, None, "seizure end"), (20.0, 0.0, "seizure")])) == []
