"""Amplifiers' labels become names of the 10-20 system, and what is no EEG goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eeg.electrodes import TEN_TEN, TEN_TWENTY, Lead, lead, montage


@pytest.mark.parametrize(
    ("label", "name", "reference"),
    [
        ("Fp1", "Fp1", None),
        ("FP1", "Fp1", None),
        ("fz", "Fz", None),
        ("EEG Fp1-Ref", "Fp1", None),
        ("EEG FP1-LE", "Fp1", "linked ears"),
        ("EEG FP1-REF", "Fp1", None),
        ("EEG C3-AR", "C3", "average"),
        ("Fp1-Avg", "Fp1", "average"),
        ("POL O1", "O1", None),
        ("Fc5.", "FC5", None),
        ("Iz..", "Iz", None),
        ("T3", "T7", None),
        ("EEG T4-LE", "T8", "linked ears"),
        ("T5", "P7", None),
        ("T6", "P8", None),
        ("Fp1-F7", "Fp1-F7", "bipolar"),
        ("FP1-F7", "Fp1-F7", "bipolar"),
        ("EEG T3-T5", "T7-P7", "bipolar"),
        ("C3-A2", "C3-A2", "bipolar"),
        ("LTA3", "LTA3", None),
        ("Temporal 1", "Temporal 1", None),
        ("EEG 26-REF", "26", None),
        ("EEG LTA3-Ref", "LTA3", None),
        ("EEG", "EEG", None),
        ("Cortex-7", "Cortex-7", None),
    ],
)
def test_a_label_names_a_channel(label: str, name: str, reference: str | None) -> None:
    assert lead(label) == Lead(name, reference)


@pytest.mark.parametrize(
    "label",
    [
        "ECG",
        "EKG1-CHIN",
        "EEG EKG1-REF",
        "EMG chin",
        "EOG horizontal",
        "EEG LOC-REF",
        "PHOTIC-REF",
        "SpO2",
        "SaO2",
        "Resp oro-nasal",
        "EDF Annotations",
        "Status",
        "DC01",
        "VNS",
        "-",
        "--0",
        ".",
        "",
    ],
)
def test_what_is_no_eeg_is_left_out(label: str) -> None:
    assert lead(label) is None


def test_the_ten_twenty_system_has_nineteen_of_a_routine_recording() -> None:
    assert len(set(TEN_TWENTY)) == 19
    assert len(set(TEN_TEN)) == len(TEN_TEN) == 81


@pytest.mark.parametrize("name", TEN_TEN)
def test_every_electrode_is_itself_however_it_is_written(name: str) -> None:
    for label in (name, name.upper(), f"EEG {name}-Ref", f" {name.lower()} "):
        assert lead(label) == Lead(name)


@given(st.text(max_size=20))
def test_naming_a_name_again_changes_nothing(label: str) -> None:
    found = lead(label)
    if found and (again := lead(found.name)):
        assert again.name == found.name


def test_a_montage_keeps_places_and_says_what_is_left_out() -> None:
    found = montage(["EEG Fp1-LE", "ECG", "EEG T3-LE", "Status"])
    assert found.channels == {0: "Fp1", 2: "T7"}
    assert found.reference == "linked ears"
    assert found.left_out == ("ECG", "Status")


def test_of_a_name_that_comes_twice_the_first_is_kept() -> None:
    found = montage(["T8-P8", "Fz-Cz", "T8-P8"])
    assert found.channels == {0: "T8-P8", 1: "Fz-Cz"}
    assert found.left_out == ("T8-P8",)
    assert found.reference == "bipolar"


def test_an_electrode_that_all_are_against_is_the_reference() -> None:
    found = montage(["Fp1-Cz", "O1-Cz"])
    assert found.channels == {0: "Fp1", 1: "O1"}
    assert found.reference == "Cz"


def test_references_that_differ_are_not_one() -> None:
    assert montage(["Fp1-LE", "Fp2-AR"]).reference is None


def test_one_bipolar_channel_stays_bipolar() -> None:
    found = montage(["Fp1-Cz"])
    assert found.channels == {0: "Fp1-Cz"}
    assert found.reference == "bipolar"
