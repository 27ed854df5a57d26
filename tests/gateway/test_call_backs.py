"""Twilio's call-backs count when its signature fits."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from alerts.delivery_settings import DeliverySettings
from alerts.notice_table import Notice, Sending
from gateway.desk import Desk
from tests.gateway import small_ward
from tests.gateway.small_ward import notices, steps

CALLED = "https://vigil.example.org/twilio/status"


@pytest.fixture
def delivery() -> DeliverySettings:
    return DeliverySettings(
        twilio_account_sid="AC1",
        twilio_auth_token=SecretStr("token"),
        twilio_sender="+15005550006",
        twilio_callback_url=CALLED,
    )


@pytest.fixture
def call(client: TestClient) -> Callable[..., int]:
    def call(message_id: str, token: str = "token", **form: str) -> int:  # noqa: S107 - made up
        query = f"?message={message_id}"
        signed = RequestValidator(token).compute_signature(CALLED + query, form)
        headers = {"X-Twilio-Signature": signed, "host": "vigil.example.org"}
        path = f"/twilio/status{query}"
        answer = client.post(path, data=form, headers=headers)
        return int(answer.status_code)

    return call


@pytest.fixture
def message_id(desk: Desk) -> str:
    small_ward.found(desk, 1)
    with desk.wiring.database.writing() as session:
        for notice in session.scalars(select(Notice)):
            notice.message_id = f"message-{notice.number}"
            notice.sending = Sending.SENT
    return f"message-{notices(desk)[0].number}"


def test_what_was_not_delivered_escalates_at_once(
    call: Callable[..., int], desk: Desk, message_id: str
) -> None:
    undelivered = {"MessageSid": "SM1", "MessageStatus": "undelivered"}
    assert call(message_id, **undelivered) == 204
    assert notices(desk)[0].sending is Sending.FAILED
    assert steps(desk)[-1][0] == "escalated"


def test_what_another_signed_counts_for_nothing(
    call: Callable[..., int], desk: Desk, message_id: str
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered"}
    assert call(message_id, "another", **form) == 403
    assert len(steps(desk)) == 1


def test_half_a_call_back_is_none(call: Callable[..., int], message_id: str) -> None:
    assert call(message_id, MessageSid="SM1") == 400
