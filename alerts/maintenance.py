"""Maintenance windows, written into the people's file by a command."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from alerts.people_file import load

YAML_AS_WRITTEN = YAML()


def begin(
    path: Path, ward: str, now: datetime, length: timedelta, reason: str, **more: bool
) -> None:
    """Begin a maintenance of ``ward`` now; ``more`` as in the file.

    What else is in the file stays as it is, comments included. Raises what would
    be wrong with the file, and leaves it alone then.
    """
    said = _read(path)
    window = {
        "ward": ward,
        "starts_at": now.isoformat(timespec="seconds"),
        "ends_at": (now + length).isoformat(timespec="seconds"),
        "reason": reason,
        **more,
    }
    said.setdefault("maintenance", []).append(window)
    _write(path, said)


def end(path: Path, ward: str, now: datetime) -> int:
    """End every maintenance of ``ward`` that is under way; return how many."""
    people, said = load(path), _read(path)
    over = [
        place
        for place, each in enumerate(people.maintenance)
        if each.ward == ward and each.starts_at <= now < each.ends_at
    ]
    for place in reversed(over):
        del said["maintenance"][place]
    if over:
        _write(path, said)
    return len(over)


def _read(path: Path) -> Any:  # noqa: ANN401 - YAML as it was written
    load(path)
    return YAML_AS_WRITTEN.load(path.read_text(encoding="utf-8"))


def _write(path: Path, said: object) -> None:
    """Put the file in its place in one piece, once it is known to be right."""
    text = io.StringIO()
    YAML_AS_WRITTEN.dump(said, text)
    new = path.with_name(f"{path.name}.new")
    new.write_text(text.getvalue(), encoding="utf-8")
    new.chmod(path.stat().st_mode)
    try:
        load(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
