"""The steps in an alarm's life."""

from producers.contract.columns import PATIENT_ID
from producers.schema import DAY_MS, Column, Topic

ALARMS = Topic(
    name="alarms",
    doc="one step in an alarm's life, and what the alarm was after it",
    key="patient_id",
    columns=(
        Column(
            name="step_id",
            sql_type="STRING",
            doc="hash of alarm and number: the same whenever the step is said again",
            required=True,
        ),
        Column(name="alarm_id", sql_type="STRING", doc="which alarm", required=True),
        PATIENT_ID,
        Column(
            name="pattern_name",
            sql_type="STRING",
            doc="which pattern; of the patient who is Vigil itself, what is wrong",
            required=True,
        ),
        Column(
            name="kind",
            sql_type="STRING",
            doc="about the patient, or about the equipment",
            one_of=("clinical", "technical"),
        ),
        Column(name="step_number", sql_type="INT", doc="counts the alarm's steps"),
        Column(
            name="step_name",
            sql_type="STRING",
            doc="what happened: raised, acknowledged, escalated, cleared and so on",
            required=True,
        ),
        Column(
            name="state",
            sql_type="STRING",
            doc="what the alarm is since then",
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
        Column(
            name="ts_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="when the step was taken, by the clock of alerts",
            required=True,
        ),
        Column(
            name="started_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="first reading of the episode that raised the alarm",
        ),
        Column(
            name="until_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="until when it stays acknowledged or shelved",
        ),
        Column(name="done_by", sql_type="STRING", doc="who did it; empty: time"),
        Column(name="reason", sql_type="STRING", doc="why, in words of who did it"),
    ),
    retention_ms=30 * DAY_MS,
)
