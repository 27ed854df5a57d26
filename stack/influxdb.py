"""Set up InfluxDB: the first user with its token, the buckets, and a token a role.

The first token may do everything, and only sets up. Jobs have one that writes into
our buckets, boards have one that reads them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import httpx

from jobs.measurements import BUCKETS, Bucket
from stack import credentials
from stack.credentials import InfluxAdmin
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


def prepare(
    settings: Settings, admin: InfluxAdmin, buckets: Iterable[Bucket] = BUCKETS
) -> None:
    """Make sure that user, organisation, ``buckets`` and tokens are there."""
    wanted = list(buckets)
    with httpx.Client(base_url=settings.influx_url, timeout=TIMEOUT_S) as client:
        if client.get("/api/v2/setup").raise_for_status().json()["allowed"]:
            _set_up(client, settings, admin)
        token = admin.influx_token.get_secret_value()
        client.headers["Authorization"] = f"Token {token}"
        org_id = _org_id(client, settings)
        _create_missing(client, org_id, wanted)
        ids = _bucket_ids(client, org_id, wanted)
        for role, file in (
            ("write", settings.influx_write_token_file),
            ("read", settings.influx_read_token_file),
        ):
            _keep_token(client, org_id, ids, role, file)
        # In containers boards run as somebody else, of the same group.
        settings.influx_read_token_file.chmod(0o640)


def _set_up(client: httpx.Client, settings: Settings, admin: InfluxAdmin) -> None:
    """Create the first user; InfluxDB wants a bucket with it, so it gets ours."""
    first = BUCKETS[0]
    answer = client.post(
        "/api/v2/setup",
        json={
            "username": settings.influx_user,
            "password": admin.influx_password.get_secret_value(),
            "token": admin.influx_token.get_secret_value(),
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


def _existing(client: httpx.Client, org_id: str) -> dict[str, dict[str, Any]]:
    answer = client.get("/api/v2/buckets", params={"orgID": org_id, "limit": 100})
    return {b["name"]: b for b in answer.raise_for_status().json()["buckets"]}


def _bucket_ids(client: httpx.Client, org_id: str, buckets: list[Bucket]) -> list[str]:
    existing = _existing(client, org_id)
    return [existing[bucket.name]["id"] for bucket in buckets]


def _keep_token(
    client: httpx.Client, org_id: str, bucket_ids: list[str], role: str, file: Path
) -> None:
    """Make sure that ``file`` holds a token that is valid and can do just ``role``."""
    name = f"vigil {role}"
    answer = client.get("/api/v2/authorizations", params={"orgID": org_id})
    found = answer.raise_for_status().json()["authorizations"]
    mine = [each for each in found if each["description"] == name]
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if kept and any(each.get("token") == kept for each in mine):
        return
    for each in mine:
        client.delete(f"/api/v2/authorizations/{each['id']}").raise_for_status()
    made = client.post(
        "/api/v2/authorizations",
        json={
            "orgID": org_id,
            "description": name,
            "permissions": [
                {
                    "action": role,
                    "resource": {"type": "buckets", "id": each, "orgID": org_id},
                }
                for each in bucket_ids
            ],
        },
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    credentials.write(file, str(made.raise_for_status().json()["token"]))


def _create_missing(client: httpx.Client, org_id: str, buckets: list[Bucket]) -> None:
    existing = _existing(client, org_id)
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
