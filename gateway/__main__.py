"""Serve the live ward page: ``python -m gateway``."""

import asyncio
import sys
from typing import Final

import uvicorn

from alerts.delivery_settings import DeliverySettings
from alerts.people import PeopleError
from alerts.service import now_ms
from alerts.settings import from_environment as alert_settings
from gateway.app import application
from gateway.connections import LIMITS
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.kafka_source import KafkaSource
from gateway.settings import GatewaySettings, from_environment
from gateway.ward import Ward
from producers.clock_step import anew_where_set_back

SHUTDOWN_S: Final = 2


def main() -> None:
    """Serve until told to stop."""
    try:
        asyncio.run(serve(from_environment()))
    except PeopleError as error:
        sys.exit(str(error))


async def serve(settings: GatewaySettings) -> None:
    """Serve the page and keep it fed; neither goes on without the other."""
    delivery = DeliverySettings.from_environment()
    desk = Desk.of(alert_settings(), delivery)
    source = KafkaSource(settings.kafka_brokers)
    ward = Ward(desk.place_of)
    for patient_id, at_ms in desk.discharged().items():
        ward.discharge(patient_id, at_ms)
    for alarm in desk.open_alarms():
        ward.know(alarm)
    feed = Feed(ward, source, now_ms, desk.look)
    server = uvicorn.Server(
        uvicorn.Config(
            application(settings, delivery, ward=ward, feed=feed, desk=desk),
            host=settings.gateway_host,
            port=settings.gateway_port,
            log_level="warning",
            timeout_graceful_shutdown=SHUTDOWN_S,
            **LIMITS,
        )
    )

    def end() -> None:
        server.should_exit = True

    with anew_where_set_back(end):
        async with asyncio.TaskGroup() as tasks:
            feeding = tasks.create_task(feed.run())
            await server.serve()
            feeding.cancel()
        source.close()


if __name__ == "__main__":
    main()
