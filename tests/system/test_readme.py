"""The lines of the README that submit jobs by hand work as they stand."""

import os
import re
import subprocess

import pytest

from stack.environment import ROOT
from stack.flink_jobs import ENDING, job_name
from stack.flink_rest import Flink
from stack.flink_run import archive
from stack.paths import Paths
from stack.servers import find
from tests.ward import Ward, eventually

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^flink run .*-py jobs/(\w+)\.py$", README, re.MULTILINE)

pytestmark = pytest.mark.system


def test_every_job_has_its_line() -> None:
    assert LINES == [
        "record_vitals",
        "detect_patterns",
        "score_patients",
        "record_results",
        "score_eeg",
        "watch_devices",
        "verify_fixes",
        "learn_baselines",
    ]


@pytest.mark.parametrize("job", ["record_results", "learn_baselines"])
def test_a_job_is_submitted_by_its_line(ward: Ward, job: str) -> None:
    """One that goes on and one that ends stand for all: only the module differs."""
    [line] = re.findall(rf"^(flink run .*{job}\.py)$", README, re.MULTILINE)
    flink, environment = Flink(ward.settings.flink_url), dict(os.environ)
    before = {each.job_id for each in flink.jobs()}
    home = find(ward.settings, environment).flink_home
    here = {
        **environment,
        "PATH": f"{home}/bin:{environment['PATH']}",
        "FLINK_CONF_DIR": str(Paths(ward.settings.state_dir).conf / "flink"),
    }
    line = f"{_export(ward)}\n{line}"
    archive()
    with ward.readings_never_stop():
        subprocess.run(  # noqa: S602 - the line as the README gives it
            line,
            shell=True,
            check=True,
            cwd=ROOT,
            env=here,
        )
        [mine] = [each for each in flink.jobs() if each.job_id not in before]
        assert mine.name == job_name(job)
        if job in ENDING:
            eventually(lambda: flink.state(mine.job_id), "FINISHED")
        else:
            eventually(lambda: flink.tasks_run(mine.job_id), expected=True)
            subprocess.run(  # noqa: S602 - our own job
                f"{_export(ward)}\nflink cancel {mine.job_id}",
                shell=True,
                check=True,
                env=here,
            )


def _export(ward: Ward) -> str:
    """Return the line of the README that gives the key to ``flink``, for our stack."""
    found: list[str] = re.findall(r"^export FLINK_REST.*$", README, re.MULTILINE)
    [line] = found
    return line.replace(".vigil/data/flink.key", str(ward.settings.flink_key_file))
