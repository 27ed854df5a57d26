"""What is known of one patient: what is usual, and limits that were set."""

from producers.contract.columns import PATIENT_ID
from producers.contract.vitals import VITAL_SIGNS
from producers.schema import DAY_MS, Column, Topic

BASELINES = Topic(
    name="baselines",
    doc="what is usual for one patient at one hour, learned from the days before",
    key=("patient_id", "sign_name", "hour_of_day"),
    event_time="learned_ms",
    compacted=True,
    columns=(
        PATIENT_ID,
        Column(
            name="sign_name",
            sql_type="STRING",
            doc="which vital sign, by its column in vitals",
            required=True,
            one_of=tuple(sign.name for sign in VITAL_SIGNS),
        ),
        Column(
            name="hour_of_day",
            sql_type="INT",
            unit="h",
            doc="hour of the day in UTC, 0 to 23",
            required=True,
        ),
        Column(
            name="basis",
            sql_type="STRING",
            doc="learned from this hour of several days, or from any hour",
            one_of=("this_hour", "any_hour"),
        ),
        Column(
            name="median",
            sql_type="DOUBLE",
            unit="that of the sign",
            doc="median of the medians of each minute",
        ),
        Column(
            name="spread",
            sql_type="DOUBLE",
            unit="that of the sign",
            doc="1.4826 times their median absolute deviation; may be 0",
        ),
        Column(name="readings", sql_type="BIGINT", doc="how many were learned from"),
        Column(
            name="since_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="start of the first minute learned from",
        ),
        Column(
            name="until_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="end of the last minute learned from",
        ),
        Column(
            name="learned_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="when this was learned, and holds from",
            required=True,
        ),
    ),
)

LIMIT_HOLDS_MS = 30 * DAY_MS
"""A limit that nobody has set anew for so long is the pattern's own again."""

LIMITS = Topic(
    name="limits",
    doc="a limit that a clinician set for one patient, in place of the pattern's own",
    key=("patient_id", "pattern_name"),
    compacted=True,
    max_age_ms=10 * 365 * DAY_MS,
    columns=(
        PATIENT_ID,
        Column(
            name="pattern_name",
            sql_type="STRING",
            doc="which pattern",
            required=True,
        ),
        Column(
            name="limit_value",
            sql_type="DOUBLE",
            unit="that of the pattern's signal",
            doc="the limit; missing puts the pattern's own back in force",
        ),
        Column(
            name="set_by",
            sql_type="STRING",
            doc="pseudonym of who set it",
            max_length=64,
        ),
        Column(
            name="ts_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="from when on it holds, for 30 days at most",
            required=True,
        ),
    ),
)
