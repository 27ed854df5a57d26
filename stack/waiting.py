"""Wait until something is so, or say why it is not."""

from collections.abc import Callable
from typing import Final

import tenacity

from stack.errors import StackError

EVERY_S: Final = 0.1
PATIENCE_S: Final = 180.0


def until(
    ready: Callable[[], bool],
    *,
    otherwise: Callable[[], str],
    timeout_s: float = PATIENCE_S,
) -> None:
    """Return when ``ready`` says so; after ``timeout_s`` fail with ``otherwise``."""

    def give_up(_: tenacity.RetryCallState) -> None:
        raise StackError(otherwise())

    tenacity.Retrying(
        retry=tenacity.retry_if_result(lambda so: not so),
        stop=tenacity.stop_after_delay(timeout_s),
        wait=tenacity.wait_fixed(EVERY_S),
        retry_error_callback=give_up,
    )(ready)
