"""What changes something is asked by our own pages alone, in whatever browser."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.status import HTTP_403_FORBIDDEN
from starlette.types import ASGIApp, Receive, Scope, Send

HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OURS: Final = frozenset({"same-origin", "none"})
"""Where a browser says that a request comes from: our page, or the person."""


class OwnPagesAlone:
    """Refuses forms and scripts of other sites, signing in and out included.

    Programs that are no browsers say nothing of where they come from, and carry no
    cookie that somebody else could use.
    """

    def __init__(self, app: ASGIApp, page_url: str) -> None:
        """Stand in front of ``app``, which people know as ``page_url``."""
        self._app = app
        self._origin = origin_of(page_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http" or self._may_ask(scope):
            await self._app(scope, receive, send)
            return
        told = {"detail": "this was asked by another site: nothing was done"}
        await JSONResponse(told, HTTP_403_FORBIDDEN)(scope, receive, send)

    def _may_ask(self, scope: Scope) -> bool:
        return scope["method"] in HARMLESS or self._is_ours(Headers(scope=scope))

    def _is_ours(self, headers: Mapping[str, str]) -> bool:
        """Go by what the browser says, or by the address where it says nothing.

        Behind a proxy our own host may have another name than the page.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in OURS
        if origin is None:
            return True
        return origin == self._origin or urlsplit(origin).netloc == headers.get("host")


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, as a browser names its origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
