"""What is wrong with settings, said by the variables that whoever runs us can set."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def refused(error: ValidationError, prefix: str = "VIGIL_") -> str:
    """Return in one line what is wrong with each setting; no value is in it."""
    return "; ".join(_said(each, prefix) for each in error.errors())


def _said(error: ErrorDetails, prefix: str) -> str:
    what = error["msg"].removeprefix("Value error, ")
    return f"{prefix}{error['loc'][0]}: ".upper() + what if error["loc"] else what
