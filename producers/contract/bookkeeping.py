"""What could not be used, and what is known to be true."""

from producers.contract.columns import DEVICE_ID, PATIENT_ID
from producers.contract.vitals import VITALS
from producers.schema import DAY_MS, Column, Topic, Wire

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
    doc="what is known to be so: episodes and faults that the simulator plays,"
    " seizures that a recording's annotations name",
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
        Column(
            name="fails_ms",
            sql_type="BIGINT",
            unit="ms since 1970-01-01 UTC",
            doc="of a device's fault: when it has failed; before, it is on its way",
        ),
    ),
)
