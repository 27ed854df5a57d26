"""The page's HTTP: one page, its data, its events."""

from dataclasses import asdict
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import DBAPIError
from sse_starlette.sse import EventSourceResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.status import (
    HTTP_303_SEE_OTHER,
    HTTP_404_NOT_FOUND,
    HTTP_503_SERVICE_UNAVAILABLE,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.delivery_settings import DeliverySettings
from gateway import access, attending
from gateway.access import User
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.pages import HEADERS, STATIC, page
from gateway.settings import GatewaySettings
from gateway.signs import SIGNS
from gateway.ward import Ward

LOOPBACK: Final = ("127.0.0.1", "localhost")


def application(
    settings: GatewaySettings,
    delivery: DeliverySettings,
    *,
    ward: Ward,
    feed: Feed,
    desk: Desk,
) -> FastAPI:
    """Return the application that shows ``ward`` as ``feed`` tells of it."""
    app = FastAPI(title="Vigil", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.gateway_secret.get_secret_value(),
        session_cookie="vigil",
        same_site="lax",
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_own_names(delivery))
    app.add_middleware(OwnAssetsAlone)
    app.add_exception_handler(DBAPIError, _database_away)
    door = access.Door(settings.users, settings.provider, delivery.page_url)
    app.include_router(access.router(door))
    app.include_router(attending.router(desk, ward.know))
    app.include_router(attending.links(desk, ward.know))
    app.include_router(attending.outbox(desk))
    if twilio := delivery.twilio():
        app.include_router(attending.call_back(desk, twilio))
    app.mount("/static", StaticFiles(directory=STATIC))
    _add_ward(app, ward, feed)
    return app


async def _database_away(_request: Request, _error: Exception) -> Response:
    away = "the database of alarms does not answer: nothing was done"
    return JSONResponse({"detail": away}, HTTP_503_SERVICE_UNAVAILABLE)


def _own_names(delivery: DeliverySettings) -> list[str]:
    """Return the names of this host: under others, foreign pages could read it."""
    urls = (delivery.page_url, delivery.twilio_callback_url)
    return [*LOOPBACK, *filter(None, (urlsplit(url).hostname for url in urls))]


class OwnAssetsAlone:
    """Adds to every answer what a browser must not do with it."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"]).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_ward(app: FastAPI, ward: Ward, feed: Feed) -> None:
    @app.get("/")
    async def show(request: Request) -> Response:
        if "user" not in request.session:
            return RedirectResponse("/sign-in", HTTP_303_SEE_OTHER)
        signs = [asdict(sign) for sign in SIGNS]
        return page("ward.html", signs=signs, user=request.session["user"])

    @app.get("/events")
    async def events(_user: User, ward: str = "") -> EventSourceResponse:
        return EventSourceResponse(feed.frames(ward), sep="\n")

    @app.get("/patients/{patient_id}")
    async def patient(_user: User, patient_id: str) -> dict[str, object]:
        known = ward.patient(patient_id)
        if known is None:
            raise HTTPException(HTTP_404_NOT_FOUND, f"{patient_id} is not known here")
        return {**known.sections(), **known.story()}

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"page": "up"}
