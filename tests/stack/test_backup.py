"""A backup is whole or not there, and what it holds comes back as it was."""

import errno
import os
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pgserver
import pytest
from confluent_kafka import Consumer, Producer
from rich.console import Console
from sqlalchemy import create_engine, text

from producers.contract import LIMITS
from producers.secrecy import EXAMPLE
from stack import alarms_backup, backup, kept_topics, lifecycle
from stack.errors import StackError
from stack.flink_run import newest_checkpoint
from stack.influx_backup import parts_of
from stack.paths import Paths
from stack.settings import Settings
from stack.waiting import PATIENCE_S
from tests.alerts.postgres import postgres
from tests.broker import Broker, broker


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with a state folder of the test's own."""
    return Settings.load({"VIGIL_STATE_DIR": str(tmp_path / "state")}, (EXAMPLE,))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run a broker."""
    with broker(tmp_path_factory.mktemp("broker")) as started:
        yield started


def say(running: Broker, values: list[tuple[str, bytes | None]]) -> None:
    producer = Producer(
        {"bootstrap.servers": running.address, "partitioner": "murmur2_random"}
    )
    for key, value in values:
        producer.produce(LIMITS.name, value, key, headers=[("why", b"\x00")])
    assert producer.flush(PATIENCE_S) == 0


def heard(running: Broker) -> dict[bytes, tuple[bytes | None, object]]:
    """Return the last message of each key, as a reader of the topic sees it."""
    consumer = Consumer(
        {
            "bootstrap.servers": running.address,
            "group.id": "test",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
        }
    )
    consumer.subscribe([LIMITS.name])
    last: dict[bytes, tuple[bytes | None, object]] = {}
    ended: set[int] = set()
    while len(ended) < LIMITS.partitions:
        for message in consumer.consume(100, 1.0):
            if message.error():
                ended.add(message.partition())
            else:
                last[message.key()] = (message.value(), message.headers())
    consumer.close()
    return last


@pytest.mark.system
def test_a_compacted_topic_comes_back_by_its_keys(
    running: Broker, tmp_path: Path
) -> None:
    told: list[tuple[str, bytes | None]] = [
        *((f"{n}", b"old") for n in range(50)),
        *((f"{n}", b"\xff not JSON, and kept as it is") for n in range(50)),
        ("7", None),
    ]
    say(running, told)
    counts = kept_topics.write(running.address, tmp_path)
    assert counts[LIMITS.name] == 49
    say(running, [(f"{n}", b"after") for n in range(50)])
    kept_topics.publish(running.address, tmp_path)
    found = heard(running)
    assert found.pop(b"7")[0] == b"after"
    whole = (b"\xff not JSON, and kept as it is", [("why", b"\x00")])
    assert found == {f"{n}".encode(): whole for n in range(50) if n != 7}


def test_every_compacted_topic_is_kept() -> None:
    assert {"limits", "baselines", "proofs"} <= {t.name for t in kept_topics.KEPT}


def test_the_alarms_are_copied_whole_while_they_are_written_to(
    tmp_path: Path,
) -> None:
    (tmp_path / "out").mkdir()
    source = tmp_path / "alarms.db"
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE t (n)")
        writer.execute("INSERT INTO t VALUES (1)")
        writer.commit()
        writer.execute("INSERT INTO t VALUES (2)")  # not committed
        alarms_backup.write(f"sqlite:///{source}", tmp_path / "out")
    target = tmp_path / "back/alarms.db"
    alarms_backup.put_back(f"sqlite:///{target}", tmp_path / "out")
    with closing(sqlite3.connect(target)) as read:
        assert read.execute("SELECT n FROM t").fetchall() == [(1,)]


def test_alarms_that_are_not_there_are_missed(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"no database of alarms in .*none\.db"):
        alarms_backup.write(f"sqlite:///{tmp_path}/none.db", tmp_path)


def test_alarms_on_postgresql_are_dumped_and_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Path(pgserver.__file__).parent / "pginstall/bin"
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    with postgres() as server:
        engine = create_engine(server.url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE t AS SELECT 1 AS n"))
        alarms_backup.write(server.url, tmp_path)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE t"))
        alarms_backup.put_back(server.url, tmp_path)
        with engine.begin() as connection:
            assert connection.execute(text("SELECT n FROM t")).scalars().all() == [1]
        engine.dispose()


def test_a_backup_of_the_other_kind_of_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alarms.db").touch()
    with pytest.raises(StackError, match="must fit it"):
        alarms_backup.put_back("postgresql+psycopg://h/name", tmp_path)


def test_what_is_there_is_not_overwritten(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "vigil.backup"
    file.touch()
    with pytest.raises(StackError, match="is there already"):
        backup.save(settings, "sqlite://", {}, file, Console())
    paths = Paths(settings.state_dir)
    (paths.data / "kafka").mkdir(parents=True)
    with pytest.raises(StackError, match=r"is not empty: make reset first"):
        backup.restore(settings, "sqlite://", file, Console())


@pytest.mark.parametrize("cut", ["nothing", "half", "no archive", "a wrong bit"])
def test_a_broken_backup_changes_nothing(
    settings: Settings, tmp_path: Path, cut: str
) -> None:
    file, member = tmp_path / "vigil.backup", tmp_path / "data"
    member.write_bytes(orjson.dumps(list(range(100_000))))
    with tarfile.open(file, "w:gz") as packed:
        packed.add(member, "data/secrets.env")
    whole = file.read_bytes()
    half = len(whole) // 2
    broken = {"nothing": b"", "half": whole[:half], "no archive": b"x" * 99}
    broken["a wrong bit"] = whole[:half] + bytes(64) + whole[half + 64 :]
    file.write_bytes(broken[cut])
    with pytest.raises(StackError, match="is no whole backup"):
        backup.restore(settings, "sqlite://", file, Console())
    assert not any(Paths(settings.state_dir).data.iterdir())


def test_an_archive_of_something_else_is_no_backup(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "holiday.tgz"
    with tarfile.open(file, "w:gz") as packed:
        packed.add(Path(__file__), "data/holiday.txt")
    with pytest.raises(StackError, match=r"is no backup of Vigil: .*influxdb"):
        backup.restore(settings, "sqlite://", file, Console())
    assert not any(Paths(settings.state_dir).data.iterdir())


def test_what_was_restored_in_part_is_not_started_before_it_is_wiped(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full, or the machine went off, between alarms and secrets."""
    file, paths = tmp_path / "vigil.backup", Paths(settings.state_dir)
    (tmp_path / "files").mkdir()
    for name in backup.FOLDERS:
        (tmp_path / "files" / name).mkdir()
    backup._pack(tmp_path / "files", file)  # noqa: SLF001 - the last step

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as during:
        during.setattr(backup, "_put_back", full)
        with pytest.raises(OSError, match="No space"):
            backup.restore(settings, "sqlite://", file, Console())
    refused = r"in part only: make reset"
    with pytest.raises(StackError, match=refused):
        backup.demand_whole(paths)
    with pytest.raises(StackError, match=refused):
        backup.restore(settings, "sqlite://", file, Console())
    lifecycle.reset(settings)
    backup.restore(settings, "sqlite://", file, Console())
    backup.demand_whole(paths)


def test_a_checkpoint_that_is_removed_while_it_is_looked_for_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = (tmp_path / f"job/chk-{each}/_metadata" for each in (1, 2))
    for file in (kept, gone):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"x")
    found = list(tmp_path.glob("*/chk-*/_metadata"))
    monkeypatch.setattr(Path, "glob", lambda *_: iter(found))
    gone.unlink()
    assert newest_checkpoint(tmp_path) == kept.parent


def test_a_backup_that_fails_leaves_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here no broker answers."""
    monkeypatch.setattr(kept_topics, "ANSWER_S", 1.0)
    given = {"VIGIL_INFLUX_PASSWORD": "x" * 8, "VIGIL_INFLUX_TOKEN": "x" * 8}
    file = tmp_path / "out/vigil.backup"
    file.parent.mkdir()
    away = settings.model_copy(update={"kafka_brokers": "127.0.0.1:1"})
    database = tmp_path / "alarms.db"
    database.touch()
    with pytest.raises(StackError, match="cannot be read"):
        backup.save(away, f"sqlite:///{database}", given, file, Console())
    assert not any(file.parent.iterdir())


def test_a_backup_is_the_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    backup._pack(tmp_path / "files", tmp_path / "packed")  # noqa: SLF001 - the last step
    assert stat.S_IMODE((tmp_path / "packed").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"\r\n--b", b"\r\n\r\n\x00\xff\r"])
def test_parts_come_apart_byte_for_byte(content: bytes) -> None:
    head = b'Content-Disposition: attachment; name="%s"\r\n\r\n'
    parts = [head % b"kv" + content, head % b"sql" + b"two"]
    body = b"".join(b"--a\r\n" + part + b"\r\n" for part in parts) + b"--a--\r\n"
    assert list(parts_of(body, b"a")) == [("kv", content), ("sql", b"two")]
