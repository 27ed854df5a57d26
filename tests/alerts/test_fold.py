"""Matches become alarms, once each, in whatever order and however often they come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from alerts.database import Database
from alerts.fold import fold
from alerts.judging import judged
from alerts.ledger import Ledger
from alerts.model import State, StepKind
from alerts.tables import AlarmRow, MatchRow, StepRow
from producers.consumer import Record
from producers.contract import MATCHES
from tests.alerts.alarms import HIGH
from tests.alerts.matches import (
    alarms,
    ended,
    folded,
    ongoing,
    rules,
    said,
    with_delay,
)

RAISED, CLEARED = StepKind.RAISED, StepKind.CLEARED


def test_all_matches_of_a_patient_and_a_pattern_are_one_alarm(
    database: Database,
) -> None:
    folded(database, 1, ongoing("m"), ongoing("n"))
    folded(database, 2, ongoing("o", 2, severity=HIGH))
    (alarm,) = alarms(database)
    assert {each.match_id for each in alarm.ongoing} == {"m", "n", "o"}
    assert alarm.severity is HIGH
    assert said(database) == [(1, RAISED), (2, StepKind.WORSENED)]


def test_other_patients_and_patterns_have_alarms_of_their_own(
    database: Database,
) -> None:
    folded(
        database,
        1,
        ongoing("m"),
        ongoing("n", patient="q"),
        ongoing("o", pattern="apnoea"),
    )
    assert len(alarms(database)) == 3


def test_an_alarm_is_over_a_while_after_its_last_match(database: Database) -> None:
    match = ongoing("m")
    folded(database, 1, match)
    folded(database, 5, ended(match, 5))
    folded(database, 14.999)
    assert alarms(database)[0].state is State.RAISED
    folded(database, 15)
    assert said(database) == [(1, RAISED), (15, CLEARED)]


def test_the_same_message_again_says_nothing(database: Database) -> None:
    match = ongoing("m")
    stream = [match, ended(match, 5)]
    for _ in range(2):
        folded(database, 6, *stream, *stream)
    assert said(database) == [(6, RAISED)]
    folded(database, 15, *stream)
    folded(database, 30, *stream)
    assert said(database) == [(6, RAISED), (15, CLEARED)]


def test_an_end_before_its_beginning_counts_as_both(database: Database) -> None:
    match = ongoing("m")
    folded(database, 6, ended(match, 5))
    folded(database, 7, match)
    folded(database, 15)
    assert said(database) == [(6, RAISED), (15, CLEARED)]


def test_a_match_after_the_quiet_time_is_another_alarm(database: Database) -> None:
    match = ongoing("m")
    backlog = [match, ended(match, 5), ongoing("n", 15)]
    folded(database, 16, *backlog)
    assert [alarm.state for alarm in alarms(database)] == [State.CLEARED, State.RAISED]


def test_a_match_within_the_quiet_time_is_the_same_alarm(database: Database) -> None:
    match = ongoing("m")
    folded(database, 16, match, ended(match, 5), ongoing("n", 14.999))
    assert [alarm.state for alarm in alarms(database)] == [State.RAISED]


def test_a_backlog_is_judged_by_its_own_time(database: Database) -> None:
    one, two = ongoing("m", 0), ongoing("n", 1)
    folded(database, 100, one, two, ended(one, 3), ended(two, 4.999), by=with_delay)
    assert said(database) == []
    late = ongoing("o", 10, patient="q")
    folded(database, 100, late, ended(late, 15), by=with_delay)
    assert said(database) == [(100, RAISED), (100, CLEARED)]


def test_an_end_alone_lasted_since_its_first_reading(database: Database) -> None:
    folded(database, 100, ended(ongoing("m"), 2), by=with_delay)
    assert said(database) == [(100, RAISED), (100, CLEARED)]


def test_no_second_alarm_of_a_patient_and_pattern_can_be_written(
    database: Database,
) -> None:
    folded(database, 1, ongoing("m"))
    second = replace(alarms(database)[0], alarm_id="of another process")

    def write() -> None:
        with database.writing() as session:
            Ledger(session, 1000).write((second, []))

    with pytest.raises(IntegrityError):
        write()


def test_whoever_is_told_is_told_in_the_same_transaction(database: Database) -> None:
    heard: list[StepKind] = []
    with database.writing() as session:
        ledger = Ledger(session, 1000, lambda _s, _a, step: heard.append(step.kind))
        fold(ledger, [ongoing("m")], rules)
    assert heard == [RAISED]


@pytest.mark.parametrize(
    "value",
    [b"", b"\xff", b"[]", b"{}", b'{"match_id": "m", "severity": "grave"}'],
)
def test_what_is_no_match_is_left_to_the_topic_rejected(value: bytes) -> None:
    found = judged(Record(MATCHES.name, 0, 1, value))
    assert found.match is None
    assert found.reason


def test_a_match_knows_where_it_was_read() -> None:
    value = ongoing("m").model_dump_json().encode()
    match = judged(Record(MATCHES.name, 2, 7, value)).match
    assert match is not None
    assert match.source == "matches, partition 2, offset 7"


@pytest.fixture(scope="module")
def one_database() -> Iterator[Database]:
    """Open one database for many streams: each has patients of its own."""
    opened = Database.open("sqlite://")
    yield opened
    opened.close()


STREAMS: Final = count()
EPISODES: Final = st.lists(
    st.tuples(st.sampled_from("pq"), st.integers(0, 100), st.integers(1, 30)),
    min_size=1,
    max_size=6,
)


@given(st.data(), EPISODES)
@settings(max_examples=50)
def test_every_match_is_in_one_alarm_that_was_raised_once(
    one_database: Database,
    data: st.DataObject,
    episodes: Sequence[tuple[str, int, int]],
) -> None:
    stream = next(STREAMS)
    messages = []
    for number, (patient, at, length) in enumerate(episodes):
        match = ongoing(f"{stream}-{number}", at, patient=f"{patient}{stream}")
        messages += [match, ended(match, at + length)]
    arrival = data.draw(st.permutations(messages * 2))
    cut = data.draw(st.integers(0, len(arrival)))
    folded(one_database, 200, *arrival[:cut])
    folded(one_database, 201, *arrival[cut:])
    folded(one_database, 300)

    with one_database.reading() as session:
        of_stream = AlarmRow.patient_id.in_([f"p{stream}", f"q{stream}"])
        rows = list(session.scalars(select(AlarmRow).where(of_stream)))
        ids = [row.alarm_id for row in rows]
        assert {row.state for row in rows} == {State.CLEARED}
        held = session.scalars(
            select(MatchRow.match_id).where(MatchRow.alarm_id.in_(ids))
        )
        assert sorted(held) == sorted({each.match_id for each in messages})
        steps = select(StepRow.kind).where(StepRow.alarm_id.in_(ids))
        expected = Counter({RAISED: len(ids), CLEARED: len(ids)})
        assert Counter(session.scalars(steps)) == expected
