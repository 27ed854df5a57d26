"""Matches that a benchmark writes to Kafka itself."""

import time
from collections.abc import Callable, Iterable

from confluent_kafka import Producer

from alerts.match import Match
from alerts.model import hashed
from cep_patterns.pattern import Kind, Severity
from producers.contract import MATCHES
from stack.settings import Settings

Write = Callable[[Iterable[Match]], None]


def writer(settings: Settings) -> Write:
    """Return what writes matches, and returns when the broker has them."""
    producer = Producer(
        {
            "bootstrap.servers": settings.kafka_brokers,
            "partitioner": "murmur2_random",
            "linger.ms": 0,
        }
    )

    def write(matches: Iterable[Match]) -> None:
        for each in matches:
            value = each.model_dump_json(exclude_none=True).encode()
            producer.produce(MATCHES.name, value, each.patient_id)
        producer.flush()

    return write


def match(
    patient_id: str, pattern_name: str, severity: Severity, device: str = "device"
) -> Match:
    """Return what says that a pattern was found now."""
    now_ms = time.time_ns() // 1_000_000
    return Match(
        match_id=hashed(patient_id, pattern_name, device),
        pattern_name=pattern_name,
        rule_version=1,
        kind=Kind.CLINICAL,
        severity=severity,
        phase="ongoing",
        patient_id=patient_id,
        device_id=device,
        started_ms=now_ms,
        ts_ms=now_ms,
        observed=31.0,
    )
