"""A secret goes over TLS, or not over a network."""

import pytest

from producers.transport import confidential


@pytest.mark.parametrize(
    "url",
    [
        "https://influx.hospital.example:8086",
        "https://10.0.0.7",
        "http://127.0.0.1:8086",
        "http://127.9.9.9:8086",
        "http://[::1]:8086",
        "http://localhost:8086",
        "http://influxdb:8086",
        "http://vigil_influxdb-1:8086",
    ],
)
def test_over_tls_or_within_a_machine_or_its_containers_a_secret_may_go(
    url: str,
) -> None:
    assert confidential(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://influx.hospital.example:8086",
        "http://influxdb.:8086",
        "http://10.0.0.7:8086",
        "http://0.0.0.0:8086",
        "http://[fd00::7]:8086",
        "http://2130706433:8086",
        "http://0x7f000001:8086",
        "http://127.0.0.1@influx.example:8086",
        "http://localhost.example:8086",
        "ftp://127.0.0.1",
        "influxdb:8086",
        "https://",
        "",
    ],
)
def test_in_clear_over_a_network_or_nowhere_it_may_not(url: str) -> None:
    with pytest.raises(ValueError, match=r"in clear to .*begin with https://"):
        confidential(url)
