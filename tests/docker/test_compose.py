"""The containers and the native stack share every port, name and credential."""

import shutil
import subprocess
from typing import Any

import pytest
from ruamel.yaml import YAML

from gateway.settings import GatewaySettings
from jobs.measurements import BUCKETS
from stack.environment import ROOT
from stack.flink_run import PACKAGES
from stack.servers import INFLUXDB_MODULE, KAFKA_POM
from stack.settings import FILES, Settings
from tests.ward import outside

SETTINGS = Settings.load({}, FILES[:1])
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
def services() -> dict[str, Any]:
    """Return the services as a compose implementation reads them."""
    files = ["-f", "docker/compose.yaml", "--env-file", "docker/.env.example"]
    done = subprocess.run(  # noqa: S603 - one of TOOLS
        [*tool(), *files, "config"],
        cwd=ROOT,
        env=outside(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = YAML(typ="safe").load(done.stdout)["services"]
    return found


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


def test_influxdb_has_the_same_names_and_secrets(services: dict[str, Any]) -> None:
    given = services["influxdb"]["environment"]
    assert given["DOCKER_INFLUXDB_INIT_ORG"] == SETTINGS.influx_org
    assert given["DOCKER_INFLUXDB_INIT_USERNAME"] == SETTINGS.influx_user
    assert (
        given["DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"]
        == SETTINGS.influx_token.get_secret_value()
    )
    assert given["DOCKER_INFLUXDB_INIT_BUCKET"] == BUCKETS[0].name


def test_grafana_gets_its_admin_and_its_data_source(services: dict[str, Any]) -> None:
    given = services["grafana"]["environment"]
    assert given["GF_SECURITY_ADMIN_USER"] == SETTINGS.grafana_user
    assert given["VIGIL_INFLUX_ORG"] == SETTINGS.influx_org
    assert given["VIGIL_INFLUX_TOKEN"] == SETTINGS.influx_token.get_secret_value()


def test_the_ward_page_has_its_users_and_its_secret(services: dict[str, Any]) -> None:
    given = services["gateway"]["environment"]
    assert given["VIGIL_GATEWAY_USERS"] == SETTINGS.gateway_users.get_secret_value()
    assert given["VIGIL_GATEWAY_SECRET"] == SETTINGS.gateway_secret.get_secret_value()


def test_the_ward_page_is_told_of_a_provider(services: dict[str, Any]) -> None:
    given = services["gateway"]["environment"]
    names = [name for name in GatewaySettings.model_fields if "_oidc_" in name]
    for name in names:
        field = GatewaySettings.model_fields[name]
        default = field.default
        plain = default.get_secret_value() if name.endswith("secret") else default
        assert given[f"VIGIL_{name}".upper()] == plain


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


def test_every_server_is_waited_for(services: dict[str, Any]) -> None:
    for name in ("kafka", "influxdb", "jobmanager", "grafana", "gateway"):
        assert services[name]["healthcheck"]["test"]
    assert set(services["jobs"]["depends_on"]) == {"prepare", "taskmanager"}


def test_the_timetable_has_the_hour_of_the_native_stack(
    services: dict[str, Any],
) -> None:
    given = services["timetable"]["environment"]
    assert given["VIGIL_BASELINES_AT"] == SETTINGS.baselines_at == "04:00"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_image_has_every_package_that_jobs_import(package: str) -> None:
    image = (ROOT / "docker/flink/Dockerfile").read_text(encoding="utf-8")
    assert f"flink:flink {package} {package}\n" in image
