"""Requests are small: what is larger is refused before anything looks at it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from fastapi import Response
from fastapi.responses import JSONResponse
from starlette.status import (
    HTTP_400_BAD_REQUEST,
    HTTP_408_REQUEST_TIMEOUT,
    HTTP_413_CONTENT_TOO_LARGE,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 64 * 1024
BODY_S: Final = 10.0
"""How long somebody may take to send that much."""
READ_ON_BYTES: Final = 32 * 1024 * 1024
"""So much of a refused body is thrown away before the line is cut, that whoever sends
it can read the answer; who sends on is cut off."""


class RefusedBodyError(Exception):
    """A body that is not taken, and the answer to it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.answer = JSONResponse({"detail": why}, status, {"Connection": "close"})


class CutOffError(Exception):
    """Somebody hung up before they had said all: nobody waits for an answer."""


class SmallBodies:
    """Stands in front of an application, and hands it whole bodies of small size."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = Body(receive)
        try:
            handed = [_message(await _whole(dict(scope["headers"]), body))]
        except CutOffError:
            return
        except RefusedBodyError as error:
            await _refuse(error.answer, body, send)
            return

        async def received() -> Message:
            return handed.pop() if handed else await receive()

        await self._app(scope, received, send)


class Body:
    """What comes of a request, piece by piece."""

    def __init__(self, receive: Receive) -> None:
        """Begin to read."""
        self.has_more = True
        self._receive = receive

    async def piece(self) -> bytes:
        """Return the next piece."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise CutOffError
        self.has_more = message.get("more_body", False)
        piece: bytes = message.get("body", b"")
        return piece


def _message(body: bytes) -> Message:
    return {"type": "http.request", "body": body, "more_body": False}


async def _whole(headers: Mapping[bytes, bytes], body: Body) -> bytes:
    """Return the body, whether its size was said before or not."""
    _demand_small(_declared_bytes(headers))
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            while body.has_more:
                read += await body.piece()
                _demand_small(len(read))
    except TimeoutError:
        msg = f"send the request within {BODY_S:g} s"
        raise RefusedBodyError(HTTP_408_REQUEST_TIMEOUT, msg) from None
    return bytes(read)


def _declared_bytes(headers: Mapping[bytes, bytes]) -> int:
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit():
        msg = "the header Content-Length is no number"
        raise RefusedBodyError(HTTP_400_BAD_REQUEST, msg)
    return int(declared[:20])


def _demand_small(size_bytes: int) -> None:
    if size_bytes > MOST_BYTES:
        msg = f"a request has {MOST_BYTES} bytes at most: this one is larger"
        raise RefusedBodyError(HTTP_413_CONTENT_TOO_LARGE, msg)


async def _refuse(answer: Response, body: Body, send: Send) -> None:
    """Answer at once, and end when the other side has said all, or too much."""
    start = {"type": "http.response.start", "status": answer.status_code}
    await send({**start, "headers": answer.raw_headers})
    told = {"type": "http.response.body", "body": bytes(answer.body)}
    await send({**told, "more_body": True})
    thrown_away = 0
    with suppress(TimeoutError, CutOffError):
        async with asyncio.timeout(BODY_S):
            while body.has_more and thrown_away < READ_ON_BYTES:
                thrown_away += len(await body.piece())
    await send({**told, "body": b"", "more_body": False})
