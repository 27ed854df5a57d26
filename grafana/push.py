"""Push folder, data source and boards to a running Grafana: ``python -m grafana.push``.

The client is grafana-client, the maintained successor of grafana-api (whose
last release is of 2020). What exists is updated, what is the same is left alone,
and what Grafana reads from provisioning files of its own is not touched.
"""

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

from grafana_client import GrafanaApi
from grafana_client.client import (
    GrafanaClientError,
    GrafanaException,
    GrafanaTimeoutError,
)
from niquests.exceptions import RequestException

from grafana.boards import FOLDER
from grafana.build import DASHBOARDS, render
from grafana.panels import DATASOURCE
from grafana.provisioned import datasource, folder_title
from producers.transport import confidential

logger = logging.getLogger(__name__)

INFLUX: Final = ("VIGIL_INFLUX_URL", "VIGIL_INFLUX_ORG", "VIGIL_INFLUX_READ_TOKEN")
NEEDED: Final = ("GRAFANA_URL", "GRAFANA_TOKEN", *INFLUX)
NOT_FOUND: Final = 404
ADVICE: Final = {
    401: "make a service account token in Grafana and give it as GRAFANA_TOKEN",
    403: "the token's service account needs the role Admin",
}
OWN_TO_GRAFANA: Final = ("id", "version")
"""Parts of a stored board that Grafana numbers by itself."""


class PushError(Exception):
    """Why nothing more was pushed, in one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which Grafana, and which InfluxDB it is to read."""

    url: str
    token: str = field(repr=False)
    influx: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the environment; name everything that is missing at once."""
        missing = [name for name in NEEDED if not env.get(name)]
        if missing:
            msg = f"set {', '.join(missing)}"
            raise PushError(msg)
        url = env["GRAFANA_URL"].rstrip("/")
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            msg = f"GRAFANA_URL={url} is no address such as http://127.0.0.1:3000"
            raise PushError(msg)
        for name in ("GRAFANA_URL", "VIGIL_INFLUX_URL"):
            _demand_confidential(name, env[name])
        return cls(url, env["GRAFANA_TOKEN"], {name: env[name] for name in INFLUX})


def _demand_confidential(name: str, url: str) -> None:
    try:
        confidential(url)
    except ValueError as error:
        msg = f"{name}: {error}"
        raise PushError(msg) from None


def push(settings: Settings) -> None:
    """Bring Grafana to what the code says, and report each step."""
    client = GrafanaApi.from_url(f"{settings.url}/", settings.token)
    with _explained(settings.url):
        _push_folder(client)
        _push_datasource(client, datasource(settings.influx))
        for name in DASHBOARDS:
            path = _push_board(client, json.loads(render(name)))
            logger.info("  %s%s", settings.url, path)
        _report_health(client, settings.influx["VIGIL_INFLUX_URL"])


def _push_folder(client: Any) -> None:  # noqa: ANN401 - the client has no types
    title = folder_title()
    if _found(client.folder.get_folder, FOLDER):
        logger.info("folder %s: there already", title)
        return
    client.folder.create_folder(title, uid=FOLDER)
    logger.info("folder %s: created", title)


def _push_datasource(client: Any, wanted: dict[str, Any]) -> None:  # noqa: ANN401
    there = _found(client.datasource.get_datasource_by_uid, wanted["uid"])
    if there is None:
        client.datasource.create_datasource(wanted)
        done = "created"
    elif there.get("readOnly"):
        done = "left alone, Grafana provisions it"
    else:
        client.datasource.update_datasource_by_uid(wanted["uid"], wanted)
        done = "updated"
    logger.info("data source %s: %s", wanted["name"], done)


def _push_board(client: Any, wanted: dict[str, Any]) -> str:  # noqa: ANN401
    """Push one board and return its path."""
    there = _found(client.dashboard.get_dashboard, wanted["uid"]) or {"meta": {}}
    path = there["meta"].get("url", "")
    if there["meta"].get("provisioned"):
        done = "left alone, Grafana provisions it"
    elif path and _same(there, wanted):
        done = "unchanged"
    else:
        body = {"dashboard": wanted, "folderUid": FOLDER, "overwrite": True}
        path = client.dashboard.update_dashboard(body)["url"]
        done = "pushed"
    logger.info("board %s: %s", wanted["title"], done)
    return str(path)


def _same(there: dict[str, Any], wanted: dict[str, Any]) -> bool:
    kept = {k: v for k, v in there["dashboard"].items() if k not in OWN_TO_GRAFANA}
    return kept == wanted and there["meta"].get("folderUid") == FOLDER


def _report_health(client: Any, influx_url: str) -> None:  # noqa: ANN401
    try:
        client.datasource.health(DATASOURCE.uid)
    except GrafanaClientError as error:
        logger.warning(
            "data source: Grafana gets no answer from InfluxDB at %s (%s); "
            "VIGIL_INFLUX_URL must be an address that Grafana reaches",
            influx_url,
            error.message,
        )
    else:
        logger.info("data source: InfluxDB answers at %s", influx_url)


def _found(get: Any, uid: str) -> dict[str, Any] | None:  # noqa: ANN401
    try:
        there: dict[str, Any] = get(uid)
    except GrafanaClientError as error:
        if error.status_code != NOT_FOUND:
            raise
        return None
    return there


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what the client raises into one line that says what to do."""
    try:
        yield
    except GrafanaTimeoutError:
        msg = f"Grafana at {url} does not answer in time"
        raise PushError(msg) from None
    except GrafanaException as error:
        advice = ADVICE.get(error.status_code, "see Grafana's log")
        msg = (
            f"Grafana at {url} refused ({error.status_code} {error.message}): {advice}"
        )
        raise PushError(msg) from None
    except RequestException as error:
        reason = type(error).__name__
        msg = f"no Grafana answers at {url} ({reason}): is GRAFANA_URL right, is it up?"
        raise PushError(msg) from None


def main() -> None:
    """Push what the environment names, or say in one line why not."""
    logging.basicConfig(format="%(message)s", stream=sys.stdout)
    logger.setLevel(logging.INFO)
    try:
        push(Settings.from_env(os.environ))
    except PushError as error:
        sys.exit(f"boards not pushed: {error}")


if __name__ == "__main__":
    main()
