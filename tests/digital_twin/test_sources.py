"""Every number names a reference, or says that it is a choice of ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import digital_twin
from digital_twin.brain import artefact_kinds
from digital_twin.brain.rhythms import RHYTHMS
from digital_twin.coupling import COUPLINGS
from digital_twin.devices.faults import FAULTS
from digital_twin.kinds import KINDS
from digital_twin.monitoring import CHARTED, CONTINUOUS, SPOT_CHECKS
from digital_twin.network import NETWORKS
from digital_twin.populations import HEALTHY, INPATIENTS, INTENSIVE_CARE
from digital_twin.quantities import QUANTITIES
from digital_twin.shadow.command import FIXES

PACKAGE = Path(digital_twin.__file__).parent
NOBODYS_CHOICE = {
    *("MINUTE_S", "HOUR_S", "DAY_S"),
    *("FULL_PCT", "_FULL_PCT", "_EFFECTS[SOUND]"),
    *("_GOLDEN", "_MEAN_S", "_ABRUPT_S"),
}
"""Units of time, all and nothing, and arithmetic."""


def constants(module: Path) -> Iterator[tuple[str, str]]:
    """Yield each constant with a decimal number in it, and the text below it.

    Constants that follow one another share the text below the last of them. Where
    something is called, what is called has a source of its own.
    """
    text = ""
    for part in reversed(ast.parse(module.read_text(encoding="utf-8")).body):
        if isinstance(part, ast.Expr):
            text = " ".join(ast.literal_eval(part.value).split())
        elif not isinstance(part, ast.Assign | ast.AnnAssign):
            text = ""
        elif _is_chosen(part):
            yield _name(part), text


def _is_chosen(part: ast.Assign | ast.AnnAssign) -> bool:
    nodes = [*ast.walk(part)]
    decimals = (isinstance(getattr(node, "value", None), float) for node in nodes)
    return any(decimals) and not any(isinstance(node, ast.Call) for node in nodes)


def _name(part: ast.Assign | ast.AnnAssign) -> str:
    return ast.unparse(part.targets[0] if isinstance(part, ast.Assign) else part.target)


SOURCES = {
    **{each.name: each.source for each in (*QUANTITIES, *KINDS, *FAULTS)},
    **{f"{each.of} to {each.to} from {each.begins}": each.source for each in COUPLINGS},
    **{f"network {name}": each.source for name, each in NETWORKS.items()},
    **{f"rhythm {each.name}": each.source for each in RHYTHMS},
    **{f"artefact {each.name}": each.source for each in artefact_kinds.KINDS},
    **{f"fix {each.action}": each.source for each in FIXES},
    **{
        each.doc: each.source
        for each in (
            *(HEALTHY, INPATIENTS, INTENSIVE_CARE),
            *(CONTINUOUS, SPOT_CHECKS, CHARTED),
        )
    },
    **{
        f"{module.relative_to(PACKAGE)} {name}": text
        for module in sorted(PACKAGE.rglob("*.py"))
        for name, text in constants(module)
        if name not in NOBODYS_CHOICE
    },
}
REFERENCE = re.compile(r"[A-Z].*[( :-](19|20)\d\d\b")
"""Who, and of which year; standards are of a year, too."""


@pytest.mark.parametrize("name", SOURCES)
def test_a_reference_or_our_choice(name: str) -> None:
    source = SOURCES[name]
    assert REFERENCE.search(source) or "our choice" in source.lower()


def test_the_reference_of_a_choice_is_not_enough() -> None:
    assert not REFERENCE.search("612 /min, and 2017 is no year of ours")


def test_a_constant_is_found_with_the_text_below_it(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text('A = 1\nB: float = 2.0\nC, D = 3.0, 4\n"""Text."""\nE = 5.0\n')
    assert dict(constants(module)) == {"E": "", "(C, D)": "Text.", "B": "Text."}
