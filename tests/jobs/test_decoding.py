"""``flat-json`` makes the rows that Flink's own tree of a message makes."""

import random
from collections.abc import Mapping
from pathlib import Path

from pyflink.table import TableEnvironment

from jobs.decoding import LENIENT_JSON, decoding, looks_at_ids
from jobs.in_process import local_environment
from producers.contract import BASELINES, EEG, LIMITS, VITALS

COLUMNS = {"id": "STRING", "word": "STRING", "n": "INT", "ms": "BIGINT", "x": "DOUBLE"}
SCALARS = r"""
    null true false 0 -0 7 -7 72.5 72.50 1e3 1e400 -1E-5 5.7 -0.0 2147483647 2147483648
    -2147483649 9223372036854775807 9223372036854775808 1e19 -1e19
    "72" "72.5" "NaN" "Infinity" "1d" "0x10" "" "true" "\u0041" "\ud83d" "ä" "a\nb" "😀"
"""
NESTED = '[] {} [1,2] {"n":1} [{"x":[{}]}] {"id":"a","x":{"ms":2}}'
VALUES = [*SCALARS.split(), *NESTED.split(), '" 72 "', '" "', '"a\tb"']
NO_OBJECT = (
    *('{"id":"a"', '{"id" "a"}', "", "[", '{"x":01}', '{"x":+1}', "nul", "]", "[1]"),
    *('"text"', "7", "null", "[[{}]]"),
)
MORE_THAN_ONE = ("[{}]", '[{"n":1},{"n":2}]', '{"n":1} tail', '{"n":1}{', '{"n":1}{}')


def _object(chance: random.Random) -> str:
    names = chance.choices(
        [*COLUMNS, "unknown", "ID", "i\\u0064"], k=chance.randint(0, 7)
    )
    fields = (f'"{name}":{chance.choice(VALUES)}' for name in names)
    return "{" + ", ".join(fields) + "}"


def _line(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.8:
        return _object(chance)
    if kind < 0.9:
        whole = _object(chance)
        return whole[: chance.randint(0, len(whole))]
    return chance.choice(NO_OBJECT)


def _rows(
    t_env: TableEnvironment, name: str, path: Path, options: Mapping[str, str]
) -> list[tuple[str, ...]]:
    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    pairs = {"connector": "filesystem", "path": path.as_uri(), **options}
    said = ", ".join(f"'{k}' = '{v}'" for k, v in pairs.items())
    t_env.execute_sql(f"CREATE TEMPORARY TABLE {name} ({columns}) WITH ({said})")
    with t_env.execute_sql(f"SELECT * FROM {name}").collect() as rows:
        return [tuple(map(repr, row)) for row in rows]


def test_its_rows_are_those_of_a_tree(tmp_path: Path) -> None:
    chance = random.Random(20261130)  # noqa: S311 - no secret
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(_line(chance) for _ in range(20_000)), encoding="utf-8")
    t_env = local_environment()
    flat = _rows(t_env, "flat", path, {"format": "flat-json"})
    tree = _rows(t_env, "tree", path, {"format": "json", **LENIENT_JSON})
    assert len(flat) > 15_000
    assert flat == tree


def test_what_is_more_than_one_object_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join([*MORE_THAN_ONE, ' {"n":3} ']), encoding="utf-8")
    rows = _rows(local_environment(), "flat", path, {"format": "flat-json"})
    assert [row[2] for row in rows] == ["3"]


def test_a_text_that_does_not_match_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    ids = ['"ab"', '"ab"', '"ab-"', '"xab"', '"a\\nb"', "7", '"a7"', "null", '""']
    path.write_text("\n".join(f'{{"id":{each},"n":1}}' for each in ids))
    options = {"format": "flat-json", "flat-json.pattern.id": "a[a-z7]*"}
    rows = _rows(local_environment(), "flat", path, options)
    assert [row[0] for row in rows] == [
        *["'ab'"] * 2,
        *["None"] * 4,
        "'a7'",
        *["None"] * 2,
    ]


def test_what_flat_json_cannot_read_is_left_to_flink() -> None:
    assert looks_at_ids(VITALS)
    assert not looks_at_ids(EEG)
    assert not any(map(looks_at_ids, (BASELINES, LIMITS)))
    assert decoding(EEG)["format"] == "json"
    assert "flat-json.pattern.patient_id" in decoding(VITALS)
