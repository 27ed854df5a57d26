"""One drifting device and its fix, from the wish to the proof, on the real stack.

python -m workbench.fix --fault lying
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from digital_twin.shadow.faults import DOC, FOUND, Fault
from fixes.cli import followed, wish_for
from fixes.reading import from_now_on
from fixes.words import Proof, is_over, line, proof_page
from producers.contract import DEVICE_STATUS
from producers.publisher import BrokerError
from stack import flink_jobs
from stack.errors import StackError
from stack.flink_run import Cluster
from stack.settings import Settings
from stack.steps import step
from workbench.child import Child
from workbench.interruption import interrupted_once
from workbench.running import servers_up
from workbench.submission import submit_all

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

JOBS: Final = ("verify_fixes", "record_results")
ERROR_PCT: Final = -5.0
PATIENCE_S: Final = 60.0
_FAULTS: Final = "; ".join(f"{fault}: {doc}" for fault, doc in DOC.items())

FaultName = Annotated[Fault, typer.Option("--fault", help=_FAULTS)]
Status = dict[str, Any]


@app.command()
def main(fault: FaultName = Fault.NONE) -> None:
    """Fix a device whose saturation has drifted, and show each step and the proof."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    try:
        with interrupted_once():
            proof = run(Settings.load(os.environ), fault, console)
    except KeyboardInterrupt:
        console.print("stopped; nothing that was started here is left running")
        return
    except (StackError, BrokerError) as error:
        console.print(f"fix: {error}", style="red", soft_wrap=True)
        raise typer.Exit(1) from None
    if proof["state"] != FOUND[fault]:
        console.print(f"fix: with fault {fault}, {FOUND[fault]} was due", style="red")
        raise typer.Exit(1)


def run(settings: Settings, fault: Fault, console: Console) -> Proof:
    """Run the loop once; undo what was started; return the proof."""
    with servers_up(settings, console) as (cluster, stay), ExitStack() as undo:
        _submit(cluster, console, undo, servers_stop=not stay)
        device = f"monitor-{round(time.time()) % 0x10000:04x}"
        child = _device(cluster, device, fault)
        undo.callback(child.stop)
        return _loop(settings.kafka_brokers, device, fault, child, console)


def _submit(
    cluster: Cluster, console: Console, undo: ExitStack, *, servers_stop: bool
) -> None:
    with step(console, f"Jobs: {', '.join(JOBS)}"):
        sent = submit_all(cluster, JOBS)
    ours = [job for job in JOBS if flink_jobs.job_name(job) in sent]
    if not servers_stop:
        undo.callback(flink_jobs.cancel, cluster, ours)


def _device(cluster: Cluster, device: str, fault: Fault) -> Child:
    command = [sys.executable, "-m", "producers.device", "--device", device]
    command += ["--spo2-error", str(ERROR_PCT), "--fault", fault.value]
    return Child.beside(cluster, command, "device")


def _loop(
    brokers: str, device: str, fault: Fault, child: Child, console: Console
) -> Proof:
    console.print(f"\n{device} (fault {fault}: {DOC[fault]}) and {device}-reference")
    apart_pct = _apart_pct(brokers, device, child, console)
    console.print(f"it reads {apart_pct:+.1f} % beside its reference\n")
    value = f"{round(-2 * apart_pct) / 2:g}"
    wish = wish_for(device, "recalibrate", value, None, 60.0, "make fix")
    console.print(f"wanted: spo2_offset_pct {value} (command {wish.command_id})")
    proof: Proof = {}
    with console.status("waiting for the next step") as status:
        for proof in followed(brokers, wish, lambda: _is_dead(child)):
            console.print(line(proof))
            status.update(_next(proof))
    _demand_alive(child)
    console.print(proof_page(proof))
    console.print(f"again: python -m digital_twin.proof {wish.command_id}")
    return proof


def _next(proof: Proof) -> str:
    """Return what is waited for after a step."""
    if proof["state"] == "applied":
        seconds = proof["settle_s"] + proof["window_s"]
        return f"{seconds:g} s of telemetry, then the job's verdict"
    if proof["state"] == "verified":
        return "the device's next status"
    return "" if is_over(proof) else "the device's next report"


def _apart_pct(brokers: str, device: str, child: Child, console: Console) -> float:
    """Return how far the device is from its reference, once both have said enough."""
    mean: dict[str, float] = {}
    wanted = {device, f"{device}-reference"}
    with console.status("waiting for the first ten seconds of both"):
        for status in _statuses(brokers, child):
            if status.get("device_id") in wanted and status.get("readings", 0) > 1:
                mean[status["device_id"]] = status["mean_spo2_pct"]
            if mean.keys() == wanted:
                break
    return mean[device] - mean[f"{device}-reference"]


def _statuses(brokers: str, child: Child) -> Iterator[Status]:
    """Yield each status that comes, as long as the device lives."""
    give_up_s = time.monotonic() + PATIENCE_S
    for heard in from_now_on(brokers, DEVICE_STATUS):
        _demand_alive(child)
        if time.monotonic() > give_up_s:
            msg = f"no status came for {PATIENCE_S:g} s: read {child.log}"
            raise StackError(msg)
        if heard is not None and heard.message is not None:
            yield heard.message


def _is_dead(child: Child) -> bool:
    return bool(child.death())


def _demand_alive(child: Child) -> None:
    if death := child.death():
        raise StackError(death)


if __name__ == "__main__":
    app()
