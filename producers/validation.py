"""What of a message can be used, and what is wrong with the rest.

A *message* is unusable when it is no JSON object, lacks a required column, bears an
absurd time, or is too long or too deep: then nothing of it is used. A *value* is
unusable when it is of the wrong type, beyond the bounds of its column, or cannot be
what the sensor saw: then it counts as missing and the rest is used. Either way a reason
says which column, and what was given; of many, the first few. In a map each value
counts for itself; its column is called ``parts.pulse.lowest``. A list is used whole or
not at all. Of whatever else goes wrong with a message the reason is ``unreadable``.

Every reader decides alike (``tests/cases_on_the_wire.py`` is the table of cases). Where
RFC 8259 leaves a choice, or a device does not keep to it, this is what all do:

* A number in quotes, ``"true"`` and ``"false"`` in quotes, and a whole number with a
  fraction are used and reported. No other text is a flag, and no number is one.
* A text is a text: a number, ``true`` or an object as an id is not usable.
  Which texts are numbers Flink's parser decides: those of Java, ``72f``, too.
* A byte order mark, another encoding of Unicode than UTF-8, UTF-8 of surrogates or in
  more bytes than needed, a control character that stands in a text as it is: the
  message is read all the same, and reported (§7, §8.1).
* A number of more than 1,000 digits, or a name of more than 50,000 bytes, is no JSON to
  Flink's parser, wherever it stands, and so to none.
* A number beyond what a double holds, as ``1e999``, is read and is implausible.
  ``NaN`` and ``Infinity`` are no JSON (§6).
* Of a name that comes twice the last value counts (§4). Their order has no meaning.
* A text with control characters, or with half of a surrogate pair, is not usable.

``jobs.readings`` says the same in SQL, for what patterns and windows read.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from producers.contract import TOPICS
from producers.json_objects import NotReadableError, json_object
from producers.plain_values import (
    Plain,
    has_only_plain_text,
    plain,
    plain_beside_plain_text,
)
from producers.schema import Column, Topic
from producers.setting_aside import MOST_REASON_BYTES, shortened
from producers.values import MOST_FAULTS, judged

Message = dict[str, object]


class Verdict(NamedTuple):
    """What can be used of a message (nothing: None), and what is wrong with it."""

    message: Message | None
    reasons: tuple[str, ...] = ()


def verdict(topic: Topic, payload: bytes | None, arrived_ms: int) -> Verdict:
    """Return what can be used of ``payload``, a message of ``topic``.

    It never raises. The reasons are ``MOST_FAULTS`` at most, and one more that says
    how many there are; joined they fit a header of ``rejected``.
    """
    try:
        return _verdict(topic, payload or b"", arrived_ms)
    except NotReadableError as error:
        return Verdict(None, (str(error),))
    except Exception as error:  # noqa: BLE001 - one message must not end its reader
        reason = f"unreadable: {type(error).__name__}: {error}"
        return Verdict(None, (shortened(reason),))


def _verdict(topic: Topic, payload: bytes, arrived_ms: int) -> Verdict:
    given, odd = json_object(payload)
    message: Message = {}
    reasons: list[str] = [odd] if odd else []
    short_cuts = _BESIDE_PLAIN_TEXT if has_only_plain_text(payload) else _ANYHOW
    for name, is_plain, column in short_cuts[topic.name]:
        if (raw := given.get(name)) is None:
            continue
        if (usable := is_plain(raw)) is None:
            usable, reason = judged(column, raw, given)
            reasons += [reason] * bool(reason)
        if usable is not None:
            message[name] = usable
    fatal = [*_missing(topic, message), *_absurd_time(topic, message, arrived_ms)]
    if not fatal and not reasons:
        return Verdict(message)
    return Verdict(None if fatal else message, _told(reasons, fatal))


def _told(reasons: list[str], fatal: list[str]) -> tuple[str, ...]:
    """Return the reasons; where they are too many to tell, those that count first."""
    ordered = [*reasons, *fatal]
    if len(ordered) > MOST_FAULTS:
        more = f"and {len(ordered) - MOST_FAULTS} more"
        ordered = [*[*fatal, *reasons][:MOST_FAULTS], more]
    told: list[str] = []
    left = MOST_REASON_BYTES
    for reason in ordered:
        if left > len(_JOINT):
            told.append(shortened(reason, left))
            left -= len(told[-1].encode()) + len(_JOINT)
    return tuple(told)


_JOINT: Final = "; "


def _short_cuts(
    plainly: Callable[[Column], Plain],
) -> dict[str, tuple[tuple[str, Plain, Column], ...]]:
    return {
        topic.name: tuple((each.name, plainly(each), each) for each in topic.columns)
        for topic in TOPICS
    }


_ANYHOW: Final = _short_cuts(plain)
_BESIDE_PLAIN_TEXT: Final = _short_cuts(plain_beside_plain_text)
_REQUIRED: Final = {
    topic.name: tuple(each.name for each in topic.columns if each.required)
    for topic in TOPICS
}


def _missing(topic: Topic, message: Message) -> list[str]:
    return [
        f"missing {name}: every message must have one"
        for name in _REQUIRED[topic.name]
        if name not in message
    ]


def _absurd_time(topic: Topic, message: Message, arrived_ms: int) -> list[str]:
    name = topic.event_time
    at_ms = message.get(name)
    if not isinstance(at_ms, int) or topic.is_timely(at_ms, arrived_ms):
        return []
    ahead_s = (at_ms - arrived_ms) // 1000
    return [f"absurd_time {name}: {ahead_s:+d} s from its arrival"]
