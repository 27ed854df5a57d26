"""A real browser for tests, where there is one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATH: Final = shutil.which("chromium") or shutil.which("chromium-browser")

needs_chromium = pytest.mark.skipif(not PATH, reason="chromium is not installed")


PATIENCE_MS: Final = 180_000
"""A page answers in a second or so: only what hangs takes so long."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser; root has no sandbox, and it sees our own pages alone."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=PATH,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            timeout=PATIENCE_MS,
        )
        yield started
        started.close()


def sign_in(page: Page, url: str, user: str, password: str) -> None:
    """Open the ward as ``user``."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.fill("[name=user]", user)
    page.fill("[name=password]", password)
    page.click("button")
