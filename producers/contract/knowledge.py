"""What is known of one patient: what is usual, and limits that were set."""

from producers.contract.columns import PATIENT_ID, PATTERN_NAME, instant, words
from producers.contract.vitals import VITAL_SIGNS
from producers.schema import DAY_MS, Column, Plausible, Topic

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
            plausible=Plausible(0, 23, upper_included=True, lower_included=True),
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
        instant("since_ms", "start of the first minute learned from"),
        instant("until_ms", "end of the last minute learned from"),
        instant("learned_ms", "when this was learned, and holds from", required=True),
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
        PATTERN_NAME,
        Column(
            name="limit_value",
            sql_type="DOUBLE",
            unit="that of the pattern's signal",
            doc="the limit; missing puts the pattern's own back in force",
        ),
        words("set_by", "pseudonym of who set it", max_length=64),
        instant("ts_ms", "from when on it holds, for 30 days at most", required=True),
    ),
)
