"""One message stops nothing: it is set aside, counted, and named by where it lies."""

import logging

import pytest

from gateway.intake import LOG_EVERY_S, Intake
from gateway.messages import Arrived
from gateway.ward import Ward
from producers.contract import VITALS
from tests.gateway import small_ward

NOW_MS = 1_767_225_600_000


def nonsense(offset: int) -> Arrived:
    return Arrived(VITALS.name, b"secret", NOW_MS, 3, offset)


def test_what_cannot_be_used_is_counted_and_named_once_in_a_while(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    clock = [0.0]
    intake = Intake(ward, lambda: clock[0])
    intake.take([nonsense(1), nonsense(2), small_ward.reading(1, NOW_MS)])
    clock[0] = LOG_EVERY_S
    intake.take([nonsense(3)])
    assert intake.unusable == {VITALS.name: 3}
    assert ward.patient("patient-00001") is not None
    assert [record.getMessage() for record in caplog.records] == [
        "not usable: vitals/3 at 1 (not_json), 1 so far",
        "not usable: vitals/3 at 3 (not_json), 3 so far",
    ]


def test_what_stops_the_reader_is_set_aside_and_the_next_is_read(
    ward: Ward, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours that no contract foresees, as of a place that cannot be told."""
    places = iter([KeyError("no such ward")])

    def place(patient_id: str) -> tuple[str, str]:
        for fault in places:
            raise fault
        return "one", patient_id

    monkeypatch.setattr(ward.admission, "_place_of", place)
    intake = Intake(ward)
    with caplog.at_level(logging.ERROR):
        intake.take([small_ward.reading(1, NOW_MS), small_ward.reading(2, NOW_MS)])
    assert intake.failed == {VITALS.name: 1}
    assert ward.patient("patient-00002") is not None
    assert ward.patient("patient-00001") is None
    assert "set aside: vitals/-1 at -1" in caplog.text
