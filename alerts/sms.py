"""SMS through Twilio's message API, and what Twilio says of them later.

The API takes no key against duplicates. Where it is open whether it took a message,
it is asked for those it has to that number, and the text tells: it holds an address
that belongs to one message alone. What answers in Twilio's place (a proxy, a page that
asks for a password) says nothing of a message: it is tried again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import SecretStr
from requests import RequestException, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from alerts.channels import AwayError, BrokenError, NeverError, NotNowError
from alerts.messages import Message
from alerts.notice_table import Notice, Sending
from alerts.outbox import settle
from alerts.plain_text import plain
from alerts.ward_facts import Alarms

PATIENCE_S: Final = 10
MOST_BYTES: Final = 1_048_576
"""Of an answer; 50 messages are 50 kB."""
LOOK_BACK: Final = 50
"""So many of the newest messages to a number are compared."""
TOO_MANY: Final = 429
BUSY: Final = 500
"""HTTP's answers that mean: later; this one and those above it."""
NUMBER: Final = re.compile("[0-9]{1,9}")
REFUSES: Final = 400
"""HTTP's answers below it refuse nothing: to be sent elsewhere is no answer."""
ON_THE_WAY: Final = frozenset({407, 408, 425})
"""HTTP's answers of who stands between: it has not got through."""
LATER: Final = frozenset({14107, 20429, 21611, 30001})
"""Twilio's codes that mean: too many at once."""
REFUSED: Final = frozenset({401, 403, 404})
"""HTTP's answers that mean: no such account, or not with that token."""
BROKEN: Final = frozenset(
    {
        *(20003, 20005, 20006, 20008, 20404),  # token, account
        21609,  # our own call-back address
        *(21212, 21603, 21606, 21607, 21659, 21660, 21661),  # the sender's number
        *(21701, 21703, 21705, 21710, 30002),  # messaging service; suspended
    }
)
"""Twilio's codes that mean: nothing can be sent until somebody mends the account."""
OF_RECIPIENT: Final = frozenset({21211, 21408, 21610, 21612, 21614})
"""Twilio's codes that mean: not to this number, whatever the status."""
LOST: Final = frozenset({"undelivered", "failed", "canceled"})
STATUS_PATH: Final = "/twilio/status"
"""Where the page hears what became of an SMS."""


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
        bounded = {"response": _demand_bounded}
        http = TwilioHttpClient(timeout=PATIENCE_S, request_hooks=bounded)
        self._client = Client(self.twilio.account_sid, token, http_client=http)
        self._client.api.base_url = self.twilio.url

    def send(self, message: Message) -> str:
        """Hand a message over, and return Twilio's id of it."""
        sent = _asked(self._client.messages.create, **self._fields(message))
        if not sent.sid:
            msg = "an answer that names no message"
            raise AwayError(msg)
        return str(sent.sid)

    def found(self, message: Message) -> str | None:
        """Return Twilio's id of the message, if it has it."""
        there = _asked(self._client.messages.list, to=message.address, limit=LOOK_BACK)
        marks = message.marks
        sids = (str(each.sid) for each in there if marks & {*str(each.body).split()})
        return next(sids, None)

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
    except TwilioException as error:
        status, code = _answer(error)
        msg = f"{status} {code} {_words(error)}"
        raise _kind(status, code)(msg) from None
    except Exception as error:  # noqa: BLE001 - no answer, or one that nobody can read
        msg = f"{type(error).__name__}: {error}"
        raise AwayError(msg) from None


def _demand_bounded(response: Response, **_: object) -> None:
    """Read an answer; raise where it has no end."""
    content = bytearray()
    for piece in response.iter_content(MOST_BYTES // 16):
        content += piece
        if len(content) > MOST_BYTES:
            response.close()
            msg = f"an answer of more than {MOST_BYTES:,} bytes"
            raise RequestException(msg)
    response._content = bytes(content)  # noqa: SLF001 - what is read cannot be read again


def _answer(error: TwilioException) -> tuple[int, int]:
    """Return HTTP's status and Twilio's code; 0 where there is none.

    Where a list was asked for, the answer itself is what there is.
    """
    listed = next((a for a in error.args if hasattr(a, "status_code")), None)
    status = getattr(error, "status", getattr(listed, "status_code", 0))
    return _whole(status), _whole(getattr(error, "code", 0))


def _whole(given: object) -> int:
    number = NUMBER.fullmatch(str(given))
    return int(number.group()) if number else 0


def _words(error: TwilioException) -> object:
    said = getattr(error, "msg", None) or getattr(error, "detail", None)
    return said or getattr(error, "title", None) or next(iter(error.args), "")


def _kind(status: int, code: int) -> type[NeverError | NotNowError]:
    """Return what an answer means; the code says more than HTTP's status."""
    if status == TOO_MANY or code in LATER:
        return NotNowError
    if code in BROKEN:
        return BrokenError
    if status >= BUSY or status < REFUSES or status in ON_THE_WAY:
        return AwayError
    return BrokenError if status in REFUSED and code not in OF_RECIPIENT else NeverError


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
    became: dict[str, object] = {"provider_id": plain(form["MessageSid"])}
    if form["MessageStatus"] == "delivered":
        settle(session, message_id, Sending.DELIVERED, **became)
    elif form["MessageStatus"] in LOST:
        why = plain(f"{form['MessageStatus']} {form.get('ErrorCode', '')}".strip())
        lost = settle(session, message_id, Sending.FAILED, why=why, **became)
        for alarm_id in lost:
            alarms.unreachable(session, alarm_id, f"SMS {why}")
    return known is not None
