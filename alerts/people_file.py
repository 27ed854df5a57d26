"""Read a people's file, and name every mistake in it with its place."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from alerts.people import People, PeopleError
from alerts.plan import ON_DUTY

Place = tuple[int | str, ...]


def load(path: Path) -> People:
    """Return what the file at ``path`` says; raise all that is wrong with it."""
    try:
        raw = YAML().load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: {error}; VIGIL_ALERTS_PEOPLE names the people's file"
        raise PeopleError(msg) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        msg = f"{path}:{line}: {error.problem}"
        raise PeopleError(msg) from None
    try:
        return People.model_validate(raw, context=_names(raw))
    except ValidationError as error:
        raise PeopleError("\n".join(_problems(path, raw, error))) from None


def _names(raw: object) -> dict[str, set[str]]:
    """Return every name that the file defines, by what it is a name of."""
    people, teams = set(_part(raw, "people")), set(_part(raw, "teams"))
    ways = [_part(_part(raw, "people"), each) for each in people]
    urgent = _part(_part(raw, "channels"), "high")
    return {
        "person": people,
        "person or team": people | teams,
        "person, team or on_duty": people | teams | {ON_DUTY},
        "ward": set(_part(raw, "wards")),
        "channel": {channel for way in ways for channel in way},
        "channel of high severity": {each for each in urgent if isinstance(each, str)},
    }


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
        if isinstance(raw, CommentedMap) and key in raw:
            line = raw.lc.key(key)[0] + 1
        elif isinstance(raw, CommentedSeq) and isinstance(key, int):
            line = raw.lc.item(key)[0] + 1
        else:
            break
        raw = raw[key]
    return line
