"""Print the proof of a command: python -m digital_twin.proof COMMAND_ID."""

from collections.abc import Iterable
from typing import Annotated

import orjson
import typer
from rich.console import Console

from fixes.proofs import proofs_in
from fixes.reading import everything
from fixes.words import Proof, proof_page
from producers.command_line import (
    DEFAULT_BROKERS,
    Brokers,
    RefusedError,
    manners,
)
from producers.contract import PROOFS

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

CommandId = Annotated[str, typer.Argument(help="The command, or how its id begins.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


@app.command()
def main(
    command_id: CommandId, brokers: Brokers = DEFAULT_BROKERS, *, as_json: Json = False
) -> None:
    """Print what was wanted, what was done, when, and what telemetry says of it."""
    with manners("proof"):
        proof = newest(proofs_in(everything(brokers, PROOFS)), command_id)
        if as_json:
            typer.echo(orjson.dumps(proof, option=orjson.OPT_INDENT_2))
        else:
            Console(highlight=False).print(proof_page(proof))


def newest(proofs: Iterable[Proof], beginning: str) -> Proof:
    """Return the newest proof of the one command whose id so begins.

    Raises
    ------
    RefusedError
        There is none, or there are several.
    """
    found = {
        p["command_id"]: p for p in proofs if p["command_id"].startswith(beginning)
    }
    if len(found) == 1:
        return found.popitem()[1]
    if not found:
        msg = f"no command begins with {beginning}: python -m fixes list names them"
        raise RefusedError(msg)
    names = ", ".join(sorted(found)[:5])
    msg = f"{len(found)} commands begin with {beginning}: {names}; give more of it"
    raise RefusedError(msg)
