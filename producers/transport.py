"""Where a secret may be sent: over TLS, or where nothing goes over a network.

The one home of that rule, for whatever sends a token or a password.
"""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_SERVICE: Final = re.compile(r"[a-z][a-z0-9_-]*", re.IGNORECASE)
"""How containers of one network call each other: no name beyond is without a dot."""


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is this machine, so that nothing goes over a network."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def confidential(url: str) -> str:
    """Return ``url``, a server that is given a secret.

    Raises
    ------
    ValueError
        The secret would go over a network in clear, or nowhere.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    stays = is_loopback(host) or bool(_SERVICE.fullmatch(host))
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and stays)):
        msg = (
            f"a token would go in clear to {host or url or 'nowhere'}: begin with"
            " https:// (with http:// on this machine alone, or to a container of the"
            " same network by its name, as http://influxdb:8086)"
        )
        raise ValueError(msg)
    return url
