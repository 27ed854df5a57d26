"""Columns that many topics have."""

from producers.schema import Column

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
SEQ = Column(
    name="seq", sql_type="BIGINT", doc="counts this device's messages up by one"
)
