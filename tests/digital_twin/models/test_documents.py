"""The documents in the repository are those the code writes, and examples fit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from digital_twin.models.__main__ import HERE, main, render
from digital_twin.models.documents import CONSCIOUSNESS, DOCUMENTS
from producers.contract import DEVICE_STATUS, VITALS

MODELS = ("patient", "vital_signs_monitor")
SCHEMAS = {name: json.loads(render(f"{name}.schema.json")) for name in MODELS}
EXAMPLES = {name: json.loads(render(f"{name}.example.json")) for name in MODELS}

every_model = pytest.mark.parametrize("name", MODELS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_document_is_current(name: str) -> None:
    committed = (HERE / name).read_text(encoding="utf-8")
    assert committed == render(name), "run: python -m digital_twin.models"


@every_model
def test_a_schema_is_one_and_its_example_fits(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    Draft202012Validator(SCHEMAS[name]).validate(EXAMPLES[name])


@every_model
def test_what_does_not_fit_is_refused(name: str) -> None:
    validator = Draft202012Validator(SCHEMAS[name])
    for wrong in (
        {**EXAMPLES[name], "colour": "blue"},
        {k: v for k, v in EXAMPLES[name].items() if k != "patient_id"},
        {**EXAMPLES[name], "patient_id": 7},
    ):
        with pytest.raises(ValidationError):
            validator.validate(wrong)


def test_a_battery_has_no_more_than_all() -> None:
    full = {**EXAMPLES["vital_signs_monitor"]}
    full["status"] = {**full["status"], "battery_pct": 101}
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMAS["vital_signs_monitor"]).validate(full)


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property of a schema and of what is in it."""
    for name, each in schema.get("properties", {}).items():
        yield name, each
        yield from properties(each)


@every_model
def test_everything_is_described_and_every_measured_number_has_its_unit(
    name: str,
) -> None:
    for each, said in properties(SCHEMAS[name]):
        assert said["description"], each
        assert said["type"] != "number" or said["unit"], each


@every_model
def test_names_units_and_types_are_those_of_the_wire(name: str) -> None:
    types = {"DOUBLE": "number", "BIGINT": "integer", "BOOLEAN": "boolean"}
    wire = {c.name: c for c in (*VITALS.columns, *DEVICE_STATUS.columns)}
    shared = [(k, v) for k, v in properties(SCHEMAS[name]) if k in wire]
    assert len(shared) >= 6
    for each, said in shared:
        column = wire[each]
        assert said["type"] == types.get(column.sql_type, "string"), each
        assert said.get("unit", "1") == column.unit, each


def test_the_monitor_says_all_that_goes_on_the_wire() -> None:
    said = {name for name, _ in properties(SCHEMAS["vital_signs_monitor"])}
    columns = {column.name for column in DEVICE_STATUS.columns}
    assert columns - said == {"ts_ms", "seq", "boot_id", "calibrated_ms"}


def test_consciousness_is_that_of_the_wire() -> None:
    [column] = [c for c in VITALS.columns if c.name == "consciousness"]
    assert column.one_of == CONSCIOUSNESS


def test_documents_are_written_where_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--out", str(tmp_path / "new")])
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == sorted(DOCUMENTS)
    assert len(capsys.readouterr().out.splitlines()) == len(DOCUMENTS)


def test_a_folder_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="name another folder with --out"):
        main(["--out", str(tmp_path / "file" / "below")])
