"""Where matches are read from, whatever became of the topic while nobody read."""

import logging

import pytest

from alerts.database import Database
from alerts.positions import begin, positions, remember
from producers.consumer import Extent, Record
from producers.contract import MATCHES


def _extent(number: int = 0, **changes: object) -> Extent:
    extent = Extent(MATCHES.name, "one", number, first=10, recent=50, end=90)
    return extent._replace(**changes)  # type: ignore[arg-type]


def _read(database: Database, *places: tuple[int, int]) -> None:
    with database.writing() as session:
        remember(session, [Record(MATCHES.name, n, at, b"") for n, at in places])


def test_who_never_read_begins_with_what_is_recent_and_remembers_it(
    database: Database,
) -> None:
    assert begin(database, [_extent(0), _extent(1, recent=60)]) == [50, 60]
    assert positions(database) == {0: 50, 1: 60}


def test_who_read_before_goes_on_where_it_was(database: Database) -> None:
    begin(database, [_extent(0), _extent(1)])
    _read(database, (0, 69))
    assert begin(database, [_extent(0), _extent(1)]) == [70, 50]


def test_a_partition_that_was_added_while_nobody_read_is_read_whole(
    database: Database,
) -> None:
    begin(database, [_extent(0)])
    assert begin(database, [_extent(0), _extent(1, first=0)]) == [50, 0]


def test_a_topic_made_anew_while_nobody_read_is_read_whole(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    begin(database, [_extent(0)])
    with caplog.at_level(logging.WARNING):
        anew = _extent(0, topic_id="another", first=0)
        assert begin(database, [anew]) == [0]
    assert "read from the beginning" in caplog.text
    assert begin(database, [anew]) == [0]


@pytest.mark.parametrize(
    ("read", "next_offset"), [(8, 10), (9, 10), (10, 11), (89, 90), (90, 10)]
)
def test_what_is_not_there_any_more_is_read_from_the_beginning_of_the_rest(
    database: Database, read: int, next_offset: int
) -> None:
    begin(database, [_extent(0)])
    _read(database, (0, read))
    assert begin(database, [_extent(0)]) == [next_offset]


def test_positions_of_an_older_version_are_gone_on_from(database: Database) -> None:
    _read(database, (0, 69))
    assert begin(database, [_extent(0, topic_id="any")]) == [70]
    assert begin(database, [_extent(0, topic_id="another")]) == [10]
