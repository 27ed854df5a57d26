"""Text of devices made safe to be read by people: one line, left to right. Pure."""

import unicodedata
from typing import Final

UNREADABLE: Final = "?"
"""Stands for a character that nobody can see, or that moves what is round it."""
LONGEST: Final = 64
"""Characters of a name; what is longer is cut."""
CUT: Final = "..."


def plain(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` without line breaks, controls, marks of direction and links.

    It may be anything that a device wrote: an id, or what only looks like one. An
    address in it is no link that a telephone would offer to open.
    """
    text = text[: 2 * longest]
    seen = text if text.isprintable() else "".join(map(_shown, text))
    shown = seen.replace("://", ": ")
    return shown if len(shown) <= longest else shown[: longest - len(CUT)] + CUT


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Zs":
        return " "
    return UNREADABLE if kind[0] in "CZ" else character
