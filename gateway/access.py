"""Who may see the ward: local users, and a signed cookie that says who it is."""

import asyncio
import hmac
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.status import HTTP_303_SEE_OTHER, HTTP_401_UNAUTHORIZED

from gateway.forms import form_of
from gateway.pages import page

WRONG_COSTS_S: Final = 1.0
"""A wrong password takes so long, so that nobody tries many."""


def user(request: Request) -> str:
    """Return who is signed in; refuse who is not."""
    name = request.session.get("user")
    if not isinstance(name, str):
        raise HTTPException(HTTP_401_UNAUTHORIZED, "sign in first")
    return name


User = Annotated[str, Depends(user)]


def router(users: Mapping[str, str]) -> APIRouter:
    """Return the pages that sign in and out."""
    routes = APIRouter()

    @routes.get("/sign-in")
    async def ask() -> Response:
        return page("sign_in.html")

    @routes.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await form_of(request)
        name, password = form.get("user", ""), form.get("password", "")
        if not _fits(users, name, password):
            await asyncio.sleep(WRONG_COSTS_S)
            return page("sign_in.html", HTTP_401_UNAUTHORIZED, wrong=True)
        request.session["user"] = name
        return RedirectResponse("/", HTTP_303_SEE_OTHER)

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        request.session.clear()
        return RedirectResponse("/sign-in", HTTP_303_SEE_OTHER)

    return routes


def _fits(users: Mapping[str, str], name: str, password: str) -> bool:
    expected = users.get(name, "")
    same = hmac.compare_digest(expected.encode(), password.encode())
    return bool(expected) and same
