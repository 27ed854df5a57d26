"""The page says when nobody serves alarms, or nobody can be told."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts import heartbeat
from alerts.delivery_settings import DeliverySettings
from alerts.heartbeat import STALE_MS, Heartbeat
from gateway.chain import (
    BROKEN,
    BROKEN_MS,
    NO_CHANNEL,
    NO_OUTSIDE_WATCH,
    NOBODY_SERVES,
    Chain,
)
from gateway.desk import Desk, reaches_somebody
from gateway.look import Banner
from tests.alerts.hospital import hospital
from tests.gateway import small_ward

NOW_MS = 1_767_225_600_000
CHAIN = Chain(began_ms=NOW_MS - 10 * BROKEN_MS)
WELL = Heartbeat(
    service=heartbeat.ALERTS,
    at_ms=NOW_MS - STALE_MS,
    synthetic_ms=NOW_MS - BROKEN_MS,
    outside_watch=True,
    streamed=True,
)


def said(beat: Heartbeat | None, chain: Chain = CHAIN) -> list[Banner]:
    return list(chain.banners(beat, NOW_MS))


def test_of_a_chain_that_works_nothing_is_said() -> None:
    assert said(WELL) == []


def test_without_a_beat_nobody_serves_alarms_since_the_last_one() -> None:
    last = replace(WELL, at_ms=NOW_MS - STALE_MS - 1)
    assert said(last) == [Banner(NOBODY_SERVES, "grave", last.at_ms)]
    assert said(None) == [Banner(NOBODY_SERVES)]


def test_without_the_synthetic_patient_the_chain_is_broken() -> None:
    came_ms = NOW_MS - BROKEN_MS - 1
    assert said(replace(WELL, synthetic_ms=came_ms)) == [
        Banner(BROKEN, "grave", came_ms)
    ]
    assert said(replace(WELL, synthetic_ms=None)) == [Banner(BROKEN)]


@pytest.mark.parametrize(
    ("beat", "chain"),
    [
        (replace(WELL, synthetic_ms=None, streamed=False), CHAIN),
        (replace(WELL, synthetic_ms=None), replace(CHAIN, began_ms=NOW_MS - BROKEN_MS)),
        (replace(WELL, synthetic_ms=None), replace(CHAIN, has_synthetic=False)),
        (replace(WELL, synthetic_ms=1), replace(CHAIN, has_synthetic=False)),
    ],
)
def test_where_nobody_can_have_come_through_yet_nobody_is_missed(
    beat: Heartbeat, chain: Chain
) -> None:
    assert said(beat, chain) == []


def test_nobody_outside_and_no_channel_is_said_too() -> None:
    assert said(replace(WELL, outside_watch=False)) == [
        Banner(NO_OUTSIDE_WATCH, "note")
    ]
    assert said(WELL, replace(CHAIN, has_channel=False)) == [
        Banner(NO_CHANNEL, "warning")
    ]


def test_a_channel_is_one_by_which_somebody_is_reached(tmp_path: Path) -> None:
    people = hospital(tmp_path)
    assert people.channel_names() == {"sms", "email"}
    nothing = DeliverySettings(smtp_host="", twilio_account_sid="")
    assert not reaches_somebody(nothing, people)
    assert reaches_somebody(nothing.model_copy(update={"smtp_host": "mail"}), people)


def test_the_desk_looks_at_the_heartbeat_of_alerts(desk: Desk) -> None:
    assert desk.look().banners[0].text == NOBODY_SERVES
    beat = replace(WELL, at_ms=small_ward.now_ms(), synthetic_ms=small_ward.now_ms())
    with desk.wiring.database.writing() as session:
        heartbeat.beat(session, replace(beat, service=heartbeat.FIXES))
    assert desk.look().banners[0].text == NOBODY_SERVES
    with desk.wiring.database.writing() as session:
        heartbeat.beat(session, beat)
    assert desk.look().banners == ()
