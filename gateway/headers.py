"""What every answer forbids a browser to do with it."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC: Final = "/static/"
YEAR_S: Final = 365 * 24 * 60 * 60


def headers(page_url: str, provider_origin: str = "") -> dict[str, str]:
    """Return what is said with every answer of the page at ``page_url``.

    Our own assets alone, our own forms alone (a browser counts where a form leads in
    the end: signing out ends at the provider), nothing kept in a cache of a computer
    that others use, and no address of ours told to other sites.
    """
    forms = " ".join(filter(None, ("form-action 'self'", provider_origin)))
    said = {
        "Content-Security-Policy": (
            f"default-src 'self'; {forms}; base-uri 'none'; object-src 'none';"
            " frame-ancestors 'none'"
        ),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    if page_url.startswith("https://"):
        said["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return said


class Headers:
    """Adds headers to every answer; what is the same for all may be kept and asked."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        """Stand in front of ``app``."""
        self._app = app
        self._headers = dict(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""
        is_static = scope.get("path", "").startswith(STATIC)
        kept = {"Cache-Control": "no-cache"} if is_static else {}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"]).update(self._headers | kept)
            await send(message)

        await self._app(scope, receive, send_with_headers)
