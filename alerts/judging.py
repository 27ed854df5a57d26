"""Whether a message of ``matches`` can be made an alarm, before anything else sees it.

First the contract judges it, as for every reader. What passes is asked for more:
an alarm needs columns that the contract leaves open, and its texts and times go into
databases, mails and addresses.
"""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from pydantic import ValidationError

from alerts.match import Match
from producers.consumer import Record
from producers.contract import MATCHES
from producers.contract.columns import IDENTIFIER, SYSTEM_PATIENT_ID
from producers.validation import verdict

EARLIEST_MS: Final = round(datetime(1900, 1, 1, tzinfo=UTC).timestamp() * 1000)
LATEST_MS: Final = round(datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""Calendars, time zones and databases are sure of every instant in between."""
MOST_VERSION: Final = 2**31 - 1
NAME: Final = re.compile(r"[ -~]{1,200}")
ID: Final = re.compile(IDENTIFIER)


class Judged(NamedTuple):
    """A message that was read: a match, or why it is none.

    Of what the contract refuses, the bytes are in ``rejected`` already: the job that
    stores matches puts them there.
    """

    record: Record
    match: Match | None
    reason: str = ""
    by_contract: bool = False


def judged(record: Record) -> Judged:
    """Return what alarms make of a message; raise nothing, whatever it is."""
    if record.unreadable:
        return Judged(record, None, f"unreadable: {record.unreadable}")
    try:
        found = verdict(MATCHES, record.value, record.arrived_ms)
        if found.message is None:
            return Judged(record, None, "; ".join(found.reasons), by_contract=True)
        match = Match.model_validate({**found.message, "source": place(record)})
    except ValidationError as error:
        return Judged(record, None, _said(error))
    except Exception as error:  # noqa: BLE001 - whatever reading it does, it is the message's
        return Judged(record, None, f"unreadable: {error!r}")
    reason = _unfit(match)
    return Judged(record, None if reason else match, reason)


def place(record: Record) -> str:
    """Return where a message was read."""
    return f"{MATCHES.name}, partition {record.partition}, offset {record.offset}"


def _said(error: ValidationError) -> str:
    """Return what a match lacks, or what of it nobody knows."""
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(f"no_match {each['loc'][0]}: {each['msg']}" for each in faults)


def _unfit(match: Match) -> str:
    """Return what must not reach a database or a message to people; or nothing."""
    if match.patient_id == SYSTEM_PATIENT_ID:
        return f"reserved patient_id: {SYSTEM_PATIENT_ID!r} is Vigil itself"
    for name in ("patient_id", "device_id"):
        if not ID.fullmatch(text := getattr(match, name)):
            return f"not_allowed {name}: {ascii(text)[:40]}, must match {IDENTIFIER}"
    for name in ("match_id", "pattern_name"):
        if not NAME.fullmatch(text := getattr(match, name)):
            return f"not_allowed {name}: {ascii(text)[:40]}, 1 to 200 plain characters"
    for name in ("started_ms", "ended_ms", "ts_ms"):
        at_ms = getattr(match, name)
        if at_ms is not None and not EARLIEST_MS <= at_ms < LATEST_MS:
            return f"absurd_time {name}: beyond the years 1900 to 2199"
    if not 0 <= (match.rule_version or 0) <= MOST_VERSION:
        return f"implausible rule_version: 0 to {MOST_VERSION}"
    return ""
