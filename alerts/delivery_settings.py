"""How messages leave, read once from the environment; what is not set stays local."""

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.email import MailServer, Security
from alerts.people import People
from alerts.secrecy import EXAMPLE, OWN, files, own
from alerts.sms import Twilio

FOLDER: Final = Path(__file__).resolve().parent
FICTITIOUS: Final = FOLDER / "people.example.yaml"
NOTHING: Final = SecretStr("")


class DeliverySettings(BaseSettings):
    """The people's file, providers, and the page that links lead to."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_ALERTS_",
        env_file=(EXAMPLE, OWN),
        frozen=True,
        extra="ignore",
    )

    people: Path = FICTITIOUS
    page_url: str = "http://127.0.0.1:8090"
    link_key: Annotated[SecretStr, AfterValidator(own)] = NOTHING

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = NOTHING
    smtp_ca_file: str = ""
    mail_from: str = "vigil@localhost"
    mails_per_s: float = Field(default=50, gt=0)

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = NOTHING
    twilio_sender: str = ""
    twilio_callback_url: str = ""
    twilio_url: str = "https://api.twilio.com"
    sms_per_s: float = Field(default=10, gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse an account that could not send."""
        needed = {"auth_token": self.twilio_auth_token, "sender": self.twilio_sender}
        if self.twilio_account_sid:
            missing = [f"twilio_{name}" for name, value in needed.items() if not value]
            if missing:
                msg = f"twilio_account_sid needs {' and '.join(missing)}, too"
                raise ValueError(msg)
        return self

    @classmethod
    def from_environment(cls) -> Self:
        """Return the settings, or end with one line that names all that is wrong."""
        try:
            return cls(_env_file=files())
        except ValidationError as error:
            wrong = "; ".join(_said(each) for each in error.errors())
            msg = f"settings: {wrong}"
            raise SystemExit(msg) from None

    def reaches_nobody(self, people: People) -> bool:
        """Return whether people are named, and no channel by which to reach one.

        The fictitious people of the example need not be reached.
        """
        is_set_up = {
            "email": bool(self.smtp_host),
            "sms": bool(self.twilio_account_sid),
        }
        ways = people.channel_names()
        named = self.people.resolve() != FICTITIOUS.resolve()
        return named and not any(is_set_up.get(each, True) for each in ways)

    def mail_server(self) -> MailServer | None:
        """Return where mail goes; None: nowhere."""
        if not self.smtp_host:
            return None
        return MailServer(
            host=self.smtp_host,
            port=self.smtp_port,
            sender=self.mail_from,
            security=self.smtp_security,
            user=self.smtp_user,
            password=self.smtp_password,
            ca_file=self.smtp_ca_file or None,
        )

    def twilio(self) -> Twilio | None:
        """Return the account that SMS go through; None: none."""
        if not self.twilio_account_sid:
            return None
        return Twilio(
            account_sid=self.twilio_account_sid,
            auth_token=self.twilio_auth_token,
            sender=self.twilio_sender,
            callback_url=self.twilio_callback_url,
            url=self.twilio_url,
        )


def _said(error: ErrorDetails) -> str:
    name = f"VIGIL_ALERTS_{error['loc'][0]}".upper() if error["loc"] else "VIGIL_ALERTS"
    return f"{name}: {error['msg'].removeprefix('Value error, ')}"
