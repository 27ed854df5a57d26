"""Alarms about Vigil itself: they are those of a patient who is none.

``SYSTEM`` stands where other alarms name a patient, the trouble where they name a
pattern, and what is in trouble (a job, a topic) where they name a device. So they
are delivered, escalated, acknowledged and shelved as all others are.
"""

from dataclasses import dataclass
from typing import Final

from alerts.match import Match
from alerts.model import Alarm, hashed
from cep_patterns.pattern import Kind, Severity

SYSTEM: Final = "vigil"
SOURCE: Final = "the watch on Vigil itself"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that may be wrong, with what, and how soon somebody should look."""

    name: str
    subject: str
    severity: Severity


BROKER_AWAY: Final = Trouble("broker_away", "kafka", Severity.HIGH)
FLINK_AWAY: Final = Trouble("flink_away", "flink", Severity.HIGH)
VITALS_SILENT: Final = Trouble("stream_silent", "vitals", Severity.HIGH)
MANY_REJECTED: Final = Trouble("many_rejected", "rejected", Severity.MEDIUM)
ALARMS_BEHIND: Final = Trouble("alarms_behind", "matches", Severity.HIGH)
"""What was found a minute ago is no alarm yet."""
CHAIN_BROKEN: Final = Trouble("chain_broken", "readings to notices", Severity.HIGH)
"""The synthetic patient does not come through: who else does not?"""
DISK_FILLING: Final = Trouble("disk_filling", "disk", Severity.MEDIUM)
DISK_NEARLY_FULL: Final = Trouble("disk_filling", "disk, nearly full", Severity.HIGH)
INFLUX_AWAY: Final = Trouble("influx_away", "influxdb", Severity.MEDIUM)
PAGE_AWAY: Final = Trouble("page_away", "page", Severity.MEDIUM)
FIXES_AWAY: Final = Trouble("fixes_away", "fixes", Severity.MEDIUM)
CLOCK_JUMPED: Final = Trouble("clock_jumped", "clock", Severity.MEDIUM)
NOBODY_IS_TOLD: Final = Trouble("nobody_is_told", "channels", Severity.HIGH)
"""There are people, and no way to reach any of them."""

_JOBS: Final = (
    ("detect-patterns", Severity.HIGH, "vitals"),
    ("score-patients", Severity.HIGH, "vitals"),
    ("score-eeg", Severity.HIGH, "eeg"),
    ("verify-fixes", Severity.MEDIUM, "vitals"),
    ("record-vitals", Severity.MEDIUM, "vitals"),
    ("record-results", Severity.MEDIUM, "matches"),
    ("watch-devices", Severity.MEDIUM, "device_status"),
)
"""Without the first three, patients are not watched; without others, nothing is stored,
no device that is about to fail is told of, and no fix of one is verified."""
JOBS: Final = tuple(Trouble("job_failing", job, severity) for job, severity, _ in _JOBS)
JOBS_BEHIND: Final = tuple(
    Trouble("jobs_behind", job, severity) for job, severity, _ in _JOBS
)
"""A job that runs, and is minutes behind what comes in."""
CHECKPOINTS_OLD: Final = tuple(
    Trouble("checkpoint_old", job, Severity.MEDIUM) for job, *_ in _JOBS
)
"""A job that runs, and would begin minutes back if it had to start again."""
INPUTS: Final = {job: topic for job, _, topic in _JOBS}
"""What each job's consumer group reads, which has the job's name."""
FIXES_GROUP: Final = "fixes-leader"
"""Where services of fixes agree on who leads."""

MESSAGE_SET_ASIDE: Final = Trouble("message_set_aside", "matches", Severity.MEDIUM)
"""A match that could not be made an alarm: somebody's alarm may be missing."""
ALARM_FAILED: Final = Trouble("alarm_failed", "alerts", Severity.HIGH)
"""What was due for an alarm could not be done: somebody may not have been told."""
STEP_UNTOLD: Final = Trouble("step_untold", "alarms", Severity.MEDIUM)
"""A step that never can be written to ``alarms``: pages and boards do not show it."""
MISHAPS: Final = (MESSAGE_SET_ASIDE, ALARM_FAILED, STEP_UNTOLD)
"""What ``alerts`` finds of itself as it works; the watch judges the others."""

TROUBLES: Final = (
    BROKER_AWAY,
    FLINK_AWAY,
    VITALS_SILENT,
    MANY_REJECTED,
    ALARMS_BEHIND,
    CHAIN_BROKEN,
    DISK_FILLING,
    DISK_NEARLY_FULL,
    INFLUX_AWAY,
    PAGE_AWAY,
    FIXES_AWAY,
    *JOBS,
    *JOBS_BEHIND,
    *CHECKPOINTS_OLD,
)
"""What the watch judges."""


def as_match(trouble: Trouble, now_ms: int) -> Match:
    """Return what says that a trouble began."""
    return Match(
        match_id=hashed(trouble.name, trouble.subject, str(now_ms)),
        pattern_name=trouble.name,
        kind=Kind.TECHNICAL,
        severity=trouble.severity,
        phase="ongoing",
        patient_id=SYSTEM,
        device_id=trouble.subject,
        started_ms=now_ms,
        ts_ms=now_ms,
        source=SOURCE,
    )


def as_end(trouble: Trouble, alarm: Alarm, now_ms: int) -> list[Match]:
    """Return what says that a trouble is over, if ``alarm`` says that it goes on."""
    return [
        as_match(trouble, each.started_ms).model_copy(
            update={"phase": "ended", "ended_ms": now_ms, "ts_ms": now_ms}
        )
        for each in alarm.ongoing
        if each.device_id == trouble.subject
    ]
