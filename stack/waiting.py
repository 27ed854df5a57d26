"""Wait until something is so, or say why it is not."""

from collections.abc import Callable
from typing import Final

import tenacity

from stack.errors import StackError

EVERY_S: Final = 0.1
PATIENCE_S: Final = 600.0
"""Longer than anything takes, on a slow machine with other work too: a hang alone."""


def until(
    ready: Callable[[], bool],
    *,
    otherwise: Callable[[], str],
    timeout_s: float = PATIENCE_S,
) -> None:
    """Return when ``ready`` says so; after ``timeout_s`` fail with ``otherwise``.

    ``otherwise`` says what was waited for, and what was seen of it last.
    """

    def give_up(_: tenacity.RetryCallState) -> None:
        msg = f"{otherwise()} (waited {timeout_s:g} s)"
        raise StackError(msg)

    tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda so: not so),
        stop=tenacity.stop_after_delay(timeout_s),
        wait=tenacity.wait_fixed(EVERY_S),
        retry_error_callback=give_up,
    )(ready)
