"""The page in a real browser: what a nurse sees, hears and presses."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from alerts.model import State
from gateway.desk import Desk
from gateway.look import Banner, Look
from gateway.messages import Arrived
from stack.waiting import until
from tests.gateway.chromium import chromium, needs_chromium, sign_in
from tests.gateway.small_ward import (
    PlayedSource,
    Served,
    alarm,
    found,
    free_port,
    now_ms,
    reading,
    told,
)

PATIENTS: Final = 6
WITHIN_MS: Final = 1500
"""A second, and what the browser takes to be asked."""
HIGH_HZ: Final = 523
HIGH_REPEATS_MS: Final = 9_000
NOTE_SOUNDS: Final = """() => {
  window.sounds = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    window.sounds.push(Math.round(this.frequency.value));
    return start.call(this, at);
  };
}"""

pytestmark = needs_chromium


@dataclass
class Shown:
    """A ward, and a browser that shows it."""

    page: Page
    source: PlayedSource
    port: int
    desk: Desk
    served: Served | None = None
    found: Look = field(default_factory=Look)

    def look(self) -> Look:
        """Return what the server looks up every few seconds."""
        return self.found

    def stop(self) -> None:
        """Serve no more."""
        if self.served:
            self.served.stop()

    def again(self) -> None:
        """Serve once more, as a server that was restarted."""
        self.served = Served(self.source, self.port, self.desk, self.look)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for all of these tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def shown(browser: Browser, desk: Desk) -> Iterator[Shown]:
    """Show a ward to somebody who has signed in."""
    port = free_port()
    page = browser.new_page()
    shown = Shown(page, PlayedSource(PATIENTS), port, desk)
    shown.again()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    sign_in(page, f"http://127.0.0.1:{port}/", "nurse", "a-password")
    expect(page.locator(".tile")).to_have_count(PATIENTS)
    yield shown
    page.close()
    shown.stop()
    assert wrong == []


def tile(number: int) -> str:
    return f'.tile[data-id="patient-{number:05d}"]'


def test_an_alarm_appears_within_a_second(shown: Shown) -> None:
    """The quickest of some tells: others wait for a machine that does other work."""
    took_ms = []
    for number in (0, 1, 2, 4, 5):
        line = shown.page.locator(f"{tile(number)} .alarm")
        expect(line).to_have_count(0)
        began_ms = now_ms()
        shown.source.more.append(alarm(number, 0, began_ms))
        expect(line).to_have_class("alarm high asks clinical")
        took_ms.append(now_ms() - began_ms)
    assert min(took_ms) < WITHIN_MS


def test_an_alarm_appears_and_lives(shown: Shown) -> None:
    page, where = shown.page, tile(5)
    line = page.locator(f"{where} .alarm")
    expect(line).to_have_count(0)
    shown.source.more.append(alarm(5, 0, now_ms()))
    expect(line).to_have_class("alarm high asks clinical")
    expect(line).to_contain_text("!!!")
    expect(line).to_contain_text("desaturation")
    expect(page.locator("#said-now")).to_have_text(
        "high alarm, patient-00005: desaturation"
    )
    shown.source.more.append(alarm(5, 0, now_ms(), "escalated", 2))
    expect(line).to_contain_text("escalated")
    shown.source.more.append(alarm(5, 0, now_ms(), "acknowledged", 3))
    expect(line).to_have_class("alarm high attended clinical")
    shown.source.more.append(alarm(5, 0, now_ms(), "cleared", 4))
    expect(line).to_have_count(0)


def test_what_is_out_of_sight_is_said_all_the_same(shown: Shown) -> None:
    """Whoever listens to the page, or looks for a text in it, scrolls nowhere."""
    page, line = shown.page, shown.page.locator(f"{tile(5)} .alarm")
    page.set_viewport_size({"width": 360, "height": 300})
    shown.source.more += [alarm(number, 1, now_ms()) for number in range(5)]
    shown.source.more.append(alarm(5, 0, now_ms()))
    expect(line).to_have_class("alarm high asks clinical")
    shown.source.more.append(alarm(5, 0, now_ms(), "acknowledged", 2))
    last = page.locator(".tile").last
    expect(last).to_have_attribute("data-id", "patient-00005")
    expect(last).not_to_be_in_viewport()
    shown.source.more.append(alarm(5, 0, now_ms(), "cleared", 3))
    expect(line).to_have_count(0)


def test_the_most_urgent_come_first_and_the_flashing_is_that_of_the_standard(
    shown: Shown,
) -> None:
    page = shown.page
    shown.source.more.append(alarm(4, 1, now_ms()))
    shown.source.more.append(alarm(5, 0, now_ms()))
    for place, number in enumerate((3, 5, 4)):  # 3: high, and a worse score
        where = page.locator(".tile").nth(place)
        expect(where).to_have_attribute("data-id", f"patient-{number:05d}")
    seconds = {
        name: page.locator(f"{tile(number)} .alarm").evaluate(
            "line => parseFloat(getComputedStyle(line).animationDuration)"
        )
        for name, number in (("high", 5), ("medium", 4))
    }
    assert 1.4 <= 1 / seconds["high"] <= 2.8
    assert 0.4 <= 1 / seconds["medium"] <= 0.8


def test_values_have_units_and_ages_and_old_ones_look_old(shown: Shown) -> None:
    silent = shown.page.locator(f"{tile(1)} .sign").first
    expect(silent.locator("dt")).to_contain_text("HR /min")
    expect(silent).to_have_class("sign stale")
    expect(silent.locator(".age")).to_contain_text(" s")
    fresh = shown.page.locator(f"{tile(2)} .sign").first
    expect(fresh).to_have_class("sign")
    expect(fresh.locator(".age")).to_have_text("now")


def test_it_says_that_it_is_not_live_and_comes_back_by_itself(shown: Shown) -> None:
    page = shown.page
    expect(page.locator("#live")).to_have_text("live")
    shown.stop()
    expect(page.locator("#live")).to_have_text("not live")
    expect(page.locator("#banner")).to_contain_text("Not live: nothing has come since")
    shown.again()
    expect(page.locator("#live")).to_have_text("live")
    expect(page.locator(".tile")).to_have_count(PATIENTS - 1)  # one sends nothing


def test_it_says_that_the_broker_is_away(shown: Shown) -> None:
    shown.source.trouble = "Kafka does not answer"
    expect(shown.page.locator("#banner")).to_contain_text("Kafka does not answer")
    shown.source.trouble = ""
    expect(shown.page.locator("#banner")).not_to_contain_text("Kafka")


def test_sound_is_seen_to_be_off_and_on(shown: Shown) -> None:
    page = shown.page
    shown.source.more.append(alarm(5, 0, now_ms()))
    expect(page.locator("#banner")).to_contain_text("Sound is off")
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#banner")).to_be_hidden()
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")


def test_a_high_alarm_is_heard_until_somebody_looks(shown: Shown) -> None:
    """What the sound card is really told to play, and the sign that it is."""
    page, line = shown.page, shown.page.locator(f"{tile(5)} .alarm")
    page.click("#sound")
    expect(page.locator("#sound")).to_have_text("♪ Sound is on")
    page.evaluate(NOTE_SOUNDS)
    shown.source.more.append(alarm(5, 0, now_ms()))
    expect(line).to_have_class("alarm high asks clinical")
    until(lambda: HIGH_HZ in _played(page), otherwise=lambda: str(_played(page)))
    for number in (3, 5):
        shown.source.more.append(alarm(number, 0, now_ms(), "acknowledged", 9))
    expect(line).to_have_class("alarm high attended clinical")
    page.evaluate("window.sounds.length = 0")
    page.wait_for_timeout(HIGH_REPEATS_MS)  # as long as the next burst would take
    assert HIGH_HZ not in _played(page)
    page.click("#sound")
    expect(page.locator("#sound")).to_have_text("Sound is off: turn on")


def _played(page: Page) -> list[int]:
    """Return the pitch of each burst that was scheduled, in Hz."""
    found: list[int] = page.evaluate("window.sounds")
    return found


def test_no_pulse_is_said_where_the_rate_would_stand(shown: Shown) -> None:
    rate = shown.page.locator(f"{tile(5)} .sign").first
    expect(rate.locator("dd")).to_have_text(re.compile(r"^\d+$"))
    shown.source.more.append(_no_pulse("raised", 1))
    expect(rate.locator("dd")).to_have_text("no pulse")
    expect(rate).to_have_class("sign none")
    shown.source.more.append(_no_pulse("cleared", 2))
    expect(rate.locator("dd")).to_have_text(re.compile(r"^\d+$"))


def _no_pulse(state: str, step_number: int) -> Arrived:
    told = alarm(5, 0, now_ms(), state, step_number)
    payload = (told.payload or b"").replace(b"desaturation", b"pulse_loss")
    return told._replace(payload=payload)


def test_bursts_are_those_of_the_standard(shown: Shown) -> None:
    """Pulses and gaps in seconds within the ranges of IEC 60601-1-8, table 4."""
    bursts = shown.page.evaluate(
        """async () => {
          const { BURSTS, timetable } = await import("/static/sound.js");
          return Object.fromEntries(Object.entries(BURSTS).map(
            ([name, burst]) => [name, { ...burst, ...timetable(burst) }]));
        }"""
    )
    assert [len(bursts[n]["starts"]) for n in ("high", "medium", "low")] == [10, 3, 2]
    assert 0.075 <= bursts["high"]["pulse_s"] <= 0.2
    assert all(0.125 <= bursts[name]["pulse_s"] <= 0.25 for name in ("medium", "low"))
    short, pulse = bursts["high"]["gaps_s"], bursts["high"]["pulse_s"]
    assert all(0.05 <= short[i] <= 0.125 for i in (0, 1, 3, 5, 6, 8))
    assert [short[2], short[7]] == pytest.approx([2 * short[0] + pulse] * 2)
    assert 0.35 <= short[4] <= 1.3
    assert all(0.125 <= gap <= 0.25 for gap in bursts["medium"]["gaps_s"])
    assert 2.5 <= bursts["high"]["rest_s"] <= 15
    assert 2.5 <= bursts["medium"]["rest_s"] <= 30
    assert bursts["low"]["rest_s"] >= 15
    assert all(150 <= burst["hz"] <= 1000 for burst in bursts.values())


def test_the_keyboard_alone_reaches_every_patient(shown: Shown) -> None:
    page = shown.page
    first = page.locator('#tiles .name[tabindex="0"]')
    expect(first).to_have_count(1)
    first.focus()
    before = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("document.activeElement.textContent")
    assert after.startswith("patient-")
    assert after != before
    page.keyboard.press("Enter")
    expect(page.locator("dialog h2")).to_have_text(after)
    expect(page.locator("dialog canvas").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == after


def test_an_alarm_is_acknowledged_and_shelved_with_a_reason(shown: Shown) -> None:
    page, line = shown.page, shown.page.locator(f"{tile(5)} .alarm")
    raised = found(shown.desk, 5)
    shown.source.more += told(shown.desk)
    expect(line).to_have_class("alarm high asks clinical")
    page.click(f"{tile(5)} .name")
    page.click("dialog button[value=acknowledge]")
    expect(page.locator("dialog .alarm")).to_have_class("alarm high attended clinical")
    expect(line).to_contain_text("acknowledged")
    (known,) = shown.desk.open_alarms()
    assert (known.state, known.acknowledged_by) == (State.ACKNOWLEDGED, "nurse")
    page.click("dialog button[value=shelve]")
    expect(page.locator("dialog output")).to_have_text("To shelve, say why.")
    page.fill("dialog [name=reason]", "waits for the anaesthetist")
    page.select_option("dialog [name=minutes]", "240")
    page.click("dialog button[value=shelve]")
    expect(page.locator("dialog output")).to_contain_text("30 minutes at most")
    page.select_option("dialog [name=minutes]", "15")
    page.click("dialog button[value=shelve]")
    expect(line).to_contain_text("shelved")
    (known,) = shown.desk.open_alarms()
    assert (known.alarm_id, known.state) == (raised.alarm_id, State.SHELVED)


def test_one_ward_alone_can_be_shown(shown: Shown) -> None:
    shown.page.select_option("#ward", "ward 1")
    expect(shown.page.locator(".tile")).to_have_count(PATIENTS // 2)


def test_a_phone_shows_it_without_scrolling_sideways(shown: Shown) -> None:
    shown.page.set_viewport_size({"width": 360, "height": 740})
    wide = shown.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360


SLASHED: Final = "2026/00123"


def _slashed(arrived: Arrived, number: int) -> Arrived:
    payload = (arrived.payload or b"").replace(
        f"patient-{number:05d}".encode(), SLASHED.encode()
    )
    return arrived._replace(payload=payload)


def test_a_patient_with_a_slash_in_the_id_is_opened_and_sent_home(shown: Shown) -> None:
    page = shown.page
    shown.source.more.append(_slashed(reading(7, now_ms()), 7))
    page.click(f'.tile[data-id="{SLASHED}"] .name')
    expect(page.locator("dialog h2")).to_have_text(SLASHED)
    expect(page.locator("dialog canvas").first).to_be_visible()
    page.click("dialog button[value=discharge]")
    expect(page.locator("dialog [role=status]")).to_have_text("To discharge, say why.")
    page.fill("dialog [aria-label='reason of the discharge']", "went home")
    page.click("dialog button[value=discharge]")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator(f'.tile[data-id="{SLASHED}"]')).to_have_count(0)
    expect(page.locator(".tile")).to_have_count(PATIENTS)


def test_an_alarm_of_any_id_is_acknowledged_by_that_id(shown: Shown) -> None:
    """An id is text from outside: it must not lead anywhere else."""
    asked: list[str] = []
    shown.page.on("request", lambda request: asked.append(request.url))
    odd = alarm(5, 0, now_ms())
    payload = (odd.payload or b"").replace(b"alarm-5-0", b"a/../b")
    shown.source.more.append(odd._replace(payload=payload))
    expect(shown.page.locator(f"{tile(5)} .alarm")).to_have_count(1)
    shown.page.click(f"{tile(5)} .name")
    shown.page.click("dialog button[value=acknowledge]")
    expect(shown.page.locator("dialog output")).to_contain_text("there is no alarm")
    [sent] = [url for url in asked if url.endswith("/acknowledge")]
    assert sent.endswith("/alarms/a%2F..%2Fb/acknowledge")


def test_what_cannot_be_loaded_is_said_where_it_would_stand(shown: Shown) -> None:
    page = shown.page
    page.route("**/patients/*", lambda route: route.abort())
    page.click(f"{tile(5)} .name")
    failed = page.locator("dialog [role=alert]")
    expect(failed).to_contain_text("could not be loaded: the server does not answer")
    page.unroute("**/patients/*")
    expect(page.locator("dialog canvas").first).to_be_visible()
    expect(failed).to_have_count(0)


def test_who_gave_way_to_others_leaves_the_page(shown: Shown) -> None:
    page = shown.page
    shown.source.more.append(_slashed(reading(7, now_ms()), 7))
    expect(page.locator(".tile")).to_have_count(PATIENTS + 1)
    assert shown.served
    shown.served.ward.discharge(SLASHED, now_ms())
    expect(page.locator(".tile")).to_have_count(PATIENTS)


NOBODY: Final = Banner("Nobody is serving alarms.", since_ms=1_767_225_600_000)


def test_that_nobody_serves_alarms_stands_in_large_letters(shown: Shown) -> None:
    page, grave = shown.page, shown.page.locator("#grave")
    expect(grave).to_be_hidden()
    shown.found = Look(banners=(NOBODY, Banner("No outside watch.", "note")))
    expect(grave).to_contain_text("Nobody is serving alarms. Since ")
    expect(grave).to_have_attribute("role", "alert")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    assert grave.evaluate(size) >= 2 * page.locator("footer").evaluate(size)
    expect(page.locator("#notes")).to_contain_text("No outside watch.")
    expect(page).to_have_title(re.compile("Alarms do not work"))
    shown.found = Look()
    expect(grave).to_be_hidden()


HIDDEN: Final = """
  window.requestAnimationFrame = () => 0;  // as browsers do to a hidden page
  const slow = window.setInterval;
  window.setInterval = (work, ms) => slow(work, 60000 + ms);
  window.setTimeout = () => 0;
"""


def test_a_hidden_page_sounds_and_says_so_on_its_tab(shown: Shown) -> None:
    """No picture is drawn, and the page's own clock stands still."""
    page = shown.page
    expect(page.locator("#notes")).to_contain_text("Sound is off: nothing is heard")
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    page.evaluate(NOTE_SOUNDS)
    page.evaluate(HIDDEN)
    shown.source.more.append(alarm(3, 0, now_ms(), "cleared", 9))
    expect(page).to_have_title(re.compile(r"^\(1 medium\) Ward"))
    page.evaluate("window.sounds.length = 0")
    shown.source.more.append(alarm(5, 0, now_ms(), "raised", 10))
    until(lambda: HIGH_HZ in _played(page), otherwise=lambda: str(_played(page)))
    expect(page).to_have_title(re.compile(r"^\(1 high\) Ward"))
    page.evaluate("window.sounds.length = 0")
    until(lambda: HIGH_HZ in _played(page), otherwise=lambda: "it sounds only once")


def test_a_hidden_page_notices_that_it_is_cut_off(shown: Shown) -> None:
    page = shown.page
    page.evaluate(HIDDEN)
    shown.stop()
    expect(page).to_have_title(re.compile("Alarms do not work"))


def test_it_says_why_the_server_refuses_it(shown: Shown) -> None:
    page = shown.page
    why = {"detail": "10 pages are open in this browser: close one first"}
    page.route("**/events*", lambda route: route.fulfill(status=429, json=why))
    shown.stop()
    expect(page.locator("#banner")).to_contain_text("The server says: 10 pages are")
    page.unroute("**/events*")
    shown.again()
    expect(page.locator("#live")).to_have_text("live")


SET_CLOCK: Final = """(ms) => {
  window.real ??= Date.now;
  Date.now = () => window.real() + ms;
  document.getElementById("sound").click();  // the page is drawn before it hears more
}"""
HOUR_MS: Final = 3_600_000


@pytest.mark.parametrize("set_by_ms", [HOUR_MS, -HOUR_MS])
def test_alarms_sound_and_come_first_wherever_the_browsers_clock_is_set(
    shown: Shown, set_by_ms: int
) -> None:
    """Set forward and back again, or back: neither makes anything wait for an hour."""
    page = shown.page
    page.evaluate(NOTE_SOUNDS)
    shown.source.more.append(alarm(3, 0, now_ms(), "cleared", 9))
    expect(page.locator(f"{tile(3)} .alarm.high")).to_have_count(0)
    shown.source.more.append(alarm(5, 0, now_ms()))
    expect(page.locator(f"{tile(5)} .alarm.high")).to_have_count(1)
    page.evaluate(SET_CLOCK, max(set_by_ms, 0))
    until(lambda: HIGH_HZ in _played(page), otherwise=lambda: "no sound")
    page.evaluate("ms => { Date.now = () => window.real() + ms; }", min(set_by_ms, 0))
    page.evaluate("window.sounds.length = 0")
    until(lambda: HIGH_HZ in _played(page), otherwise=lambda: "it sounds only once")
    shown.source.more.append(alarm(5, 0, now_ms(), "cleared", 2))
    shown.source.more.append(alarm(4, 0, now_ms()))
    expect(page.locator(".tile").first).to_have_attribute("data-id", "patient-00004")


@dataclass(eq=False)
class Line:
    """One connection from a browser to a server."""

    near: socket.socket
    far: socket.socket
    is_dead: bool = False


class Wire:
    """What lies between browser and server; streams on it can die without a word."""

    def __init__(self, port: int) -> None:
        """Lead to ``port``."""
        self._to = port
        self._streams: list[Line] = []
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listens.getsockname()[1]
        threading.Thread(target=self._connect, daemon=True).start()

    def die(self) -> None:
        """Pass on nothing more of the streams that are open; others may be opened."""
        for line in self._streams:
            line.is_dead = True

    def _connect(self) -> None:
        while True:
            near, _ = self._listens.accept()
            line = Line(near, socket.create_connection(("127.0.0.1", self._to)))
            for ends in ((line.near, line.far), (line.far, line.near)):
                given = (line, *ends)
                threading.Thread(target=self._pass_on, args=given, daemon=True).start()

    def _pass_on(
        self, line: Line, source: socket.socket, target: socket.socket
    ) -> None:
        with suppress(OSError):
            while some := source.recv(65536):
                if b"GET /events" in some:
                    self._streams.append(line)
                if not line.is_dead:
                    target.sendall(some)
            if not line.is_dead:
                target.close()


def test_a_page_whose_server_is_gone_without_a_word_asks_again(shown: Shown) -> None:
    """A machine that lost its power, or a router its memory, hangs up on nobody."""
    wire, page = Wire(shown.port), shown.page
    # One host, one cookie: signed in already.
    page.goto(f"http://127.0.0.1:{wire.port}/")
    expect(page.locator("#live")).to_have_text("live")
    wire.die()
    expect(page.locator("#live")).to_have_text("not live")
    expect(page.locator("#live")).to_have_text("live")
