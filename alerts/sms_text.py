"""How much an SMS holds. Pure.

A text of the GSM alphabet has 160 characters, or 153 in each of several parts; any
other is sent as UCS-2, with 70, or 67. Twilio takes 1,600 characters in all.
Sources: 3GPP TS 23.038 (alphabet), TS 23.040 (parts); Twilio, error 21617.
"""

from collections.abc import Callable
from typing import Final

PARTS: Final = 3
"""Of a summary; each part may be lost, and each is paid for."""

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED: Final = frozenset("^{}\\[~]|€")
"""These take the room of two."""


def parts(text: str) -> int:
    """Return in how many parts ``text`` is sent."""
    if all(each in _GSM or each in _GSM_ESCAPED for each in text):
        units, alone, each_holds = _gsm_units(text), 160, 153
    else:
        units, alone, each_holds = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= alone else -(-units // each_holds)


def _gsm_units(text: str) -> int:
    return len(text) + sum(each in _GSM_ESCAPED for each in text)


def longest_fit(texts: Callable[[int], str], most: int) -> str:
    """Return the first of ``texts(most)``, ``texts(most - 1)`` … that is short enough.

    ``texts(1)`` is taken as it is.
    """
    fits = (text for n in range(most, 1, -1) if parts(text := texts(n)) <= PARTS)
    return next(fits, texts(1))
