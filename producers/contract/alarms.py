"""The steps in an alarm's life."""

from dataclasses import replace

from producers.contract.columns import (
    ANY_PATIENT_ID,
    PATTERN_NAME,
    identifier,
    instant,
    words,
)
from producers.schema import DAY_MS, Column, Topic

ALARMS = Topic(
    name="alarms",
    doc="one step in an alarm's life, and what the alarm was after it",
    key="patient_id",
    columns=(
        identifier(
            "step_id",
            "hash of alarm and number: the same whenever the step is said again",
        ),
        identifier("alarm_id", "which alarm"),
        ANY_PATIENT_ID,
        replace(
            PATTERN_NAME,
            doc="which pattern; of the patient who is Vigil itself, what is wrong",
        ),
        Column(
            name="kind",
            sql_type="STRING",
            doc="about the patient, or about the equipment",
            required=True,
            one_of=("clinical", "technical"),
        ),
        Column(name="step_number", sql_type="INT", doc="counts the alarm's steps"),
        identifier(
            "step_name",
            "what happened: raised, acknowledged, escalated, cleared and so on",
        ),
        Column(
            name="state",
            sql_type="STRING",
            doc="what the alarm is since then",
            required=True,
            one_of=(
                "raised",
                "escalated",
                "acknowledged",
                "shelved",
                "latched",
                "cleared",
            ),
        ),
        Column(
            name="severity",
            sql_type="STRING",
            doc="the highest of what is ongoing; what was high is medium at least",
            one_of=("low", "medium", "high"),
        ),
        Column(
            name="escalation_level",
            sql_type="INT",
            doc="how many levels further than the first it was escalated",
            required=True,
        ),
        instant(
            "ts_ms", "when the step was taken, by the clock of alerts", required=True
        ),
        instant("started_ms", "first reading of the episode that raised the alarm"),
        instant("until_ms", "until when it stays acknowledged or shelved"),
        words("done_by", "who did it; missing: time", max_length=256),
        words("reason", "why, in words of who did it"),
    ),
    retention_ms=30 * DAY_MS,
)
