"""The lines of the README that submit jobs by hand work as they stand."""

import os
import re
import subprocess

import pytest

from stack.environment import ROOT
from stack.flink_jobs import job_name
from stack.flink_rest import Flink
from stack.flink_run import archive
from stack.paths import Paths
from stack.servers import find
from tests.ward import Ward, eventually

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^flink run .*-py jobs/(\w+)\.py$", README, re.MULTILINE)

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def test_every_job_has_its_line() -> None:
    assert LINES == ["record_vitals", "detect_patterns", "record_matches"]


def test_a_job_is_submitted_by_its_line(ward: Ward) -> None:
    """One of the three stands for all: they differ in the module alone."""
    [line] = re.findall(r"^(flink run .*record_matches\.py)$", README, re.MULTILINE)
    flink, environment = Flink(ward.settings.flink_url), dict(os.environ)
    before = {job.job_id for job in flink.jobs()}
    home = find(ward.settings, environment).flink_home
    here = {
        **environment,
        "PATH": f"{home}/bin:{environment['PATH']}",
        "FLINK_CONF_DIR": str(Paths(ward.settings.state_dir).conf / "flink"),
    }
    archive()
    subprocess.run(  # noqa: S602 - the line as the README gives it
        line,
        shell=True,
        check=True,
        cwd=ROOT,
        env=here,
    )
    [mine] = [job for job in flink.jobs() if job.job_id not in before]
    assert mine.name == job_name("record_matches")
    eventually(lambda: flink.state(mine.job_id), "RUNNING")
    subprocess.run(["flink", "cancel", mine.job_id], check=True, env=here)  # noqa: S603, S607 - our own job
