"""SMS through Twilio's message API, and what Twilio says of them later.

The API takes no key against duplicates. Where it is open whether it took a message,
it is asked for those it has to that number, and the text tells: it holds a link that
belongs to one notice alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import SecretStr
from requests import RequestException
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from alerts.channels import NeverError, NotNowError
from alerts.messages import Message
from alerts.notice_table import Notice, Sending
from alerts.outbox import settle
from alerts.ward_facts import Alarms

PATIENCE_S: Final = 10
LOOK_BACK: Final = 50
"""So many of the newest messages to a number are compared."""
TOO_MANY: Final = 429
BROKEN: Final = 500
"""HTTP's answers that mean: later; this one and those above it."""
LOST: Final = frozenset({"undelivered", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """An account, and from what number or messaging service it sends."""

    account_sid: str
    auth_token: SecretStr
    sender: str
    callback_url: str = ""
    url: str = "https://api.twilio.com"


@dataclass(slots=True)
class Sms:
    """Sends SMS."""

    twilio: Twilio
    _client: Any = field(init=False)

    def __post_init__(self) -> None:
        """Make the client; nothing is sent yet."""
        token = self.twilio.auth_token.get_secret_value()
        http = TwilioHttpClient(timeout=PATIENCE_S)
        self._client = Client(self.twilio.account_sid, token, http_client=http)
        self._client.api.base_url = self.twilio.url

    def send(self, message: Message) -> str:
        """Hand a message over, and return Twilio's id of it."""
        sent = _asked(self._client.messages.create, **self._fields(message))
        return str(sent.sid)

    def found(self, message: Message) -> str | None:
        """Return Twilio's id of the message, if it has it."""
        there = _asked(self._client.messages.list, to=message.address, limit=LOOK_BACK)
        text = message.short
        return next((str(each.sid) for each in there if each.body == text), None)

    def _fields(self, message: Message) -> dict[str, str]:
        service = self.twilio.sender.startswith("MG")
        fields = {
            "to": message.address,
            "body": message.short,
            "messaging_service_sid" if service else "from_": self.twilio.sender,
        }
        if self.twilio.callback_url:
            which = urlencode({"message": message.message_id})
            fields["status_callback"] = f"{self.twilio.callback_url}?{which}"
        return fields


def _asked(call: Any, **fields: Any) -> Any:  # noqa: ANN401 - the library has no types
    try:
        return call(**fields)
    except TwilioRestException as error:
        later = error.status == TOO_MANY or error.status >= BROKEN
        kind = NotNowError if later else NeverError
        msg = f"{error.status} {error.code} {error.msg}"
        raise kind(msg) from None
    except RequestException as error:
        raise NotNowError(str(error)) from None


def is_from_twilio(
    url: str, form: Mapping[str, str], signature: str, token: SecretStr
) -> bool:
    """Return whether a call-back was signed with the account's token."""
    validator = RequestValidator(token.get_secret_value())
    return bool(validator.validate(url, form, signature))


def note_status(
    session: Session, message_id: str, form: Mapping[str, str], alarms: Alarms
) -> bool:
    """Write down a call-back of Twilio; escalate at once what did not arrive.

    Returns whether the message is known. What is delivered or failed stays so,
    in whatever order call-backs come.
    """
    of_message = Notice.message_id == message_id
    known = session.scalar(select(Notice.number).where(of_message).limit(1))
    became: dict[str, object] = {"provider_id": form["MessageSid"]}
    if form["MessageStatus"] == "delivered":
        settle(session, message_id, Sending.DELIVERED, **became)
    elif form["MessageStatus"] in LOST:
        why = f"{form['MessageStatus']} {form.get('ErrorCode', '')}".strip()
        lost = settle(session, message_id, Sending.FAILED, why=why, **became)
        for alarm_id in lost:
            alarms.unreachable(session, alarm_id, f"SMS {why}")
    return known is not None
