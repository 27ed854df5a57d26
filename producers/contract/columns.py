"""Columns that many topics have."""

from dataclasses import replace
from typing import Final

from producers.schema import MS_SINCE_1970, Column

IDENTIFIER: Final = "[A-Za-z0-9_](?:[A-Za-z0-9._:/-]{0,62}[A-Za-z0-9_])?"
"""What a pseudonym looks like, whole, in every reader: RE2, Java and Python agree.

No blank, no control character and no backslash: it goes into SMS, mails, URLs, tags.
"""

SYSTEM_PATIENT_ID: Final = "vigil"
"""Whose alarms are about Vigil itself: no device and no match may speak for it."""

SYNTHETIC_PATIENT_ID: Final = "vigil-synthetic"
"""Who goes the whole way once a minute, to show that the way is open; nobody's."""

MOST_ID_LENGTH: Final = 64

PATIENT_ID = Column(
    name="patient_id",
    sql_type="STRING",
    doc="pseudonym of the patient",
    required=True,
    max_length=MOST_ID_LENGTH,
    pattern=IDENTIFIER,
    reserved=(SYSTEM_PATIENT_ID,),
)
ANY_PATIENT_ID = replace(
    PATIENT_ID,
    doc=f"pseudonym of the patient; {SYSTEM_PATIENT_ID}: Vigil itself",
    reserved=(),
)


def identifier(name: str, doc: str, *, required: bool = True) -> Column:
    """Return the column of a text that names something, and that fits anywhere."""
    return Column(
        name=name,
        sql_type="STRING",
        doc=doc,
        required=required,
        max_length=MOST_ID_LENGTH,
        pattern=IDENTIFIER,
    )


def words(name: str, doc: str, max_length: int = 1_000) -> Column:
    """Return the column of a text for people: of any characters that can be shown."""
    return Column(name=name, sql_type="STRING", doc=doc, max_length=max_length)


def instant(name: str, doc: str, *, required: bool = False) -> Column:
    """Return the column of a time."""
    return Column(
        name=name, sql_type="BIGINT", unit=MS_SINCE_1970, doc=doc, required=required
    )


DEVICE_ID = identifier("device_id", "pseudonym of the device")
TS_MS = instant("ts_ms", "when it was true, by the device's clock", required=True)
SEQ = Column(
    name="seq", sql_type="BIGINT", doc="counts this device's messages up by one"
)
PATTERN_NAME = identifier("pattern_name", "which pattern")
