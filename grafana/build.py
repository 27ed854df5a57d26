"""Write the boards as the JSON that Grafana loads: ``python -m grafana.build``."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.patient import patient
from grafana.ward import ward

logger = logging.getLogger(__name__)

FOLDER: Final = Path(__file__).parent / "dashboards"
DASHBOARDS: Final[dict[str, Callable[[], Dashboard]]] = {
    "ward.json": ward,
    "patient.json": patient,
}


def render(name: str) -> str:
    """Return the JSON of one board, as it is committed."""
    board = DASHBOARDS[name]().build()
    text = json.dumps(
        board, cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False
    )
    return f"{text}\n"


def main() -> None:
    """Write every board."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in DASHBOARDS:
        (FOLDER / name).write_text(render(name), encoding="utf-8")
        logger.info("wrote %s", FOLDER / name)


if __name__ == "__main__":
    main()
