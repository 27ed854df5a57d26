"""What ``serve`` does: it follows another process, or leads and serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from alerts import heartbeat
from alerts.broker import Inbox, Outlet
from alerts.clock import Clock
from alerts.delivery import Delivery
from alerts.delivery_settings import DeliverySettings
from alerts.effects import Effects
from alerts.guard import Guard
from alerts.heartbeat import ALERTS, Heartbeat
from alerts.lease import Lease, lead
from alerts.links import Links
from alerts.looking import Looker
from alerts.outside_watch import OutsideWatch
from alerts.positions import begin
from alerts.pulse import Pulse
from alerts.service import Service, Work
from alerts.settings import AlertSettings
from alerts.streams import Streams
from alerts.synthetic import Synthetic
from alerts.system import NOBODY_IS_TOLD
from alerts.watch import Verdicts
from alerts.wiring import Wiring, link_key, people_verdict
from producers.contract import MATCHES


@dataclass(slots=True)
class Serving:
    """One process that serves alarms whenever it is its turn."""

    wiring: Wiring
    settings: AlertSettings
    delivery: DeliverySettings
    _stop: Event = field(default_factory=Event, init=False)
    _service: Service | None = field(default=None, init=False)

    def run(self) -> None:
        """Follow and lead until told to end."""
        lease = Lease(self.wiring.database, ALERTS)
        lead(lease, self._stop, lambda: self._lead(lease))

    def end(self) -> None:
        """Let it end, whether it leads or follows."""
        self._stop.set()
        if self._service is not None:
            self._service.stop.set()

    def _lead(self, lease: Lease) -> None:
        with self.wiring.database.reading() as session:
            beat = heartbeat.last(session, ALERTS)
        term = Term(self.wiring, self.settings, self.delivery, lease, beat)
        self._service = term.service
        if not self._stop.is_set():  # since we looked
            term.serve()


class Term:
    """All that works while one process leads."""

    def __init__(
        self,
        wiring: Wiring,
        settings: AlertSettings,
        delivery: DeliverySettings,
        lease: Lease,
        beat: Heartbeat | None,
    ) -> None:
        """Go on from the last ``beat``."""
        database = wiring.database
        self._wiring, self._settings, self._delivery = wiring, settings, delivery
        self._lease = lease
        self._clock = Clock().after(beat)
        self._streams = Streams(settings.synthetic).after(beat)
        self._inbox = Inbox(
            settings.kafka_brokers, MATCHES, lambda new: begin(database, new)
        )
        self._pulse = Pulse(database, lease, self._clock, self._facts)
        self.service = Service(
            database,
            wiring.rules,
            wiring.tell,
            wiring.held,
            right=lease,
            clock=self._clock,
            pulse=self._pulse,
        )

    def serve(self) -> None:
        """Serve until told to stop; raise ``LostError`` where another one leads."""
        looker = Looker(self._settings, self._wiring.database, self._streams)
        try:
            self.service.run(
                self._inbox,
                Outlet(self._settings.kafka_brokers),
                Guard(looker.look, self._verdicts),
                *self._works(),
            )
        finally:
            looker.close()

    def _works(self) -> list[Work]:
        sending = self._sending()
        works: list[Work] = [lambda stop: sending.run(self.service.begin, stop)]
        if url := self._settings.outside_watch_url.get_secret_value():
            works.append(OutsideWatch(url, self._pulse.is_alive).run)
        if self._settings.synthetic:
            synthetic = Synthetic(
                self._settings.kafka_brokers,
                self._wiring.database,
                self._lease,
                self._streams,
                self._clock.now_ms,
            )
            works.append(synthetic.run)
        return works

    def _facts(self) -> Mapping[str, Any]:
        """Return what a heartbeat says besides that we live."""
        progress = self._inbox.progress()
        return {
            "lag": progress.lag,
            "oldest_unread_ms": progress.oldest_unread_ms,
            "synthetic_ms": self._streams.came_ms,
            "outside_watch": bool(self._settings.outside_watch_url.get_secret_value()),
            "streamed": self._streams.seen,
        }

    def _verdicts(self) -> Verdicts:
        return {
            **people_verdict(self._wiring, self._delivery.people),
            NOBODY_IS_TOLD: self._delivery.reaches_nobody(self._wiring.people),
            **self.service.mishaps.verdicts(),
        }

    def _sending(self) -> Delivery:
        wiring, delivery, now_ms = self._wiring, self._delivery, self._clock.now_ms
        return Delivery(
            database=wiring.database,
            roster=wiring.roster,
            alarms=Effects(now_ms, wiring.tell, wiring.rules),
            settings=delivery,
            links=Links(delivery.page_url, link_key(self._settings, delivery)),
            now_ms=now_ms,
            right=self._lease,
            mishaps=self.service.mishaps,
            streams=self._streams if self._settings.synthetic else None,
        )
