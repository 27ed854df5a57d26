"""Whether a message of ``matches`` can be made an alarm, before anything else sees it.

By the contract, as for every reader. What passes it and still is no match (a column
that the contract leaves open) or cannot be read at all is named, too.
"""

from typing import NamedTuple

from pydantic import ValidationError

from alerts.match import Match
from producers.consumer import Record
from producers.contract import MATCHES
from producers.validation import verdict


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
    return Judged(record, match)


def place(record: Record) -> str:
    """Return where a message was read."""
    return f"{MATCHES.name}, partition {record.partition}, offset {record.offset}"


def _said(error: ValidationError) -> str:
    """Return what a match lacks, or what of it nobody knows."""
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(f"no_match {each['loc'][0]}: {each['msg']}" for each in faults)
