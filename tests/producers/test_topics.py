"""The contract as a page: what each column is, and what its values must be."""

from producers.contract import VITALS
from producers.topics import description


def line(column: str) -> str:
    [found] = [x for x in description(VITALS).splitlines() if f"| {column} |" in x]
    return found


def test_a_number_says_its_unit_its_range_and_its_codes() -> None:
    for part in ("| % |", "above 0, at most 100", "LOINC 59408-5", "MDC 150456"):
        assert part in line("spo2_pct")
    assert "above 0, below 300" in line("heart_rate_bpm")


def test_a_word_says_which_ones_there_are() -> None:
    assert "one of rest, moving, exercise" in line("activity")


def test_what_must_be_there_says_so() -> None:
    assert "required" in line("patient_id")
    assert "required" not in line("seq")
