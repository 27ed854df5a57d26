"""What is left of messages that a device damages: no JSON, whatever the damage.

That half of them are cut off and half have a bit flipped is our choice.
"""

from typing import Final

import numpy as np

from digital_twin.network import Damage

_HIGHEST_BIT: Final = 0x80
"""Unset in every byte of ASCII. One byte with it among others is no UTF-8."""


def damaged(values: list[bytes], damage: Damage) -> list[bytes]:
    """Return ``values`` after what happened to each; only damaged ones are touched."""
    for i in np.flatnonzero(damage).tolist():
        values[i] = _after(values[i], int(damage[i]))
    return values


def _after(value: bytes, damage: int) -> bytes:
    """Return ``value``, an object in ASCII, cut off or with a bit flipped somewhere."""
    place, flipped = divmod(damage, 2)
    place %= len(value)
    if not flipped:
        return value[:place]
    other = bytes([value[place] ^ _HIGHEST_BIT])
    return value[:place] + other + value[place + 1 :]
