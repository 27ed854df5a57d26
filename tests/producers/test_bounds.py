"""Every column of every topic has bounds, so that no reader meets what none expects."""

import re

import pytest

from jobs.record_results import STORED
from producers.contract import TOPICS, VITAL_SIGNS
from producers.contract.columns import IDENTIFIER, SYSTEM_PATIENT_ID
from producers.schema import MOST_MESSAGE_BYTES, Column, Topic

COLUMNS = [(topic, column) for topic in TOPICS for column in topic.columns]


def named(given: object) -> str:
    return given.name if isinstance(given, Topic | Column) else str(given)


@pytest.mark.parametrize(("topic", "column"), COLUMNS, ids=named)
def test_a_text_has_a_length_or_is_one_of_a_few(topic: Topic, column: Column) -> None:
    for each in (column, *column.entries):
        if "STRING" in each.sql_type:
            assert each.max_length or each.one_of, f"{topic.name}.{each.name}"
        if each.pattern:
            assert each.max_length == 64


@pytest.mark.parametrize(("topic", "column"), COLUMNS, ids=named)
def test_a_list_or_a_map_has_a_largest_number(topic: Topic, column: Column) -> None:
    if column.sql_type.startswith(("ARRAY", "MAP")):
        assert column.max_items, f"{topic.name}.{column.name}"


@pytest.mark.parametrize(("topic", "column"), COLUMNS, ids=named)
def test_what_names_something_fits_anywhere(topic: Topic, column: Column) -> None:
    if column.name.endswith("_id"):
        assert column.pattern == IDENTIFIER
    if column.name == "patient_id":
        may_be_vigil = topic.name in {"alarms", "rejected"}
        assert (SYSTEM_PATIENT_ID in column.reserved) is not may_be_vigil


@pytest.mark.parametrize(("topic", "measurement"), STORED, ids=lambda each: each.name)
def test_what_identifies_a_point_is_there_in_every_message(
    topic: Topic, measurement: object
) -> None:
    required = {column.name for column in topic.columns if column.required}
    assert {measurement.time, *measurement.tags} <= required  # type: ignore[attr-defined]


@pytest.mark.parametrize("topic", TOPICS, ids=named)
def test_a_topic_takes_no_more_than_its_readers_do(topic: Topic) -> None:
    most = MOST_MESSAGE_BYTES * (2 if topic.name == "rejected" else 1)
    assert topic.configs["max.message.bytes"] == str(most)


@pytest.mark.parametrize("topic", TOPICS, ids=named)
def test_a_topic_that_is_not_compacted_has_a_largest_size(topic: Topic) -> None:
    assert topic.compacted or int(topic.configs["retention.bytes"]) > 0


@pytest.mark.parametrize("text", ["p", "2026/00123", "a.b:c-d_e", "x" * 64])
def test_an_id_as_hospitals_write_them_fits(text: str) -> None:
    assert re.fullmatch(IDENTIFIER, text)


@pytest.mark.parametrize("text", ["", "a b", "a\n", "x\\", "é", "-a", "a/", "x" * 65])
def test_an_id_that_breaks_what_it_is_written_into_does_not_fit(text: str) -> None:
    assert not re.fullmatch(IDENTIFIER, text)


def test_a_code_that_a_patient_may_have_is_taken_for_none_of_a_rate_of_255_only() -> (
    None
):
    within = {
        (sign.name, code)
        for sign in VITAL_SIGNS
        for code in sign.no_value
        if sign.plausible and code in sign.plausible
    }
    assert within == {("heart_rate_bpm", 255.0), ("pulse_rate_bpm", 255.0)}
