"""Whether a notice that is due is sent now, later, or not at all. Pure."""

from dataclasses import dataclass
from typing import Final

from alerts.model import RANK, State, StepKind
from alerts.notice_table import Notice
from cep_patterns.pattern import Severity
from producers.contract.columns import SYNTHETIC_PATIENT_ID

HIGH: Final = 1 + RANK[Severity.HIGH]
"""The rank of a notice that is never held back or put together with others."""

FLOOD: Final = "notice_flood"
"""The alarm that says that notices are summed up; it is not summed up itself."""

TOO_MANY: Final = "too many messages"
"""Why a notice waits that is one too many."""

MAINTENANCE: Final = "maintenance"
"""Why a notice waits whose ward is worked on."""

LOOK_AGAIN_MS: Final = 5_000
"""How long a notice waits that a sensor which is off holds back."""

ATTENDED: Final = {
    State.ACKNOWLEDGED: "somebody looks after it",
    State.SHELVED: "somebody has shelved it",
}
"""In these states nobody needs to be told, and why not."""


@dataclass(frozen=True, slots=True)
class Present:
    """An alarm as it is when a notice of it is about to leave."""

    state: State
    severity: Severity
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about a notice's alarm, recipient and ward.

    ``present`` is the alarm now; ``missed``: it is over, was high, and nobody was told
    or looked. ``window_ends_ms`` is the end of a maintenance that holds it;
    ``grouped_until_ms`` until when further notices of its patient wait;
    ``flooded_until_ms`` until when its recipient can get no more.
    """

    present: Present | None = None
    missed: bool = False
    told_before: bool = False
    told_later: bool = False
    sensor_off: bool = False
    window_ends_ms: int | None = None
    grouped_until_ms: int | None = None
    flooded_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again then."""

    until_ms: int
    why: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Nobody needs it any more."""

    why: str


Verdict = Send | Wait | Drop


def verdict(notice: Notice, facts: Facts, now_ms: int) -> Verdict:
    """Return what happens to a notice that is due.

    High is dropped only where it is no longer true or a later step was told before
    it, and waits only for a maintenance that says so.
    """
    return _needless(notice, facts) or _waits(notice, facts, now_ms) or Send()


def untrue(notice: Notice, present: Present | None) -> Drop | None:
    """Return why what ``notice`` says is not true of its alarm any more.

    That of the synthetic patient says to nobody that the way is open.
    """
    is_synthetic = notice.patient_id == SYNTHETIC_PATIENT_ID
    if notice.phase is StepKind.CLEARED or present is None or is_synthetic:
        return None
    if not present.is_open:
        return Drop("over before anybody could be told")
    why = ATTENDED.get(present.state)
    return Drop(why) if why else None


def _needless(notice: Notice, facts: Facts) -> Drop | None:
    if facts.told_later:
        return Drop("a later step was told already")
    if notice.phase is StepKind.CLEARED:
        hears = facts.told_before or facts.missed
        return None if hears else Drop("nobody was told that it began")
    return untrue(notice, facts.present)


def _waits(notice: Notice, facts: Facts, now_ms: int) -> Wait | None:
    if facts.window_ends_ms is not None:
        return Wait(facts.window_ends_ms, MAINTENANCE)
    if notice.rank == HIGH or notice.pattern_name == FLOOD:
        return None
    if facts.sensor_off:
        return Wait(now_ms + LOOK_AGAIN_MS, "the sensor is off")
    if facts.flooded_until_ms is not None and now_ms < facts.flooded_until_ms:
        return Wait(facts.flooded_until_ms, TOO_MANY)
    if facts.grouped_until_ms is not None and now_ms < facts.grouped_until_ms:
        return Wait(facts.grouped_until_ms, "grouped")
    return None
