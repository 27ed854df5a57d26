"""What could not be used, and what is known to be true."""

from producers.contract.columns import (
    DEVICE_ID,
    PATIENT_ID,
    identifier,
    instant,
    words,
)
from producers.contract.vitals import VITALS
from producers.schema import DAY_MS, MOST_MESSAGE_BYTES, Column, Topic, Wire

REJECTED = Topic(
    name="rejected",
    doc="messages that could not be used, or not wholly, byte for byte",
    key="as it was",
    wire=Wire.ORIGINAL_BYTES,
    columns=(
        words("reason", "what is wrong, and where"),
        identifier("source_topic", "where it came from", required=False),
        Column(name="source_partition", sql_type="INT", doc="its partition there"),
        Column(name="source_offset", sql_type="BIGINT", doc="its offset there"),
        Column(
            name="payload_bytes",
            sql_type="BIGINT",
            doc="how long it was; only of one that was too long to be kept whole",
        ),
        words("payload_sha256", "SHA-256 of all of it; as above", max_length=64),
    ),
    retention_ms=30 * DAY_MS,
    max_bytes=2 * MOST_MESSAGE_BYTES,
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
        identifier("episode", "what was played", required=False),
        instant("onset_ms", "when it began"),
        instant("end_ms", "when it will be over"),
        instant(
            "fails_ms",
            "of a device's fault: when it has failed; before, it is on its way",
        ),
    ),
)
