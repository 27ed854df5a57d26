"""What people type in, as far as it can be kept and shown."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

_UNFIT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, line breaks of all kinds, what turns the direction of writing
round, and halves of characters: none of it can be written into every channel."""


def _fit(text: str) -> str:
    if found := _UNFIT.search(text):
        msg = f"leave out the character {found[0]!r}: it cannot be written everywhere"
        raise ValueError(msg)
    return text


Reason = Annotated[str, Field(max_length=500), AfterValidator(_fit)]
"""Why somebody does something; may be empty."""

StatedReason = Annotated[Reason, Field(min_length=3)]
"""Where there must be one."""
