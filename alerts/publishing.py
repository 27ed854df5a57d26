"""From the database to Kafka: steps to ``alarms``, what was set aside to ``rejected``.

What no broker takes is passed over, and never tried again; a broker that is away is
waited for.
"""

import logging

from alerts import aside, journal
from alerts.broker import Outlet
from alerts.database import Database
from alerts.lease import Right
from alerts.mishaps import Mishaps
from alerts.system import STEP_UNTOLD

logger = logging.getLogger(__name__)


def publish(database: Database, outlet: Outlet, mishaps: Mishaps, right: Right) -> None:
    """Write out what waits; what the broker did not take stays there."""
    while right.is_held() and _tell_steps(database, outlet, mishaps):
        pass
    while _give_away(database, outlet):
        pass


def _tell_steps(database: Database, outlet: Outlet, mishaps: Mishaps) -> bool:
    """Tell some steps; return whether there may be more to tell now."""
    with database.reading() as session:
        steps = journal.untold(session)
    if not steps:
        return False
    lost = {each.position: each.why for each in steps if each.message is None}
    messages = {each.position: each.message for each in steps if each.message}
    written = outlet.write(list(messages.values())) if messages else None
    done = list(messages)[: written.done] if written else []
    if written:
        lost |= {done[at]: why for at, why in written.refused.items()}
    if done or lost:
        with database.writing() as session:
            journal.mark_told(session, done)
            journal.mark_untellable(session, lost)
    for position, why in lost.items():
        mishaps.note(STEP_UNTOLD, f"step {position}", why)
    return len(done) == len(messages)


def _give_away(database: Database, outlet: Outlet) -> bool:
    """Write some of what was set aside; return whether there may be more."""
    with database.reading() as session:
        waiting = aside.waiting(session)
    if not waiting:
        return False
    written = outlet.write(list(waiting.values()))
    done = list(waiting)[: written.done]
    for at, why in written.refused.items():
        logger.error("of what was set aside, number %d is lost: %s", done[at], why)
    if done:
        with database.writing() as session:
            aside.take_out(session, done)
    return len(done) == len(waiting)
