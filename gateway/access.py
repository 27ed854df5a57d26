"""Who may see the ward: a signed cookie that says who somebody is.

Local users have a password; others are known to a provider of OpenID Connect.
"""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.status import (
    HTTP_200_OK,
    HTTP_303_SEE_OTHER,
    HTTP_401_UNAUTHORIZED,
)

from gateway.forms import form_of
from gateway.openid import NotSignedInError, Provider
from gateway.pages import page

WRONG_COSTS_S: Final = 1.0
"""A wrong password takes so long, so that nobody tries many."""
BEGIN: Final = "/sign-in/openid"
BACK: Final = "/sign-in/openid/back"
"""Where a provider sends people back to; it must be told so beforehand."""


def user(request: Request) -> str:
    """Return who is signed in; refuse who is not."""
    name = request.session.get("user")
    if not isinstance(name, str):
        raise HTTPException(HTTP_401_UNAUTHORIZED, "sign in first")
    return name


User = Annotated[str, Depends(user)]


def session_of(request: Request) -> str:
    """Return which sign-in a request belongs to; those of before had no name."""
    return str(request.session.get("id") or request.session.get("user"))


SessionId = Annotated[str, Depends(session_of)]


@dataclass(frozen=True, slots=True)
class Door:
    """The ways in: local users, a provider, or both; and the page's own address."""

    users: Mapping[str, str]
    provider: Provider | None
    page_url: str

    def at(self, path: str) -> str:
        """Return the address under which everybody, the provider too, knows a page."""
        return f"{self.page_url.rstrip('/')}{path}"

    def shown(self, trouble: str = "", status: int = HTTP_200_OK) -> Response:
        """Return the page that offers the ways in.

        The link is a whole address: who began under another name of this host would
        come back without the cookie.
        """
        provider = self.provider.name if self.provider else ""
        return page(
            "sign_in.html",
            status,
            trouble=trouble,
            local=bool(self.users),
            provider=provider,
            begin=self.at(BEGIN),
        )


def router(door: Door) -> APIRouter:
    """Return the pages that sign in and out."""
    routes = APIRouter()

    @routes.get("/sign-in")
    async def ask() -> Response:
        return door.shown()

    @routes.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await form_of(request)
        name, password = form.get("user", ""), form.get("password", "")
        if not _fits(door.users, name, password):
            await asyncio.sleep(WRONG_COSTS_S)
            wrong = "This name and password do not fit."
            return door.shown(wrong, HTTP_401_UNAUTHORIZED)
        return _let_in(request, user=name)

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        came_by = request.session.get("by")
        request.session.clear()
        out = door.at("/sign-in")
        if door.provider and came_by == door.provider.issuer:
            return _go(await door.provider.farewell(out))
        return _go("/sign-in")

    if door.provider:
        routes.include_router(_by_provider(door, door.provider))
    return routes


def _by_provider(door: Door, provider: Provider) -> APIRouter:
    """Return the way to the provider, and the way back."""
    routes = APIRouter()

    @routes.get(BEGIN)
    async def begin(request: Request) -> Response:
        try:
            return await provider.question(request, door.at(BACK))
        except NotSignedInError as error:
            return door.shown(str(error), error.status)

    @routes.get(BACK)
    async def back(request: Request) -> Response:
        try:
            name = await provider.user(request)
            _refuse_namesake(door.users, name)
        except NotSignedInError as error:
            return door.shown(str(error), error.status)
        return _let_in(request, user=name, by=provider.issuer)

    return routes


def _refuse_namesake(users: Mapping[str, str], name: str) -> None:
    """Refuse a name that a local user has: the record could not tell the two apart."""
    if name.casefold() in {each.casefold() for each in users}:
        msg = f"A local user is called {name}, too: ask for another name."
        raise NotSignedInError(msg)


def _let_in(request: Request, **session: str) -> Response:
    """Begin a session, always on the ward: no address that was given is followed."""
    request.session.clear()
    request.session.update(session, id=secrets.token_hex(8))
    return _go("/")


def _go(address: str) -> Response:
    return RedirectResponse(address, HTTP_303_SEE_OTHER)


def _fits(users: Mapping[str, str], name: str, password: str) -> bool:
    expected = users.get(name, "")
    same = hmac.compare_digest(expected.encode(), password.encode())
    return bool(expected) and same
