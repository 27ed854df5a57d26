"""A service says that it works; its last beat tells when it no longer does."""

from dataclasses import replace

import pytest

from alerts.database import Database
from alerts.heartbeat import ALERTS, FIXES, STALE_MS, Heartbeat, beat, last

BEAT = Heartbeat(service=ALERTS, at_ms=1_000_000, lag=7, oldest_unread_ms=999_000)


def test_the_last_beat_of_each_service_is_known(database: Database) -> None:
    for each in (BEAT, replace(BEAT, at_ms=1_001_000, lag=0, outside_watch=True)):
        with database.writing() as session:
            beat(session, each)
    with database.reading() as session:
        assert last(session, ALERTS) == each
        assert last(session, FIXES) is None


@pytest.mark.parametrize(("age_ms", "stale"), [(STALE_MS, False), (STALE_MS + 1, True)])
def test_a_beat_of_more_than_ten_seconds_ago_was_the_last(
    age_ms: int, *, stale: bool
) -> None:
    assert BEAT.is_stale(BEAT.at_ms + age_ms) is stale
