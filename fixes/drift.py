"""A settled device that says something else again is a condition: settings_drift."""

import hashlib
from typing import Final

from digital_twin.shadow.stages import Life
from producers.contract.fixes import SETTING_NAMES

PATTERN: Final = "settings_drift"
SEVERITY: Final = "low"


def news(before: Life, after: Life, at_ms: int) -> dict[str, object] | None:
    """Return the match that begins or ends between two moments of a life, if any."""
    if before.drifted_ms == after.drifted_ms:
        return None
    if after.drifted_ms is not None:
        return _match(after, after.drifted_ms, at_ms) | {"phase": "ongoing"}
    started_ms = before.drifted_ms or at_ms
    return _match(after, started_ms, at_ms) | {"phase": "ended", "ended_ms": at_ms}


def _match(life: Life, started_ms: int, at_ms: int) -> dict[str, object]:
    device_id, patient_id = life.command.wish.device_id, life.command.patient_id
    named = (PATTERN, SEVERITY, patient_id, device_id, str(started_ms))
    digest = hashlib.md5("|".join(named).encode(), usedforsecurity=False)
    return {
        "match_id": digest.hexdigest(),
        "pattern_name": PATTERN,
        "rule_version": 1,
        "kind": "technical",
        "severity": SEVERITY,
        "patient_id": patient_id,
        "device_id": device_id,
        "started_ms": started_ms,
        "ts_ms": at_ms,
        "observed": float(_differing(life)),
    }


def _differing(life: Life) -> int:
    """Return how many settings are not what is desired."""
    desired, reported = life.command.desired.settings, life.reported.settings
    return sum(desired.get(n) != reported.get(n) for n in SETTING_NAMES if n in desired)
