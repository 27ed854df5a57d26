"""What provisioning says of the data source and the folder: one place for both ways."""

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

PROVISIONING: Final = Path(__file__).parent / "provisioning"


def datasource(env: Mapping[str, str]) -> dict[str, Any]:
    """Return the data source, its settings filled in from ``env``."""
    (only,) = load("datasources")["datasources"]
    filled: dict[str, Any] = _filled(only, env)
    return filled


def folder_title() -> str:
    """Return the title of the folder that the boards are in."""
    (provider,) = load("dashboards")["providers"]
    return str(provider["folder"])


def load(kind: str) -> dict[str, Any]:
    """Return one provisioning file as it stands."""
    path = PROVISIONING / kind / "vigil.yaml"
    loaded: dict[str, Any] = YAML(typ="safe").load(path)
    return loaded


def _filled(value: object, env: Mapping[str, str]) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(value, dict):
        return {key: _filled(each, env) for key, each in value.items()}
    return string.Template(value).substitute(env) if isinstance(value, str) else value
