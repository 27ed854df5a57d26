"""Show the ward, again and again: drawn on a terminal, in lines anywhere else."""

import time
from collections.abc import Callable, Iterable
from typing import Final

from rich.console import Console
from rich.live import Live

from workbench.alarms import Alarm
from workbench.lines import alarm_line, state_line
from workbench.view import view
from workbench.ward import Ward

DRAWN_EVERY_S: Final = 0.5
TOLD_EVERY_S: Final = 10.0

News = Callable[[], Iterable[Alarm]]
Look = Callable[[], Ward]


def show(console: Console, news: News, look: Look) -> None:
    """Show what ``news`` and ``look`` say, until interrupted."""
    if console.is_terminal:
        _draw(console, news, look)
    else:
        _tell(console, news, look)


def _draw(console: Console, news: News, look: Look) -> None:
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            list(news())
            live.update(view(look(), console.height, now_ms()), refresh=True)
            time.sleep(DRAWN_EVERY_S)


def _tell(console: Console, news: News, look: Look) -> None:
    told_s = time.monotonic()
    while True:
        for alarm in news():
            console.print(alarm_line(alarm))
        ward = look()
        if time.monotonic() - told_s >= TOLD_EVERY_S:
            console.print(state_line(ward, now_ms()))
            told_s = time.monotonic()
        time.sleep(DRAWN_EVERY_S)


def now_ms() -> int:
    """Return the time of the clock on the wall."""
    return round(time.time() * 1000)
