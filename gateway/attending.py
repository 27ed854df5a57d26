"""Attend to alarms: from the page, by a link in a message, by Twilio's call-back."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field
from starlette.status import (
    HTTP_204_NO_CONTENT,
    HTTP_400_BAD_REQUEST,
    HTTP_403_FORBIDDEN,
    HTTP_409_CONFLICT,
)

from alerts.events import Acknowledge, Event, Refused, Shelve
from alerts.model import Alarm
from alerts.plain_text import plain
from alerts.sms import STATUS_PATH, Twilio, is_from_twilio
from gateway.access import User
from gateway.desk import Desk
from gateway.forms import form_of
from gateway.given import Reason, StatedReason
from gateway.pages import page

SHOWN: Final = 100
"""Messages on the outbox's page."""

Hear = Callable[[Alarm], None]
"""Shows an alarm as it has just become, before the topic says so."""
MOST_MINUTES: Final = 24 * 60
"""No policy lets anybody shelve for so long; those say how long."""


class Acknowledgement(BaseModel):
    """Somebody looks after it."""

    reason: Reason = ""


class Shelving(BaseModel):
    """Somebody wants to hear nothing of it for a while, and says why."""

    reason: StatedReason
    minutes: Annotated[float, Field(gt=0, le=MOST_MINUTES, allow_inf_nan=False)]


def router(desk: Desk, hear: Hear) -> APIRouter:
    """Return what a person who is signed in can do to an alarm."""
    routes = APIRouter()

    async def done(alarm_id: str, event: Event) -> dict[str, str]:
        try:
            after = await asyncio.to_thread(desk.do, alarm_id, event)
        except Refused as error:
            raise HTTPException(HTTP_409_CONFLICT, str(error)) from None
        hear(after)
        return {"state": after.state}

    @routes.post("/alarms/{alarm_id:path}/acknowledge")
    async def acknowledge(
        alarm_id: str, user: User, given: Acknowledgement
    ) -> dict[str, str]:
        return await done(alarm_id, Acknowledge(by=user, reason=given.reason))

    @routes.post("/alarms/{alarm_id:path}/shelve")
    async def shelve(alarm_id: str, user: User, given: Shelving) -> dict[str, str]:
        for_s = round(60 * given.minutes)
        event = Shelve(by=user, reason=given.reason, for_s=for_s)
        return await done(alarm_id, event)

    return routes


def outbox(desk: Desk) -> APIRouter:
    """Return the page of messages that no provider took.

    They show what others would have been sent, so no link in them acknowledges.
    """
    routes = APIRouter()

    @routes.get("/outbox")
    async def show(_user: User) -> Response:
        found = await asyncio.to_thread(desk.messages, SHOWN)
        shown = [
            {
                "subject": each.subject,
                "channel": each.channel,
                "recipient": each.recipient,
                "text": each.text,
                "at": _at(each.sent_ms),
            }
            for each in found
        ]
        return page("outbox.html", messages=shown, most=SHOWN)

    return routes


def _at(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def links(desk: Desk, hear: Hear) -> APIRouter:
    """Return the pages behind links in messages; the link itself is the key.

    Looking at one changes nothing, and shows no more than the message did: mail
    scanners follow every link they see, and what an alarm is called may be a diagnosis.
    """
    routes = APIRouter()

    @routes.get("/acknowledge/{token}")
    async def ask(token: str) -> Response:
        try:
            notice = await asyncio.to_thread(desk.behind, token)
        except Refused as error:
            return page("acknowledged.html", HTTP_409_CONFLICT, refused=str(error))
        return page(
            "acknowledge.html",
            severity=notice.severity,
            place=plain(notice.place),
            who=notice.recipient,
        )

    @routes.post("/acknowledge/{token}")
    async def acknowledge(token: str) -> Response:
        try:
            after = await asyncio.to_thread(desk.acknowledge_by, token)
        except Refused as error:
            return page("acknowledged.html", HTTP_409_CONFLICT, refused=str(error))
        hear(after)
        return page("acknowledged.html")

    return routes


def call_back(desk: Desk, twilio: Twilio) -> APIRouter:
    """Return where Twilio says what became of an SMS."""
    routes = APIRouter()

    @routes.post(STATUS_PATH, status_code=HTTP_204_NO_CONTENT)
    async def status(request: Request, message: str) -> None:
        form = await form_of(request)
        called = f"{twilio.callback_url}?{request.url.query}"
        signature = request.headers.get("X-Twilio-Signature", "")
        if not is_from_twilio(called, form, signature, twilio.auth_token):
            raise HTTPException(HTTP_403_FORBIDDEN, "not signed by Twilio")
        if not {"MessageSid", "MessageStatus"} <= set(form):
            raise HTTPException(HTTP_400_BAD_REQUEST, "no MessageSid, MessageStatus")
        await asyncio.to_thread(desk.note_status, message, form)

    return routes
