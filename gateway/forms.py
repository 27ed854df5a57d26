"""What was entered into a form."""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request
from starlette.status import HTTP_422_UNPROCESSABLE_CONTENT

MOST_FIELDS: Final = 20
"""More than any form of ours, or call-back of a provider, has; parsing more is work."""


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form that was posted."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        msg = f"a form has {MOST_FIELDS} fields at most"
        raise HTTPException(HTTP_422_UNPROCESSABLE_CONTENT, msg) from None
    return dict(fields)
