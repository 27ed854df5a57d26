"""Read a people's file, and name every mistake in it with its place."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from alerts.people import People, PeopleError
from alerts.plan import ON_DUTY, Plan
from cep_patterns.pattern import Severity

Place = tuple[int | str, ...]


MOST_BYTES: Final = 300_000
"""Some 3,000 people; to read so much takes seconds already."""
MOST_VALUES: Final = 100_000
MOST_DEPTH: Final = 20
MOST_CHARACTERS: Final = 1_000
_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that no database, mail or telephone can be trusted with."""


def load(path: Path) -> People:
    """Return what the file at ``path`` says; raise all that is wrong with it."""
    return parsed(path, read(path))


def read(path: Path) -> str:
    """Return the text of the file at ``path``, if it may be one."""
    try:
        if not path.is_file():
            msg = f"{path}: is no file; VIGIL_ALERTS_PEOPLE names the people's file"
            raise PeopleError(msg)
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            msg = f"{path}: is larger than {MOST_BYTES:,} bytes: is it the right file?"
            raise PeopleError(msg)
        return content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        msg = f"{path}: {error}; VIGIL_ALERTS_PEOPLE names the people's file"
        raise PeopleError(msg) from None


def parsed(path: Path, text: str) -> People:
    """Return what ``text`` says, the content of ``path``.

    Whatever goes wrong is the file's mistake: who reads it goes on without it.
    """
    try:
        raw = YAML().load(text)
        _demand_bounds(raw)
        people = People.model_validate(raw, context=_names(raw))
        _demand_plans(people)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        msg = f"{path}:{line}: {error.problem}"
        raise PeopleError(msg) from None
    except ValidationError as error:
        raise PeopleError("\n".join(_problems(path, raw, error))) from None
    except RecursionError:
        msg = f"{path}: is nested too deeply"
        raise PeopleError(msg) from None
    except Exception as error:  # noqa: BLE001 - parsers raise what they like
        first_line = str(error).partition("\n")[0]
        msg = f"{path}: cannot be read ({type(error).__name__}: {first_line})"
        raise PeopleError(msg) from None
    return people


def _demand_bounds(raw: object) -> None:
    """Raise if the file holds more than a hospital, or what cannot be shown."""
    stack: list[tuple[object, Place]] = [(raw, ())]
    for _ in range(MOST_VALUES):
        if not stack:
            return
        value, place = stack.pop()
        if len(place) > MOST_DEPTH:
            raise RecursionError
        if isinstance(value, str):
            _demand_plain(value, place)
        elif isinstance(value, Mapping):
            for key, part in value.items():
                stack += [(key, (*place, str(key))), (part, (*place, str(key)))]
        elif isinstance(value, list):
            stack += [(part, (*place, i)) for i, part in enumerate(value)]
    msg = f"it stands for more than {MOST_VALUES:,} values; anchors count each time"
    raise ValueError(msg)


def _demand_plain(text: str, place: Place) -> None:
    where = ".".join(map(str, place))[:MOST_CHARACTERS]
    if len(text) > MOST_CHARACTERS:
        msg = f"{where} has {len(text):,} characters, at most {MOST_CHARACTERS:,} fit"
        raise ValueError(msg)
    shown = text.replace("\n", " ") if place[-1:] == ("reason",) else text
    if any(unicodedata.category(each) in _CONTROLS for each in shown):
        msg = f"{where} holds a line break or another control character"
        raise ValueError(msg)


def _demand_plans(people: People) -> None:
    """Make what an alarm on each ward will freeze and ask, so that nothing raises then.

    The moment does not matter: what cannot be compared can never be.
    """
    now = datetime.now(UTC)
    people.ward_of("anybody")
    for name in people.wards:
        plan = people.plan_of_ward(name)
        Plan.model_validate_json(plan.model_dump_json())
        people.window(name, now)
        plan.on_duty(now)
        for severity in Severity:
            plan.quiet_until(severity, now)
            _ = plan.escalation.of(severity).escalate_after_s
            _ = plan.escalation.of(severity).repeat_every_s


def _names(raw: object) -> dict[str, set[str]]:
    """Return every name that the file defines, by what it is a name of."""
    people, teams = _texts(_part(raw, "people")), _texts(_part(raw, "teams"))
    ways = [_part(_part(raw, "people"), each) for each in people]
    return {
        "person": people,
        "person or team": people | teams,
        "person, team or on_duty": people | teams | {ON_DUTY},
        "ward": _texts(_part(raw, "wards")),
        "channel": {channel for way in ways for channel in _texts(way)},
        "channel of high severity": _texts(_part(_part(raw, "channels"), "high")),
    }


def _texts(names: Iterable[object]) -> set[str]:
    return {each for each in names if isinstance(each, str)}


def _part(raw: object, key: str) -> Any:  # noqa: ANN401 - nothing is checked yet
    part = raw.get(key) if isinstance(raw, Mapping) else None
    return part if isinstance(part, Mapping | list) else ()


def _problems(path: Path, raw: object, error: ValidationError) -> Iterator[str]:
    problems = error.errors(include_url=False)
    for each in problems:
        if each["type"] == "too_short" and _within(each["loc"], problems):
            continue  # it is short because its parts are wrong
        where = ".".join(str(part) for part in each["loc"]) or "file"
        what = each["msg"].removeprefix("Value error, ")
        yield f"{path}:{_line(raw, each['loc'])}: {where}: {what}"


def _within(place: Place, problems: Iterable[ErrorDetails]) -> bool:
    return any(p["loc"][: len(place)] == place != p["loc"] for p in problems)


def _line(raw: object, place: Place) -> int:
    """Return the line, from 1, of the innermost part of ``place`` that is there."""
    line = 1
    for key in place:
        try:
            if isinstance(raw, CommentedMap):
                line = raw.lc.key(key)[0] + 1
            elif isinstance(raw, CommentedSeq):
                line = raw.lc.item(key)[0] + 1
            raw = raw[key]  # type: ignore[index]
        except (LookupError, TypeError, AttributeError):
            break  # it is not there, or was merged from elsewhere
    return line
