"""How long what nobody has read has waited."""

import pytest

from producers import progress
from producers.progress import KEPT, Place, Sightings

FIRST, OTHER = Place("matches", 0), Place("matches", 1)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Sightings:
    """Return sightings by a clock that a test moves on."""
    ticks = iter(range(1000, 10**9, 1000))
    monkeypatch.setattr(progress, "now_ms", lambda: next(ticks))
    return Sightings()


def test_a_reader_that_has_read_all_is_not_behind(seen: Sightings) -> None:
    seen.see({FIRST: 5, OTHER: 0}, {FIRST: 5, OTHER: 0})
    so_far = seen.progress({FIRST: 5, OTHER: 0})
    assert (so_far.lag, so_far.oldest_unread_ms) == (0, None)


def test_a_reader_that_stands_still_is_behind_since_its_next_message_was_seen(
    seen: Sightings,
) -> None:
    seen.see({FIRST: 5}, {FIRST: 5})  # at 1,000
    seen.see({FIRST: 7}, {FIRST: 5})  # at 2,000
    seen.see({FIRST: 9}, {FIRST: 5})  # at 3,000
    assert seen.progress({FIRST: 5}).oldest_unread_ms == 2000
    assert seen.progress({FIRST: 6}).oldest_unread_ms == 2000
    assert seen.progress({FIRST: 7}).oldest_unread_ms == 3000
    assert seen.progress({FIRST: 9}).oldest_unread_ms is None
    assert seen.progress({FIRST: 6}).lag == 3


def test_one_partition_that_is_not_read_shows_among_others_that_are(
    seen: Sightings,
) -> None:
    ends = {FIRST: 5, OTHER: 5}
    seen.see(ends, {FIRST: 5, OTHER: 0})
    seen.read(FIRST)
    so_far = seen.progress({FIRST: 5, OTHER: 0})
    assert so_far.partitions[FIRST].unread_ms is None
    assert so_far.partitions[FIRST].read_ms is not None
    assert so_far.partitions[OTHER].read_ms is None
    assert so_far.partitions[OTHER].lag == so_far.lag == 5
    assert so_far.oldest_unread_ms == so_far.partitions[OTHER].unread_ms


def test_a_long_standstill_keeps_its_age_and_little_memory(seen: Sightings) -> None:
    for end in range(1, 3 * KEPT):
        seen.see({FIRST: end}, {FIRST: 0})
    assert seen.progress({FIRST: 0}).oldest_unread_ms == 1000
    assert len(seen._ends[FIRST]) == KEPT  # noqa: SLF001 - what it holds
