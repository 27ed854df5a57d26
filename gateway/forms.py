"""What was entered into a form."""

from urllib.parse import parse_qsl

from fastapi import Request


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form that was posted."""
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body, keep_blank_values=True))
