"""A ward on a page, served to a test in process or to a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from alerts.delivery_settings import DeliverySettings
from gateway.app import application
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.ward import Ward
from tests.gateway import small_ward
from tests.gateway.small_ward import PlayedSource


@pytest.fixture
def ward() -> Ward:
    """Return a ward without anybody."""
    return Ward(lambda patient_id: ("one", patient_id))


@pytest.fixture
def feed(ward: Ward) -> Feed:
    """Return what tells of that ward; it is not running."""
    return Feed(ward, PlayedSource(0), small_ward.now_ms)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a database without alarms, and the people of a small hospital."""
    opened = small_ward.desk(tmp_path)
    yield opened
    opened.wiring.database.close()


@pytest.fixture
def delivery() -> DeliverySettings:
    """Return settings of delivery that name no provider."""
    return DeliverySettings()


@pytest.fixture
def client(
    ward: Ward, feed: Feed, desk: Desk, delivery: DeliverySettings
) -> TestClient:
    """Return a visitor who has not signed in."""
    app = application(small_ward.settings(1), delivery, ward=ward, feed=feed, desk=desk)
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture
def nurse(client: TestClient) -> TestClient:
    """Return somebody who has signed in."""
    client.post("/sign-in", data={"user": "nurse", "password": "a-password"})
    return client
