"""What the jobs find: matches and scores."""

from dataclasses import replace

from producers.contract.columns import (
    DEVICE_ID,
    PATIENT_ID,
    PATTERN_NAME,
    identifier,
    instant,
    words,
)
from producers.schema import DAY_MS, Column, Plausible, Topic

ALL_DEVICES = "all"
"""The device of a match that is about all that is known of a patient."""

MATCHES = Topic(
    name="matches",
    doc="one pattern found, said once when it is found and once when it is over",
    key="patient_id",
    columns=(
        identifier(
            "match_id",
            "hash of pattern, severity, patient, device and start: always the same",
        ),
        PATTERN_NAME,
        Column(
            name="rule_version",
            sql_type="INT",
            doc="version of the pattern",
            plausible=Plausible(0, 1e6, lower_included=True),
        ),
        Column(
            name="kind",
            sql_type="STRING",
            doc="about the patient, or about the equipment",
            required=True,
            one_of=("clinical", "technical"),
        ),
        Column(
            name="severity",
            sql_type="STRING",
            doc="how soon somebody should look (IEC 60601-1-8)",
            required=True,
            one_of=("low", "medium", "high"),
        ),
        Column(
            name="phase",
            sql_type="STRING",
            doc="ongoing when found; ended, with the same match_id, when it is over",
            required=True,
            one_of=("ongoing", "ended"),
        ),
        PATIENT_ID,
        replace(
            DEVICE_ID,
            doc=f"pseudonym of the device; {ALL_DEVICES}: what all say of the patient",
        ),
        instant("started_ms", "first reading of the episode", required=True),
        instant("ended_ms", "last reading of the episode; missing while it lasts"),
        instant("ts_ms", "event time at which this message became true", required=True),
        Column(
            name="observed",
            sql_type="DOUBLE",
            unit="that of the pattern's signal",
            doc="most extreme value up to the time the pattern was found",
        ),
        Column(
            name="limit_value",
            sql_type="DOUBLE",
            unit="that of the pattern's signal",
            doc="the limit in force when it was found; missing where there is none",
        ),
    ),
    retention_ms=30 * DAY_MS,
)

SCORES = Topic(
    name="scores",
    doc="one score of one patient, said once a minute and when a part's points change",
    key="patient_id",
    columns=(
        identifier("score_name", "which score"),
        Column(name="score_version", sql_type="INT", doc="version of its chart"),
        PATIENT_ID,
        instant("ts_ms", "end of the 10 s up to which readings count", required=True),
        Column(
            name="total",
            sql_type="INT",
            doc="sum of the parts; missing while a part's points are not certain",
        ),
        Column(
            name="lowest",
            sql_type="INT",
            doc="total if all that is missing were as good as it can be",
        ),
        Column(
            name="highest",
            sql_type="INT",
            doc="total if all that is missing were as bad as it can be",
        ),
        Column(name="known_parts", sql_type="INT", doc="parts with certain points"),
        Column(name="of_parts", sql_type="INT", doc="parts that the score has"),
        words("missing", "the parts without certain points, in the chart's order"),
        words(
            "risk",
            "what the score means; missing while what is missing could change it",
        ),
        words("risk_at_least", "the risk of the lowest total"),
        words("risk_at_most", "the risk of the highest total"),
        words("response", "what the chart asks for at risk_at_least"),
        instant(
            "respond_by_ms",
            "by when somebody should have come, for the risks that the patient"
            " reached and is not known to have left; missing where there is none",
        ),
        Column(
            name="ratio",
            sql_type="DOUBLE",
            doc="value of a score that is a ratio; missing where an input is",
        ),
        Column(
            name="marked",
            sql_type="BOOLEAN",
            doc="whether the ratio exceeds its bound",
        ),
        Column(
            name="parts",
            sql_type="MAP",
            max_items=64,
            doc="part to the fewest and most points it can have, and its value's age;"
            " an input of a ratio has an age only",
            entries=(
                Column(name="lowest", sql_type="INT", doc="fewest points possible"),
                Column(name="highest", sql_type="INT", doc="most points possible"),
                Column(
                    name="age_s",
                    sql_type="DOUBLE",
                    unit="s",
                    doc="age of the latest value, also where it is too old to count",
                ),
            ),
        ),
    ),
)
