"""What ``serve`` does: it follows another process, or leads and serves."""

from dataclasses import dataclass, field
from threading import Event

from alerts import heartbeat
from alerts.broker import Counter, Inbox, Outlet
from alerts.clock import Clock
from alerts.delivery import Delivery
from alerts.delivery_settings import DeliverySettings
from alerts.effects import Effects
from alerts.guard import Guard, look_at
from alerts.heartbeat import ALERTS
from alerts.lease import Lease, lead
from alerts.links import Links
from alerts.positions import begin
from alerts.pulse import Pulse
from alerts.roster import WRONG
from alerts.service import Service
from alerts.settings import AlertSettings
from alerts.wiring import Wiring, link_key
from producers.contract import MATCHES, REJECTED, VITALS


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
        clock = self._clock()
        self._service = self._service_of(lease, clock)
        if self._stop.is_set():  # since we looked
            return
        brokers, database = self.settings.kafka_brokers, self.wiring.database
        sending = self._sending(lease, clock)
        service = self._service
        service.run(
            Inbox(brokers, MATCHES, lambda new: begin(database, new)),
            Outlet(brokers),
            self._guard(service),
            lambda stop: sending.run(service.begin, stop),
        )

    def _clock(self) -> Clock:
        """Return the time as it goes on from when somebody last served."""
        with self.wiring.database.reading() as session:
            return Clock().after(heartbeat.last(session, ALERTS))

    def _service_of(self, lease: Lease, clock: Clock) -> Service:
        wiring = self.wiring
        return Service(
            wiring.database,
            wiring.rules,
            wiring.tell,
            wiring.held,
            right=lease,
            clock=clock,
            pulse=Pulse(wiring.database, lease, clock),
        )

    def _guard(self, service: Service) -> Guard:
        counter = Counter(self.settings.kafka_brokers, (VITALS, REJECTED))
        return Guard(
            lambda: look_at(counter, self.settings.flink_url),
            lambda: {
                WRONG: self.wiring.roster.is_wrong,
                **service.mishaps.verdicts(),
            },
        )

    def _sending(self, lease: Lease, clock: Clock) -> Delivery:
        wiring, delivery = self.wiring, self.delivery
        return Delivery(
            database=wiring.database,
            roster=wiring.roster,
            alarms=Effects(clock.now_ms, wiring.tell, wiring.rules),
            settings=delivery,
            links=Links(delivery.page_url, link_key(self.settings, delivery)),
            now_ms=clock.now_ms,
            right=lease,
        )
