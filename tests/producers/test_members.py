"""A column's members are what a JSON encoder would write, row by row."""

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.members import MISSING, Column, digits, joined, table

NAME = "heart_rate_bpm"
WHOLE, TENTHS = Column(NAME, 1), Column(NAME, 10)

steps = st.lists(st.integers(-10_000, 10_000) | st.just(MISSING), min_size=1)


@pytest.mark.parametrize(("column", "per_unit"), [(WHOLE, 1), (TENTHS, 10)])
@given(found=steps)
def test_members_are_json_however_far_out_a_number_is(
    column: Column, per_unit: int, found: list[int]
) -> None:
    values = joined(len(found), [b'{"n":0', column.of(np.array(found)), b"}"])
    expected = [{} if s == MISSING else {NAME: s / per_unit} for s in found]
    assert [orjson.loads(value) for value in values] == [
        {"n": 0, **each} for each in expected
    ]


@given(st.lists(st.integers(0, 2**53)))
def test_whole_numbers_are_written_in_full(numbers: list[int]) -> None:
    texts = digits(np.array(numbers, dtype=np.int64)).tolist()
    assert texts == [b"%d" % number for number in numbers]


@given(st.lists(st.text("abc", max_size=5), min_size=1))
def test_parts_of_any_length_are_joined_without_gaps(texts: list[str]) -> None:
    encoded = [text.encode() for text in texts]
    assert joined(len(texts), [b"<", table(encoded), b">"]) == [
        b"<" + text + b">" for text in encoded
    ]
