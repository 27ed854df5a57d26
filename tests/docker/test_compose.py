"""The containers and the native stack share every port, name and credential."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from dotenv import dotenv_values
from ruamel.yaml import YAML

from gateway.settings import GatewaySettings
from producers.secrecy import EXAMPLE
from stack import credentials
from stack.environment import ROOT
from stack.flink_run import PACKAGES
from stack.servers import AUTHORIZATION_POM, INFLUXDB_MODULE, KAFKA_POM
from stack.settings import FILES, Settings
from tests.ward import outside

SETTINGS = Settings.load({}, FILES[:1])
ONE_SHOT = {"prepare"}
READ_BY = {
    "VIGIL_INFLUX_PASSWORD": {"prepare"},
    "VIGIL_INFLUX_TOKEN": {"prepare"},
    "VIGIL_GATEWAY_USERS": {"gateway"},
    "VIGIL_GATEWAY_SECRET": {"gateway"},
    "VIGIL_GRAFANA_PASSWORD": {"grafana"},
    "VIGIL_ALERTS_SMTP_PASSWORD": {"alerts"},
    "VIGIL_ALERTS_TWILIO_AUTH_TOKEN": {"alerts", "gateway"},
    "VIGIL_ALERTS_LINK_KEY": {"alerts", "gateway"},
    "VIGIL_ALERTS_OUTSIDE_WATCH_URL": {"alerts"},
    "VIGIL_GATEWAY_OIDC_CLIENT_SECRET": {"gateway"},
}
"""Which containers read each secret."""
TOOLS = (["docker", "compose"], ["docker-compose"], ["podman-compose"])


def tool() -> list[str]:
    """Return the installed compose implementation, or skip."""
    for command in TOOLS:
        found = shutil.which(command[0])
        if (
            found
            and not subprocess.run(  # noqa: S603 - one of TOOLS
                [*command, "version"], capture_output=True, check=False
            ).returncode
        ):
            return command
    pytest.skip("no docker compose, docker-compose or podman-compose is installed")


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return settings as ``python -m stack secrets`` makes them, and some given."""
    file = tmp_path_factory.mktemp("containers") / ".env"
    credentials.make_for_containers(EXAMPLE, file)
    made = dotenv_values(file, interpolate=False)
    with file.open("a", encoding="utf-8") as more:
        more.writelines(f"{n}=given-{n}\n" for n in READ_BY if n not in made)
    return file


@pytest.fixture(scope="module")
def secrets(env_file: Path) -> dict[str, str]:
    """Return each secret."""
    values = dotenv_values(env_file)
    return {name: values[name] or "" for name in READ_BY}


@pytest.fixture(scope="module")
def services(env_file: Path) -> dict[str, Any]:
    """Return the services as a compose implementation reads them."""
    done = config(env_file)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = YAML(typ="safe").load(done.stdout)["services"]
    return found


def config(env_file: Path) -> subprocess.CompletedProcess[str]:
    """Return what a compose implementation makes of our file."""
    files = ["-f", "docker/compose.yaml", "--env-file", str(env_file)]
    return subprocess.run(  # noqa: S603 - one of TOOLS
        [*tool(), *files, "config"],
        cwd=ROOT,
        env=outside(),
        capture_output=True,
        text=True,
        check=False,
    )


def published(service: dict[str, Any]) -> int:
    """Return the port of this machine that leads to ``service``."""
    (port,) = service["ports"]
    if isinstance(port, dict):
        assert port["host_ip"] == "127.0.0.1"
        return int(port["published"])
    host, outside, _ = port.split(":")
    assert host == "127.0.0.1"
    return int(outside)


@pytest.mark.parametrize(
    ("service", "port"),
    [
        ("kafka", SETTINGS.kafka_port),
        ("jobmanager", SETTINGS.flink_port),
        ("influxdb", SETTINGS.influx_port),
        ("grafana", SETTINGS.grafana_port),
        ("gateway", SETTINGS.gateway_port),
    ],
)
def test_ports_are_those_of_the_native_stack(
    services: dict[str, Any], service: str, port: int
) -> None:
    assert published(services[service]) == port


def test_influxdb_is_set_up_with_the_same_names(services: dict[str, Any]) -> None:
    given = services["prepare"]["environment"]
    assert given["VIGIL_INFLUX_ORG"] == SETTINGS.influx_org
    assert given["VIGIL_INFLUX_USER"] == SETTINGS.influx_user


def test_grafana_gets_its_admin_and_its_data_source(services: dict[str, Any]) -> None:
    given = services["grafana"]["environment"]
    assert given["GF_SECURITY_ADMIN_USER"] == SETTINGS.grafana_user
    assert given["VIGIL_INFLUX_ORG"] == SETTINGS.influx_org


@pytest.mark.parametrize("name", READ_BY)
def test_each_container_gets_only_the_secrets_it_reads(
    services: dict[str, Any], secrets: dict[str, str], name: str
) -> None:
    readers = {
        service
        for service, given in services.items()
        if secrets[name] in given.get("environment", {}).values()
    }
    assert readers == READ_BY[name]


def test_the_token_of_jobs_is_where_they_write_from(services: dict[str, Any]) -> None:
    assert _mounted(services, "write-token") == {"prepare", "taskmanager"}
    assert _mounted(services, "read-token") == {"prepare", "grafana"}


def test_the_key_to_flink_is_where_jobs_are_kept_running(
    services: dict[str, Any],
) -> None:
    assert _mounted(services, "flink-key") == {"prepare", "jobmanager", "jobs"}


def _mounted(services: dict[str, Any], volume: str) -> set[str]:
    return {
        name
        for name, service in services.items()
        if any(each.startswith(f"{volume}:") for each in service.get("volumes", ()))
    }


def test_nothing_starts_without_secrets() -> None:
    done = config(EXAMPLE)
    assert done.returncode != 0
    assert "run python -m stack secrets" in done.stderr


def test_the_ward_page_is_told_of_a_provider(services: dict[str, Any]) -> None:
    given = services["gateway"]["environment"]
    names = [name for name in GatewaySettings.model_fields if "_oidc_" in name]
    for name in names:
        field = GatewaySettings.model_fields[name]
        if not name.endswith("secret"):
            assert given[f"VIGIL_{name}".upper()] == field.default


def test_versions_are_those_of_the_native_stack(services: dict[str, Any]) -> None:
    kafka = services["kafka"]["image"].split(":")[1]
    influxdb = services["influxdb"]["image"].split(":")[1]
    assert f"<version>{kafka}</version>" in KAFKA_POM.read_text(encoding="utf-8")
    go_mod = (INFLUXDB_MODULE / "go.mod").read_text(encoding="utf-8")
    assert f"influxdb/v2 v{influxdb}\n" in go_mod


def test_flink_is_the_version_of_our_package() -> None:
    image = (ROOT / "docker/flink/Dockerfile").read_text(encoding="utf-8")
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    version = pinned.split("apache-flink==")[1].split()[0]
    assert f"FROM flink:{version}-java17" in image


def test_every_service_says_whether_it_can_work(services: dict[str, Any]) -> None:
    for name in services.keys() - ONE_SHOT:
        assert services[name]["healthcheck"]["test"], name
    assert set(services["jobs"]["depends_on"]) == {"prepare", "jobmanager"}


def test_every_service_comes_back_after_a_reboot(services: dict[str, Any]) -> None:
    for name in services.keys() - ONE_SHOT:
        assert services[name]["restart"] == "unless-stopped", name


def test_jobs_are_kept_running(services: dict[str, Any]) -> None:
    assert services["jobs"]["entrypoint"] == ["python", "-m", "stack", "keep", "--all"]
    assert _mounted(services, "wishes") >= {"jobs"}


def test_no_container_may_more_than_its_program_must(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["pids_limit"], name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
    assert {name for name in services if "cap_add" in services[name]} == {"influxdb"}


def test_grafana_reaches_the_database_alone(services: dict[str, Any]) -> None:
    reach = {name: set(service["networks"]) for name, service in services.items()}
    assert reach["grafana"] == reach["influxdb"] == {"store"}
    on_both = {name for name, networks in reach.items() if networks > {"store"}}
    assert on_both == {"prepare", "taskmanager", "alerts"}


@pytest.mark.parametrize("service", ["alerts", "gateway"])
def test_each_server_is_looked_for_where_it_is(
    services: dict[str, Any], service: str
) -> None:
    """The page answers under the name by which alarms ask whether it lives."""
    given = services[service]["environment"]
    hosts = {
        urlsplit(given[f"VIGIL_{each}_URL"]).hostname
        for each in ("FLINK", "INFLUX", "GATEWAY")
    }
    assert hosts == {"jobmanager", "influxdb", "gateway"}


IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
COPIED = re.findall(
    r"(?m)^COPY (?:--chown=\S+ )?([^-].*) \S+$",
    (ROOT / "docker/flink/Dockerfile").read_text(encoding="utf-8"),
)


def test_the_image_holds_no_secret_and_no_state() -> None:
    assert IGNORED[2] == "*"
    let_in = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    copied = {path for line in COPIED for path in line.split()}
    assert "docker" not in let_in | copied
    assert not {path for path in let_in | copied if path.endswith(".env")}
    assert all(
        path in let_in or any(path.startswith(f"{each}/") for each in let_in)
        for path in copied
    )


def test_the_timetable_has_the_hour_of_the_native_stack(
    services: dict[str, Any],
) -> None:
    given = services["timetable"]["environment"]
    assert given["VIGIL_BASELINES_AT"] == SETTINGS.baselines_at == "04:00"


def test_the_key_is_asked_for_by_the_flink_of_our_package() -> None:
    """In the image the same jar is made, and lies in Flink's own folder."""
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    version = pinned.split("apache-flink==")[1].split()[0]
    pom = AUTHORIZATION_POM.read_text(encoding="utf-8")
    assert f"<flink.version>{version}</flink.version>" in pom


@pytest.mark.parametrize("package", PACKAGES)
def test_the_image_has_every_package_that_jobs_import(package: str) -> None:
    image = (ROOT / "docker/flink/Dockerfile").read_text(encoding="utf-8")
    assert f"flink:flink {package} {package}\n" in image
