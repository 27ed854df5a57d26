"""One patient: the last hours, and going home."""

import asyncio

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from starlette.status import HTTP_404_NOT_FOUND, HTTP_409_CONFLICT

from alerts.discharge import Discharge
from alerts.events import Refused
from gateway.access import User
from gateway.desk import Desk
from gateway.given import StatedReason
from gateway.ward import Ward


class GoingHome(BaseModel):
    """Somebody says why a patient is not here any more."""

    reason: StatedReason


def router(ward: Ward, desk: Desk) -> APIRouter:
    """Return what is told of one patient; an id may hold slashes."""
    routes = APIRouter()

    @routes.get("/patients/{patient_id:path}")
    async def patient(_user: User, patient_id: str) -> dict[str, object]:
        known = ward.patient(patient_id)
        if known is None:
            raise HTTPException(HTTP_404_NOT_FOUND, f"{patient_id} is not known here")
        return {**known.sections(), **known.story()}

    @routes.post("/patients/{patient_id:path}/discharge")
    async def discharge(
        patient_id: str, user: User, given: GoingHome
    ) -> dict[str, int]:
        if ward.patient(patient_id) is None:
            raise HTTPException(HTTP_404_NOT_FOUND, f"{patient_id} is not known here")
        asked = Discharge(patient_id=patient_id, by=user, reason=given.reason)
        try:
            at_ms, closed = await asyncio.to_thread(desk.discharge, asked)
        except Refused as error:
            raise HTTPException(HTTP_409_CONFLICT, str(error)) from None
        ward.discharge(patient_id, at_ms)
        return {"closed": closed}

    return routes
