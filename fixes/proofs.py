"""All that is known of a command as one message, and back: a desk lives on these."""

import logging
from collections.abc import Iterable
from typing import Final

from digital_twin.shadow.command import Command, Wish
from digital_twin.shadow.stages import Judged, Life, Stage
from digital_twin.shadow.state import Settings, State
from fixes.wire import (
    Message,
    expectation_columns,
    expectation_of,
    known,
    names,
    settings_of,
)
from producers.contract.fixes import HOPS

logger = logging.getLogger(__name__)


def proof_message(life: Life, ts_ms: int) -> dict[str, object]:
    """Return a step of ``life`` and all that is known since then."""
    command, judged = life.command, life.judged
    return known(
        ts_ms=ts_ms,
        patient_id=command.patient_id,
        state=life.state.value,
        version=command.desired.version,
        based_on=command.wish.based_on,
        deadline_ms=command.deadline_ms,
        boot_before=command.boot_before or None,
        asked_by=command.wish.asked_by or None,
        **names(command.wish),
        **_prefixed("desired_", command.desired.settings),
        reported_version=life.reported.version,
        **_prefixed("reported_", life.reported.settings),
        **expectation_columns(command.wish.expectation),
        **{f"{stage}_ms": at_ms for stage, at_ms in life.times.items()},
        ended_ms=life.ended_ms,
        drifted_ms=life.drifted_ms,
        value_before=life.value_before,
        value_on_twin=life.value_on_twin,
        value_after=judged and judged.observed,
        readings=judged and judged.readings,
        reference_readings=judged and judged.reference_readings,
        clock_s=life.clock_s,
        sent=life.sent,
        repeated=life.repeated,
        reason=life.reason or None,
        remarks=_JOINT.join(life.remarks) or None,
    )


_JOINT: Final = "; "


def life_of(message: Message) -> Life:
    """Return the life whose newest step ``message`` is."""
    hops = {Stage(hop): message.get(f"{hop}_ms") for hop in HOPS}
    remarks = message.get("remarks", "")
    return Life(
        command=_command_of(message),
        state=Stage(message["state"]),
        times={stage: at_ms for stage, at_ms in hops.items() if at_ms is not None},
        ended_ms=message.get("ended_ms"),
        drifted_ms=message.get("drifted_ms"),
        reported=State(
            message.get("reported_version", 0), settings_of(message, "reported_")
        ),
        judged=_judged_in(message),
        value_before=message.get("value_before"),
        value_on_twin=message.get("value_on_twin"),
        clock_s=message.get("clock_s"),
        sent=message.get("sent", 1),
        repeated=message.get("repeated", 0),
        reason=message.get("reason", ""),
        remarks=tuple(remarks.split(_JOINT)) if remarks else (),
    )


def proofs_in(messages: Iterable[Message]) -> list[Message]:
    """Return those of ``messages`` that are proofs: others wrote what is none."""
    return [message for message in messages if _is_proof(message)]


def _is_proof(message: Message) -> bool:
    try:
        life_of(message)
    except Exception as error:  # noqa: BLE001 - the topic is compacted: it stays there
        name = message.get("command_id")
        logger.warning("left out a proof of %s that is none: %r", name, error)
        return False
    return True


def _command_of(message: Message) -> Command:
    desired = settings_of(message, "desired_")
    wish = Wish(
        command_id=message["command_id"],
        device_id=message["device_id"],
        action=message["action"],
        changes=desired,
        expectation=expectation_of(message),
        based_on=message.get("based_on"),
        asked_by=message.get("asked_by", ""),
    )
    return Command(
        wish=wish,
        patient_id=message["patient_id"],
        desired=State(message["version"], desired),
        deadline_ms=message["deadline_ms"],
        boot_before=message.get("boot_before", ""),
    )


def _judged_in(message: Message) -> Judged | None:
    if "readings" not in message:
        return None
    at_ms = message.get("verified_ms") or message["ts_ms"]
    met = "verified_ms" in message
    counts = message["readings"], message.get("reference_readings")
    return Judged(at_ms, met, message.get("value_after"), *counts)


def _prefixed(prefix: str, settings: Settings) -> dict[str, object]:
    return {f"{prefix}{name}": value for name, value in settings.items()}
