"""Of several services on one database one leads, and the others follow."""

from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from sqlalchemy.exc import OperationalError

from alerts.database import Database
from alerts.lease import LAPSE_S, LOOK_S, Lease, LostError, lead
from stack.waiting import until


@dataclass
class Clock:
    """Lengths of time, as a test lets them pass."""

    now_s: float = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@dataclass
class Two:
    """Two that would serve, each with a clock of its own."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    first: Lease = field(init=False)
    second: Lease = field(init=False)

    def __post_init__(self) -> None:
        """Let the first one lead."""
        self.first = Lease(self.database, "alerts", self.clock)
        self.second = Lease(self.database, "alerts", self.clock)
        assert self.first.take()

    def looks(self, length_s: float, every_s: float = LOOK_S) -> bool:
        """Return whether the second leads after it looked for so long."""
        until_s = self.clock.now_s + length_s
        while self.clock.now_s < until_s:
            self.clock.now_s += every_s
            if self.second.take():
                return True
        return False


@pytest.fixture
def two(database: Database) -> Two:
    return Two(database)


def _renewed(lease: Lease) -> None:
    with lease.database.writing() as session:
        lease.renew(session)


def _checked(lease: Lease) -> None:
    with lease.database.writing() as session:
        lease.check(session)


def test_while_one_leads_another_only_follows(two: Two) -> None:
    for _ in range(5):
        assert not two.looks(LAPSE_S - LOOK_S)
        _renewed(two.first)
    with pytest.raises(LostError):
        _checked(two.second)
    _checked(two.first)


def test_a_leader_that_says_nothing_for_five_seconds_is_replaced(two: Two) -> None:
    assert not two.second.take()
    assert not two.looks(LAPSE_S - LOOK_S)
    assert two.looks(LOOK_S)
    _checked(two.second)


def test_one_that_was_replaced_can_do_nothing_any_more(two: Two) -> None:
    assert two.looks(2 * LAPSE_S)
    for attempt in (_renewed, _checked):
        with pytest.raises(LostError):
            attempt(two.first)
    assert [two.first.is_held(), two.second.is_held()] == [False, True]
    two.first.release()
    assert two.second.is_held()


def test_one_that_ends_is_replaced_at_once(two: Two) -> None:
    assert not two.second.take()
    two.first.release()
    assert two.second.take()


def test_a_follower_that_could_not_look_begins_to_wait_anew(two: Two) -> None:
    """The database, or the follower itself, was away: nobody knows what happened."""
    assert not two.second.take()
    two.clock.now_s += 60
    assert not two.second.take()
    assert not two.looks(LAPSE_S - LOOK_S)
    assert two.looks(LOOK_S)


def test_each_service_has_a_leader_of_its_own(two: Two) -> None:
    assert Lease(two.database, "fixes").take()
    _checked(two.first)


def test_who_serves_and_loses_the_lease_follows_again(two: Two) -> None:
    stop, served = Event(), Event()

    def serve() -> None:
        served.set()
        two.clock.now_s += LAPSE_S
        while two.second.is_held():
            _checked(two.second)

    assert two.looks(2 * LAPSE_S)
    third = Lease(two.database, "alerts")
    two.second.release()
    thread = Thread(target=lead, args=(two.second, stop, serve))
    thread.start()
    try:
        assert served.wait(60)
        until(third.take, otherwise=lambda: "it does not give way")
        assert thread.is_alive()
        served.clear()
        third.release()
        assert served.wait(60)
    finally:
        stop.set()
        two.second.release()
        thread.join()


def test_a_leader_whose_database_is_away_follows_until_it_is_back(two: Two) -> None:
    stop, tries = Event(), list[str]()
    away = OperationalError("SELECT", {}, OSError("away"))

    def serve() -> None:
        tries.append("served")
        if len(tries) == 1:
            raise away
        stop.set()

    two.first.release()
    lead(two.second, stop, serve)
    assert len(tries) == 2
