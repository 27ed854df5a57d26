"""What a message says. Pure.

An SMS shows on a locked telephone: it holds bed or pseudonym, severity, what to
do and a link, and never a pattern's name, which may be a diagnosis. Many notices are
summed up, so that a message fits its provider whatever waited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.links import Links
from alerts.model import State, StepKind
from alerts.notice_table import Notice
from alerts.notices import instant
from alerts.plain_text import plain
from alerts.sms_text import longest_fit
from cep_patterns.pattern import Kind, Severity

WHAT_TO_DO: Final = {
    (Kind.CLINICAL, Severity.HIGH): "Go to the patient now.",
    (Kind.CLINICAL, Severity.MEDIUM): "See the patient soon.",
    (Kind.CLINICAL, Severity.LOW): "See the patient on your next round.",
    (Kind.TECHNICAL, Severity.HIGH): "Check the equipment now.",
    (Kind.TECHNICAL, Severity.MEDIUM): "Check the equipment soon.",
    (Kind.TECHNICAL, Severity.LOW): "Check the equipment on your next round.",
}

WHAT_HAPPENED: Final = {
    StepKind.RAISED: "",
    StepKind.WORSENED: "It has become more urgent.",
    StepKind.RETURNED: "It has come back.",
    StepKind.ESCALATED: "Nobody has acknowledged.",
    StepKind.REPEATED: "Still nobody has acknowledged.",
    StepKind.UNREACHED: "Nobody else could be reached.",
    StepKind.LAPSED: "Acknowledged, but not over.",
    StepKind.UNSHELVED: "No longer shelved, and not over.",
    StepKind.CLEARED: "It is over.",
}

LATCHED: Final = "The condition is over; nobody has looked yet."
MISSED: Final = "It was there and is over; nobody could be told."

IN_FULL: Final = 50
"""Alarms that a mail says all about; of more it says where to look."""
PLACES: Final = 20
"""Places that are tried to be named in one SMS."""

_templates = Environment(
    loader=PackageLoader("alerts"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["plain"] = plain


@dataclass(frozen=True, slots=True)
class Message:
    """Notices to one person by one channel, the most urgent first."""

    message_id: str
    channel: str
    recipient: str
    address: str
    notices: tuple[Notice, ...]
    time_zone: str
    links: Links

    @property
    def latest(self) -> Sequence[Notice]:
        """The last notice of each alarm, in the order of the message."""
        last = {
            each.alarm_id: each.number for each in sorted(self.notices, key=_number)
        }
        return [each for each in self.notices if last[each.alarm_id] == each.number]

    @property
    def subject(self) -> str:
        """Bed or pseudonym and severity."""
        alarms = self.latest
        more = f" and {len(alarms) - 1} more" if len(alarms) > 1 else ""
        return f"{_headed(alarms[0])}{more}"

    @property
    def short(self) -> str:
        """The text of an SMS; what ends it belongs to this message alone."""
        alarms = self.latest
        if len(alarms) > 1:
            places = list(dict.fromkeys(plain(each.place) for each in alarms))
            most = min(PLACES, len(places))
            return longest_fit(lambda n: self._summary(places, n), most)
        return f"{self.subject}: {said(alarms[0])} {self.mark}"

    def _summary(self, places: Sequence[str], named: int) -> str:
        """Return the gravest, further places, how many more, and where to look."""
        rest = len(places) - named
        more = f" and {rest} more" if rest else ""
        where = ", ".join(places[:named])
        gravest = self.notices[0].severity.upper()
        alarms = f"{len(self.latest)} notices: {gravest} {where}{more}"
        return f"{alarms}. Look at the page. {self.mark}"

    @property
    def mark(self) -> str:
        """The address in an SMS, by which a provider's list shows if it has it."""
        first, *more = self.latest
        if more or first.phase is StepKind.CLEARED:
            return self._of_several
        return self.link(first)

    @property
    def marks(self) -> frozenset[str]:
        """Every mark that it may have left with: of several alarms, or of one.

        Between two tries what is not true any more is left out, and one may be left.
        """
        return frozenset({self.mark, self._of_several})

    @property
    def _of_several(self) -> str:
        return f"{self.links.page}/?m={self.message_id[:8]}"

    def link(self, notice: Notice) -> str:
        """Return where the alarm of one notice is acknowledged."""
        return self.links.acknowledgement(notice)

    def rendered(self, form: str) -> str:
        """Return the text of an e-mail, as ``txt`` or ``html``."""
        template = _templates.get_template(f"message.{form}")
        alarms = self.latest
        return template.render(
            message=self,
            shown=alarms[:IN_FULL],
            more=len(alarms) - IN_FULL,
            said=said,
            at=self._at,
        )

    def _at(self, ms: int) -> str:
        try:
            local = instant(ms).astimezone(ZoneInfo(self.time_zone))
        except (OverflowError, ValueError, OSError):
            return "a time that no calendar has"
        return f"{local:%Y-%m-%d %H:%M:%S %Z}"


def _number(notice: Notice) -> int:
    return notice.number


def _headed(notice: Notice) -> str:
    return f"{notice.severity.upper()} {plain(notice.place)}"


def said(notice: Notice) -> str:
    """Return what happened and what to do, in words that name no condition."""
    happened = WHAT_HAPPENED[notice.phase]
    if notice.phase is StepKind.CLEARED:
        return MISSED if notice.missed else happened
    latched = LATCHED if notice.state is State.LATCHED else ""
    told = WHAT_TO_DO[notice.kind, notice.severity], happened, latched
    return " ".join(filter(None, told))
