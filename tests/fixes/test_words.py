"""What a person reads of a fix, and what is refused in one line."""

from io import StringIO

import pytest
from rich.console import Console

from digital_twin.shadow.faults import FOUND, Fault
from fixes.cli import wish_for
from fixes.proof import newest
from fixes.proofs import proof_message
from fixes.words import is_over, line, proof_page
from producers.command_line import RefusedError
from tests.fixes.bench import Bench, started


def shown(bench: Bench, command_id: str) -> str:
    console = Console(width=100, record=True, file=StringIO())
    proof = proof_message(bench.life(command_id), bench.now_ms)
    console.print(proof_page(proof))
    return console.export_text()


@pytest.mark.parametrize("fault", Fault)
def test_a_proof_shows_states_versions_hops_and_telemetry(fault: Fault) -> None:
    bench = started(fault)
    command = bench.ask("recalibrate", "5")
    bench.run(200)
    page = shown(bench, command)
    assert command in page
    assert FOUND[fault].replace("_", " ") in page
    for word in ("desired", "reported", "version", "issued", "deadline", "before"):
        assert word in page
    assert "-5." in page, "the telemetry before it"
    life = bench.life(command)
    for part in life.reason.split()[:4]:
        assert part in page


def test_a_refusal_has_a_proof_too() -> None:
    bench = started()
    command = bench.ask("recalibrate", "-5")
    page = shown(bench, command)
    assert "refused" in page
    assert "not issued: on the twin" in page


def test_a_step_is_a_line() -> None:
    bench = started()
    command = bench.ask("recalibrate", "5")
    proof = proof_message(bench.life(command), bench.now_ms)
    assert "issued" in line(proof).plain
    assert "on the twin: -0" in line(proof).plain
    assert not is_over(proof)


def test_an_id_may_be_short_as_long_as_it_is_not_ambiguous() -> None:
    proofs = [{"command_id": name} for name in ("abc", "abd", "xyz", "xyz")]
    assert newest(proofs, "x") == {"command_id": "xyz"}
    with pytest.raises(RefusedError, match="2 commands begin with ab: abc, abd"):
        newest(proofs, "ab")
    with pytest.raises(RefusedError, match="no command begins with q"):
        newest(proofs, "q")


@pytest.mark.parametrize(
    ("action", "value", "why"),
    [
        ("dance", None, "there is no fix dance; there are recalibrate"),
        ("recalibrate", None, "recalibrate needs a value for spo2_offset_pct"),
        ("recalibrate", "much", "spo2_offset_pct must be a number, not much"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(
    action: str, value: str | None, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        wish_for("d", action, value, None, 60.0, "nurse")
