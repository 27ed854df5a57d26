"""How a message that cannot be used is written to ``rejected``, so that it always fits.

For Python programs that read a topic themselves. Jobs write the same headers in SQL.
"""

import hashlib
from typing import Final, NamedTuple

from producers.schema import MOST_MESSAGE_BYTES

MOST_REASON_BYTES: Final = 1_000
MOST_PAYLOAD_BYTES: Final = MOST_MESSAGE_BYTES
"""Of a longer one the beginning is kept; place, length and hash name the rest."""


class SetAside(NamedTuple):
    """A message of ``rejected``: key, value and headers, as a producer takes them."""

    key: bytes | None
    value: bytes
    headers: list[tuple[str, bytes]]


def set_aside(  # noqa: PLR0913 - what a broker knows of a message
    *,
    reason: str,
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    payload: bytes | None,
) -> SetAside:
    """Return what is written of a message that was read there and cannot be used."""
    whole = payload or b""
    headers = {
        "reason": shortened(reason),
        "source_topic": topic,
        "source_partition": str(partition),
        "source_offset": str(offset),
    }
    if len(whole) > MOST_PAYLOAD_BYTES:
        headers["payload_bytes"] = str(len(whole))
        headers["payload_sha256"] = hashlib.sha256(whole).hexdigest()
    encoded = [(name, text.encode()) for name, text in headers.items()]
    fitting_key = key[:MOST_REASON_BYTES] if key else key
    return SetAside(fitting_key, whole[:MOST_PAYLOAD_BYTES], encoded)


def shortened(reason: str, most_bytes: int = MOST_REASON_BYTES) -> str:
    """Return ``reason``, cut so that it has at most ``most_bytes`` in UTF-8."""
    encoded = reason.encode(errors="replace")
    if len(encoded) <= most_bytes:
        return encoded.decode()
    fitting = encoded[: max(0, most_bytes - len(_CUT.encode()))]
    return fitting.decode(errors="ignore") + _CUT


_CUT: Final = "…"
