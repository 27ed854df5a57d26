"""How alarms are treated where nobody says otherwise: data."""

from typing import Final

from alerts.model import Policy, Urgency
from cep_patterns.pattern import Severity

URGENCIES: Final = {
    Severity.HIGH: Urgency(
        delay_s=0,
        acknowledged_for_s=10 * 60,
        escalate_after_s=(2 * 60, 5 * 60),
        repeat_every_s=5 * 60,
        shelved_at_most_s=30 * 60,
    ),
    Severity.MEDIUM: Urgency(
        delay_s=0,
        acknowledged_for_s=60 * 60,
        escalate_after_s=(10 * 60, 30 * 60),
        repeat_every_s=30 * 60,
        shelved_at_most_s=4 * 3600,
    ),
    Severity.LOW: Urgency(
        delay_s=10,
        acknowledged_for_s=8 * 3600,
        escalate_after_s=(),
        repeat_every_s=0,
        shelved_at_most_s=12 * 3600,
    ),
}
"""The pattern's own hold is the delay of what is urgent; low ones may blink."""

QUIET_S: Final = 60
"""An alarm whose condition comes back within this was never over."""

LATCHING: Final = frozenset(
    {"apnoea", "hypoxia_then_bradycardia", "pulse_loss", "unrecovered_desaturation"}
)
"""Somebody must have looked, even if it is over: the next one may not be."""


def policy_of(pattern_name: str) -> Policy:
    """Return the rules for alarms of one pattern."""
    return Policy(
        urgencies=URGENCIES, quiet_s=QUIET_S, latching=pattern_name in LATCHING
    )
