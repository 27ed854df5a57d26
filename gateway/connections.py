"""Connections that ask for nothing end: nobody keeps others out by being slow."""

import asyncio
from typing import Final, TypedDict

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_S: Final = 10.0
"""How long somebody may take from the first byte of a request to its last header."""
HEADERS_BYTES: Final = 16 * 1024
KEPT_S: Final = 15
"""How long a connection stays open between two requests."""
MOST_AT_ONCE: Final = 900
"""Connections, streams among them; below the thousand files that a process may open."""


class ImpatientProtocol(H11Protocol):
    """Hangs up on whoever does not say what they want; uvicorn alone waits for ever."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Wait for a request, and not for ever."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a request, unless this was it."""
        if self._is_between_requests:
            self._wait()
        super().data_received(data)
        if not self._is_between_requests:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    @property
    def _is_between_requests(self) -> bool:
        # Not yet assigned before the first request, whatever uvicorn declares.
        return not self.cycle or self.cycle.response_complete

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEADERS_S, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None


class Limits(TypedDict):
    """What uvicorn is told of them."""

    http: type[H11Protocol]
    h11_max_incomplete_event_size: int
    limit_concurrency: int
    timeout_keep_alive: int


LIMITS: Final = Limits(
    http=ImpatientProtocol,
    h11_max_incomplete_event_size=HEADERS_BYTES,
    limit_concurrency=MOST_AT_ONCE,
    timeout_keep_alive=KEPT_S,
)
