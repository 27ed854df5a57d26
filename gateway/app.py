"""The page's HTTP: one page, its data, its events."""

from dataclasses import asdict
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import DBAPIError
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.status import (
    HTTP_303_SEE_OTHER,
    HTTP_404_NOT_FOUND,
    HTTP_422_UNPROCESSABLE_CONTENT,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from alerts.delivery_settings import DeliverySettings
from gateway import access, attending, patients
from gateway.access import SessionId, User
from gateway.bodies import SmallBodies
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.headers import Headers, headers
from gateway.origin import OwnPagesAlone, origin_of
from gateway.pages import STATIC, page
from gateway.settings import GatewaySettings
from gateway.signs import SIGNS
from gateway.streams import Stream, Streams
from gateway.ward import Ward

LOOPBACK: Final = ("127.0.0.1", "localhost")
COOKIE: Final = "vigil"
SECURE_COOKIE: Final = "__Host-vigil"
"""The name says that no other host and no plain connection may have set it."""
WardName = Annotated[str, Query(max_length=200)]


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
    _guard(app, settings, delivery)
    app.add_exception_handler(DBAPIError, _database_away)
    app.add_exception_handler(RequestValidationError, _not_as_asked)
    door = access.Door(settings.users, settings.provider, delivery.page_url)
    app.include_router(access.router(door))
    app.include_router(attending.router(desk, ward.know))
    app.include_router(attending.links(desk, ward.know))
    app.include_router(attending.outbox(desk))
    if twilio := delivery.twilio():
        app.include_router(attending.call_back(desk, twilio))
    app.include_router(patients.router(ward, desk))
    app.mount("/static", StaticFiles(directory=STATIC))
    _add_ward(app, ward, feed, desk)
    return app


def _guard(app: FastAPI, settings: GatewaySettings, delivery: DeliverySettings) -> None:
    """Stand in front of everything; the last is the first that a request meets."""
    page_url, provider = delivery.page_url, settings.provider
    is_https = page_url.startswith("https://")
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.gateway_secret.get_secret_value(),
        session_cookie=SECURE_COOKIE if is_https else COOKIE,
        same_site="lax",
        https_only=is_https,
    )
    app.add_middleware(OwnPagesAlone, page_url=page_url)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_own_names(delivery))
    app.add_middleware(SmallBodies)
    elsewhere = origin_of(provider.issuer) if provider else ""
    app.add_middleware(Headers, headers=headers(page_url, elsewhere))


async def _not_as_asked(_request: Request, error: Exception) -> Response:
    """Say what is wrong, and nothing that was sent: not all of it can be written."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as it was registered
    wrong = (f"{each['loc'][-1]}: {each['msg']}" for each in error.errors())
    told = {"detail": "; ".join(wrong).encode(errors="replace").decode()}
    return JSONResponse(told, HTTP_422_UNPROCESSABLE_CONTENT)


async def _database_away(_request: Request, _error: Exception) -> Response:
    away = "the database of alarms does not answer: nothing was done"
    return JSONResponse({"detail": away}, HTTP_503_SERVICE_UNAVAILABLE)


def _own_names(delivery: DeliverySettings) -> list[str]:
    """Return the names of this host: under others, foreign pages could read it."""
    urls = (delivery.page_url, delivery.twilio_callback_url)
    return [*LOOPBACK, *filter(None, (urlsplit(url).hostname for url in urls))]


def _add_ward(app: FastAPI, known: Ward, feed: Feed, desk: Desk) -> None:
    streams = Streams()

    @app.get("/")
    async def show(request: Request) -> Response:
        if "user" not in request.session:
            return RedirectResponse("/sign-in", HTTP_303_SEE_OTHER)
        signs = [asdict(sign) for sign in SIGNS]
        return page("ward.html", signs=signs, user=request.session["user"])

    @app.get("/events")
    async def events(_user: User, session: SessionId, ward: WardName = "") -> Stream:
        if ward and ward not in {*desk.wards(), *known.wards()}:
            raise HTTPException(HTTP_404_NOT_FOUND, "there is no such ward")
        return Stream(feed.frames(ward), streams.begin(session))

    @app.get("/health")
    async def health() -> dict[str, object]:
        intake = feed.intake
        aside = intake.unusable.total(), intake.failed.total()
        return {"page": "up", "unusable": aside[0], "failed": aside[1]}
