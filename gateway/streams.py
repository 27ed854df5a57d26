"""How many streams of events there may be: each is a page that somebody looks at."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Final

from fastapi import HTTPException
from sse_starlette.sse import EventSourceResponse
from starlette.status import HTTP_429_TOO_MANY_REQUESTS, HTTP_503_SERVICE_UNAVAILABLE
from starlette.types import Receive, Scope, Send

MOST_A_SESSION: Final = 10
MOST_AT_ONCE: Final = 500
SEND_S: Final = 30.0
"""Who has taken nothing for so long is not there."""


class Streams:
    """The streams that are open, by session."""

    def __init__(self) -> None:
        """Have none yet."""
        self._open: Counter[str] = Counter()

    def begin(self, session: str) -> Callable[[], None]:
        """Count one more, or refuse; return what ends it."""
        if self._open[session] >= MOST_A_SESSION:
            msg = f"{MOST_A_SESSION} pages are open in this browser: close one first"
            raise HTTPException(HTTP_429_TOO_MANY_REQUESTS, msg)
        if self._open.total() >= MOST_AT_ONCE:
            msg = f"{MOST_AT_ONCE} pages are open, which is all that there may be"
            raise HTTPException(HTTP_503_SERVICE_UNAVAILABLE, msg)
        self._open[session] += 1
        return lambda: self._end(session)

    def _end(self, session: str) -> None:
        self._open[session] -= 1
        if not self._open[session]:
            del self._open[session]


class Stream(EventSourceResponse):
    """A stream that says when it ended, however it did."""

    def __init__(self, frames: AsyncIterator[bytes], ended: Callable[[], None]) -> None:
        """Tell ``frames``, and call ``ended`` when nobody listens any more."""
        super().__init__(frames, sep="\n", send_timeout=SEND_S)
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell, until one side has had enough."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ended()
