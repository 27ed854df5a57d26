"""Columns that many topics have."""

from typing import Final

from producers.schema import Column

IDENTIFIER: Final = "[A-Za-z0-9_](?:[A-Za-z0-9._:/-]{0,62}[A-Za-z0-9_])?"
"""What a pseudonym looks like, whole, in every reader: RE2, Java and Python agree.

No blank, no control character and no backslash: it goes into SMS, mails, URLs, tags.
"""

SYSTEM_PATIENT_ID: Final = "vigil"
"""Whose alarms are about Vigil itself: no device and no match may speak for it."""

SYNTHETIC_PATIENT_ID: Final = "vigil-synthetic"
"""Who goes the whole way once a minute, to show that the way is open; nobody's."""

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
