"""Pages from templates that lie beside this module; they load nothing from afar."""

from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.status import HTTP_200_OK

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


def page(name: str, status: int = HTTP_200_OK, **values: object) -> HTMLResponse:
    """Return a page made from the template ``name``."""
    return HTMLResponse(_TEMPLATES.get_template(name).render(values), status)
