"""A kept plan is used again, and only as long as nothing of it has changed."""

from pathlib import Path

import pytest

from stack import configuration, plans
from stack.flink_run import Cluster
from stack.servers import find
from stack.settings import FILES, Settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with one package of those that jobs import."""
    module = tmp_path / "root/jobs/one.py"
    module.parent.mkdir(parents=True)
    module.write_text("a = 1\n")
    return tmp_path / "root"


def cluster(state: Path, **more: str) -> Cluster:
    """Return a cluster whose configuration is written, with other settings."""
    settings = Settings.load({"VIGIL_STATE_DIR": str(state), **more}, FILES[:1])
    cluster = Cluster(settings, find(settings, {}), {})
    cluster.paths.make()
    configuration.write(settings, cluster.paths)
    return cluster


def plan(of: Cluster, root: Path) -> Path:
    """Return the file of a plan, made."""
    file = Path(plans.kept(of, ["score-eeg"], root)["score-eeg"][plans.OPTION])
    file.touch()
    return file


def test_the_same_plan_fits_as_long_as_nothing_changes(
    tmp_path: Path, root: Path
) -> None:
    assert plan(cluster(tmp_path), root) == plan(cluster(tmp_path), root)


def test_another_package_setting_or_configuration_needs_another_plan(
    tmp_path: Path, root: Path
) -> None:
    before = [plan(cluster(tmp_path), root)]
    (root / "jobs/one.py").write_text("a = 2\n")
    before.append(plan(cluster(tmp_path), root))
    (root / "jobs/one.py").rename(root / "jobs/two.py")
    before.append(plan(cluster(tmp_path), root))
    elsewhere = cluster(tmp_path, VIGIL_INFLUX_ORG="elsewhere")
    before.append(plan(elsewhere, root))
    with (elsewhere.paths.conf / "flink/config.yaml").open("a") as config:
        config.write("parallelism.default: 3\n")
    before.append(plan(elsewhere, root))
    assert len(set(before)) == 5
    assert [each.exists() for each in before] == [False, False, False, False, True]


def test_plans_of_other_jobs_are_left_alone(tmp_path: Path, root: Path) -> None:
    of = cluster(tmp_path)
    other = of.paths.plans / "score-patients-0.json"
    other.touch()
    plan(of, root)
    assert other.exists()


@pytest.mark.flink
def test_a_job_is_made_by_the_plan_that_is_kept(tmp_path: Path) -> None:
    from jobs.environment import PLAN, is_planned, submit  # noqa: PLC0415 - it takes seconds
    from jobs.in_process import local_environment  # noqa: PLC0415 - it takes seconds

    options = {PLAN: str(tmp_path / "plan.json"), "table.dml-sync": "true"}

    def written_by(said: str) -> list[str]:
        t_env = local_environment(options)
        t_env.execute_sql(f"""
            CREATE TEMPORARY TABLE written (said STRING)
            WITH ('connector' = 'filesystem', 'path' = '{tmp_path}/out',
                  'format' = 'csv')
        """)
        submit(t_env, [f"INSERT INTO written SELECT '{said}'"])
        return [file.read_text() for file in (tmp_path / "out").rglob("part-*")]

    assert plans.OPTION == PLAN
    assert not is_planned(options)
    assert written_by("one") == ["one\n"]
    assert is_planned(options)
    assert written_by("another, which nobody plans") == ["one\n", "one\n"]


@pytest.mark.flink
def test_a_plan_is_the_same_whatever_was_planned_before(tmp_path: Path) -> None:
    from jobs.environment import PLAN, submit  # noqa: PLC0415 - it takes seconds
    from jobs.in_process import local_environment  # noqa: PLC0415 - it takes seconds

    def planned(name: str) -> bytes:
        plan = tmp_path / name
        t_env = local_environment({PLAN: str(plan), "table.dml-sync": "true"})
        t_env.execute_sql("""
            CREATE TEMPORARY TABLE nowhere (n INT) WITH ('connector' = 'blackhole')
        """)
        submit(t_env, ["INSERT INTO nowhere SELECT 1", "INSERT INTO nowhere SELECT 2"])
        return plan.read_bytes()

    assert planned("first.json") == planned("second.json")
