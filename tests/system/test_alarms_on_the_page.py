"""A match in Kafka becomes an alarm on the page, is acknowledged there, and clears."""

import time
from typing import Final

import pytest
from playwright.sync_api import expect

from alerts.delivery_settings import DeliverySettings
from alerts.events import Escalate
from alerts.match import Match
from alerts.settings import AlertSettings
from cep_patterns.pattern import Severity
from gateway.desk import Desk
from gateway.settings import from_environment
from producers.contract import MATCHES
from stack.settings import Settings
from stack.waiting import PATIENCE_S
from tests.alerts.matches import ended, ongoing
from tests.gateway.chromium import chromium, needs_chromium, sign_in
from tests.ward import Ward

pytestmark = [pytest.mark.system, needs_chromium]

PATIENT: Final = "page-1"


def _publish(ward: Ward, match: Match) -> None:
    producer = ward.producer()
    value = match.model_dump_json(exclude_none=True).encode()
    producer.produce(MATCHES.name, value, match.patient_id)
    assert producer.flush(PATIENCE_S) == 0


def test_an_alarm_lives_on_the_page(stack: Settings) -> None:
    ward = Ward(stack)
    users = from_environment().users
    desk = Desk.of(AlertSettings(), DeliverySettings())
    match = ongoing("page", time.time(), patient=PATIENT, severity=Severity.HIGH)
    with chromium() as browser:
        page = browser.new_page()
        sign_in(page, stack.gateway_url, *next(iter(users.items())))
        expect(page.locator("#live")).to_have_text("live")

        _publish(ward, match)
        line = page.locator(f'.tile[data-id="{PATIENT}"] .alarm')
        expect(line).to_have_class("alarm high asks clinical")

        (alarm,) = (a for a in desk.open_alarms() if a.patient_id == PATIENT)
        desk.do(alarm.alarm_id, Escalate(reason="nobody can be reached"))
        expect(line).to_contain_text("escalated")

        page.click(f'.tile[data-id="{PATIENT}"] .name')
        page.click("dialog button[value=acknowledge]")
        expect(line).to_have_class("alarm high attended clinical")
        page.keyboard.press("Escape")

        _publish(ward, ended(match, time.time()))
        expect(line).to_have_count(0)
