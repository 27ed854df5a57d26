"""Set up InfluxDB: the first user with its token, then the buckets."""

from collections.abc import Iterable
from typing import Any, Final

import httpx

from jobs.measurements import BUCKETS, Bucket
from stack.errors import StackError
from stack.settings import Settings

TIMEOUT_S: Final = 60.0


def is_healthy(url: str) -> bool:
    """Return whether the server at ``url`` says it can serve."""
    try:
        answer = httpx.get(f"{url}/health", timeout=TIMEOUT_S)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK


def prepare(settings: Settings, buckets: Iterable[Bucket] = BUCKETS) -> None:
    """Make sure that user, token, organisation and ``buckets`` are there."""
    with httpx.Client(base_url=settings.influx_url, timeout=TIMEOUT_S) as client:
        if client.get("/api/v2/setup").raise_for_status().json()["allowed"]:
            _set_up(client, settings)
        token = settings.influx_token.get_secret_value()
        client.headers["Authorization"] = f"Token {token}"
        _create_missing(client, _org_id(client, settings), list(buckets))


def _set_up(client: httpx.Client, settings: Settings) -> None:
    """Create the first user; InfluxDB wants a bucket with it, so it gets ours."""
    first = BUCKETS[0]
    answer = client.post(
        "/api/v2/setup",
        json={
            "username": settings.influx_user,
            "password": settings.influx_password.get_secret_value(),
            "token": settings.influx_token.get_secret_value(),
            "org": settings.influx_org,
            "bucket": first.name,
            "retentionPeriodSeconds": first.retention_s,
        },
    )
    if answer.is_error:
        msg = f"InfluxDB refuses to be set up: {answer.json().get('message')}"
        raise StackError(msg)


def _org_id(client: httpx.Client, settings: Settings) -> str:
    answer = client.get("/api/v2/orgs", params={"org": settings.influx_org})
    found = answer.json().get("orgs", []) if answer.is_success else []
    if found:
        return str(found[0]["id"])
    msg = (
        f"InfluxDB at {settings.influx_url} was set up with another VIGIL_INFLUX_TOKEN "
        "or VIGIL_INFLUX_ORG: restore them, or start over with make reset"
    )
    raise StackError(msg)


def _create_missing(client: httpx.Client, org_id: str, buckets: list[Bucket]) -> None:
    answer = client.get("/api/v2/buckets", params={"orgID": org_id, "limit": 100})
    existing = {b["name"]: b for b in answer.raise_for_status().json()["buckets"]}
    for bucket in buckets:
        if bucket.name not in existing:
            body = {"orgID": org_id, "name": bucket.name, **_retention(bucket)}
            client.post("/api/v2/buckets", json=body).raise_for_status()
        elif _kept_s(existing[bucket.name]) != bucket.retention_s:
            target = f"/api/v2/buckets/{existing[bucket.name]['id']}"
            client.patch(target, json=_retention(bucket)).raise_for_status()


def _retention(bucket: Bucket) -> dict[str, Any]:
    rule = {"type": "expire", "everySeconds": bucket.retention_s}
    return {"retentionRules": [rule] if bucket.retention_s else []}


def _kept_s(found: dict[str, Any]) -> int:
    return sum(int(rule["everySeconds"]) for rule in found["retentionRules"])
