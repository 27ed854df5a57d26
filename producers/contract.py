"""What is on the wire: one entry per topic, shared by both sides of Kafka.

With ``producers.schema``, which gives the entries their form, this is all that
producers and jobs have in common. It imports nothing else of ours, so a change
here shows up in every reader at once: topics, Flink tables, validation and the
topic list in the documentation are all derived from it.
"""

from producers.schema import DAY_MS, Column, Plausible, Topic, Wire

PATIENT_ID = Column(
    name="patient_id",
    sql_type="STRING",
    doc="pseudonym of the patient",
    required=True,
    max_length=64,
)
DEVICE_ID = Column(
    name="device_id",
    sql_type="STRING",
    doc="pseudonym of the device",
    required=True,
    max_length=64,
)
TS_MS = Column(
    name="ts_ms",
    sql_type="BIGINT",
    unit="ms since 1970-01-01 UTC",
    doc="when it was true, by the device's clock",
    required=True,
)

VITAL_SIGNS: tuple[Column, ...] = (
    Column(
        name="heart_rate_bpm",
        sql_type="DOUBLE",
        unit="/min",
        doc="heart rate from the ECG",
        plausible=Plausible(0, 300),
        loinc="8867-4",
        mdc=147842,
    ),
    Column(
        name="pulse_rate_bpm",
        sql_type="DOUBLE",
        unit="/min",
        doc="pulse rate from the pulse oximeter",
        plausible=Plausible(0, 300),
        loinc="8889-8",
        mdc=149530,
    ),
    Column(
        name="spo2_pct",
        sql_type="DOUBLE",
        unit="%",
        doc="oxygen saturation by pulse oximetry",
        plausible=Plausible(0, 100, upper_included=True),
        loinc="59408-5",
        mdc=150456,
    ),
    Column(
        name="respiratory_rate_per_min",
        sql_type="DOUBLE",
        unit="/min",
        doc="breaths a minute",
        plausible=Plausible(0, 70),
        loinc="9279-1",
        mdc=151562,
    ),
    Column(
        name="systolic_mmhg",
        sql_type="DOUBLE",
        unit="mm[Hg]",
        doc="systolic blood pressure",
        plausible=Plausible(0, 400),
        loinc="8480-6",
        mdc=150021,
    ),
    Column(
        name="diastolic_mmhg",
        sql_type="DOUBLE",
        unit="mm[Hg]",
        doc="diastolic blood pressure",
        plausible=Plausible(0, 300),
        loinc="8462-4",
        mdc=150022,
    ),
    Column(
        name="temperature_c",
        sql_type="DOUBLE",
        unit="Cel",
        doc="body temperature",
        plausible=Plausible(10, 50),
        loinc="8310-5",
        mdc=150344,
    ),
)
"""The numbers that windows, patterns and boards are about."""

VITALS = Topic(
    name="vitals",
    doc="one set of readings of one device; any vital sign may be missing",
    key="patient_id",
    columns=(
        TS_MS,
        PATIENT_ID,
        DEVICE_ID,
        Column(
            name="seq", sql_type="BIGINT", doc="counts this device's messages up by one"
        ),
        *VITAL_SIGNS,
        Column(
            name="on_oxygen",
            sql_type="BOOLEAN",
            doc="whether the patient breathes supplemental oxygen",
        ),
        Column(
            name="consciousness",
            sql_type="STRING",
            doc="alert, confused, voice, pain, unresponsive (ACVPU)",
            one_of=("A", "C", "V", "P", "U"),
        ),
        Column(
            name="activity",
            sql_type="STRING",
            doc="what the patient is doing, as far as the device can tell",
            one_of=("rest", "moving", "exercise"),
        ),
        Column(
            name="signal_quality_pct",
            sql_type="DOUBLE",
            unit="%",
            doc="how far the device trusts that what it measures is the patient",
        ),
    ),
    max_lateness_ms=1_500,
)

MATCHES = Topic(
    name="matches",
    doc="one pattern found, said once when it is found and once when it is over",
    key="patient_id",
    columns=(
        Column(
            name="match_id",
            sql_type="STRING",
            doc="hash of pattern, patient, device and start: the same on every replay",
        ),
        Column(name="pattern_name", sql_type="STRING", doc="which pattern"),
        Column(name="rule_version", sql_type="INT", doc="version of the pattern"),
        Column(
            name="kind",
            sql_type="STRING",
            doc="about the patient, or about the equipment",
            one_of=("clinical", "technical"),
        ),
        Column(
            name="severity",
            sql_type="STRING",
            doc="how soon somebody should look (IEC 60601-1-8)",
            one_of=("low", "medium", "high"),
        ),
        Column(
            name="phase",
            sql_type="STRING",
            doc="ongoing when found; ended, with the same match_id, when it is over",
            one_of=("ongoing", "ended"),
        ),
        PATIENT_ID,
        DEVICE_ID,
        Column(
            name="started_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="first reading of the episode",
        ),
        Column(
            name="ended_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="last reading of the episode; missing while it lasts",
        ),
        Column(
            name="ts_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="event time at which this message became true",
        ),
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
            doc="the limit that was met; missing where the pattern has none",
        ),
    ),
    retention_ms=30 * DAY_MS,
)

REJECTED = Topic(
    name="rejected",
    doc="messages that could not be used, or not wholly, byte for byte",
    key="as it was",
    wire=Wire.ORIGINAL_BYTES,
    columns=(
        Column(name="reason", sql_type="STRING", doc="what is wrong, and where"),
        Column(name="source_topic", sql_type="STRING", doc="where it came from"),
        Column(name="source_partition", sql_type="INT", doc="its partition there"),
        Column(name="source_offset", sql_type="BIGINT", doc="its offset there"),
    ),
    retention_ms=30 * DAY_MS,
    more_configs={"max.message.bytes": "2097152"},
)

LATE = Topic(
    name="late",
    doc="good readings that came too late for windows and patterns",
    key="patient_id",
    columns=(
        *VITALS.columns,
        Column(name="source_partition", sql_type="INT", doc="its partition in vitals"),
        Column(name="source_offset", sql_type="BIGINT", doc="its offset there"),
    ),
    retention_ms=30 * DAY_MS,
)

TRUTH = Topic(
    name="truth",
    doc="what the simulator knows: each episode and fault it played",
    key="patient_id",
    columns=(
        PATIENT_ID,
        DEVICE_ID,
        Column(name="episode", sql_type="STRING", doc="what was played"),
        Column(
            name="onset_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="when it began",
        ),
        Column(
            name="end_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="when it will be over",
        ),
    ),
)

TOPICS: tuple[Topic, ...] = (VITALS, MATCHES, REJECTED, LATE, TRUTH)
"""Every topic there is."""
