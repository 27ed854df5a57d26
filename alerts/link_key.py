"""The key that signs links: given, or made once and kept beside the alarms."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

LEAST: Final = 32
"""Characters; a shorter key could be guessed, and an empty one is everybody's."""


def kept(file: Path) -> str:
    """Return the key in ``file``, made now if there is none; end if it is damaged.

    Of several processes that start at once, all get the same one: a whole key is
    written beside the file, and linked to its name if that is still free.
    """
    if not file.exists():
        _make(file)
    key = file.read_text("utf-8").strip()
    if len(key) < LEAST:
        msg = (
            f"{file} holds no whole key: remove it, and a new one is made"
            " (links that were sent before stop working)"
        )
        raise SystemExit(msg)
    return key


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_urlsafe(LEAST))
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(new, file)
    finally:
        new.unlink()
