"""Small pieces of SQL that several queries need."""

from datetime import timedelta
from typing import Final

NEVER_MS: Final = (1 << 63) - 1


def interval(ms: int) -> str:
    """Return a length of time as a literal; up to 99 days."""
    length = timedelta(milliseconds=ms)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = f"{hours:02}:{minutes:02}:{seconds:02}.{length.microseconds // 1000:03}"
    return f"INTERVAL '{length.days} {clock}' DAY TO SECOND(3)"


def ms_of(time: str) -> str:
    """Return a time as the BIGINT of its milliseconds since 1970."""
    plain = f"CAST({time} AS TIMESTAMP(3))"
    whole, rest = f"EXTRACT(EPOCH FROM {plain})", f"EXTRACT(MILLISECOND FROM {plain})"
    return f"(1000 * {whole} + {rest})"


IN_TURN: Final = "PROCTIME() AS turn"
"""A column to order rows by that come in order of time already, key by key.

They do behind whatever sorts by event time, a window or an OVER: for the same key
or a finer one, the next need not keep each row back to sort it again. Elsewhere, it
is the order of arrival. Not for MATCH_RECOGNIZE, which compares these times.
"""
