"""What is asked for: an action of the catalogue, and the value of its one setting.

What the device shall change, and what telemetry must show then, is made here from
the catalogue: who asks has no say in how the fix will be judged.
"""

from collections.abc import Sequence
from typing import Final

from digital_twin.shadow.command import FIXES, Fix, Wish
from fixes.wire import Message, known, names
from producers.contract import WISHES
from producers.contract.fixes import SETTING_NAMES

FIX_OF: Final = {fix.action: fix for fix in FIXES}
"""Every fix, by its action."""

_COLUMNS: Final = {column.name: column for column in WISHES.columns}
_DEADLINE_S: Final = 60.0


def wish_message(wish: Wish, ts_ms: int) -> dict[str, object]:
    """Return ``wish`` as the contract has it."""
    return known(
        ts_ms=ts_ms,
        based_on=wish.based_on,
        deadline_s=wish.deadline_s,
        asked_by=wish.asked_by or None,
        **names(wish),
        **wish.changes,
    )


def wish_of(message: Message) -> Wish:
    """Return the wish that ``message`` is; the catalogue says what it expects."""
    fix = FIX_OF[message["action"]]
    value = message.get(fix.setting)
    return Wish(
        command_id=message["command_id"],
        device_id=message["device_id"],
        action=fix.action,
        changes=fix.changes(value),
        expectation=fix.expects(value),
        based_on=message.get("based_on"),
        deadline_s=message.get("deadline_s", _DEADLINE_S),
        asked_by=message.get("asked_by", ""),
    )


def objection(message: Message, reasons: Sequence[str]) -> str:
    """Return why nothing can be made of a wish; nothing where something can.

    ``reasons`` say what was unusable in it: a wish is granted whole, or not at all.
    """
    fix = FIX_OF[message["action"]]
    beside = [n for n in SETTING_NAMES if n in message and n != fix.setting]
    if reasons:
        return "; ".join(reasons)
    if beside:
        return f"{fix.action} does not change {', '.join(beside)}: ask for that apart"
    if fix.setting and fix.setting not in message:
        return f"{fix.action} needs {fix.setting}{_bounds(fix)}"
    if not fix.allows(message.get(fix.setting)):
        least, most = fix.allowed or (0.0, 0.0)
        given = message[fix.setting]
        return (
            f"{fix.setting} may be {least:g} to {most:g}, and {given:g} was asked for"
        )
    return ""


def _bounds(fix: Fix) -> str:
    column = _COLUMNS[fix.setting]
    return f", {column.plausible} {column.unit}" if column.plausible else ""
