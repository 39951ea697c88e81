"""Every key of the mapping language has an example on the reference page, which is no fault in a mapping."""

from __future__ import annotations

import runpy
import tomllib
from typing import Any

import pytest

from formats.sources.mapped.language.faults import MappingInvalid
from formats.sources.mapped.language.parse import parse_mapping
from tests.docs.pages import ROOT
from tests.unit.sources.described import HEAD

PAGE = runpy.run_path(str(ROOT / ".ci" / "mapping_language_page.py"))
EXAMPLES: dict[str, dict[str, str]] = PAGE["EXAMPLES"]
TABLES = """
[tables.PATIENTS]
key = "NUMPAT"
[[tables.PATIENTS.records]]
kind = "patients"
fields = { traits = { birth_family_name = "NOM" } }
[tables.CABINET]
key = "SIRET"
[tables.CCAM]
key = "CODE"
[tables.PRATICIENS]
key = "CODE"
[[tables.PRATICIENS.records]]
kind = "practitioners"
fields = { family_name = "NOM" }
[tables.RDV]
key = "NUMRDV"
owner = "NUMPAT"
[[tables.RDV.records]]
kind = "appointments"
name = "kept"
fields = { status = "=completed" }
[tables.FACTURES]
key = ["CENTRE", "NUMFACT"]
owner = "NUMPAT"
[tables.ACTES]
key = "NUMACTE"
owner = "NUMPAT"
[[tables.ACTES.records]]
kind = "acts"
fields = { status = "=done" }
[tables.LIGNESFACT]
key = "NUM"
[tables.MORCEAUX]
key = "NUM"
"""
"""Tables that examples speak of."""
TABLE = '[tables.X]\nkey = "NUM"\nowner = "NUMPAT"\n'
CHART = '[tables.X.decoded.chart]\ndecoder = "openmolar-chart"\nversion = 1\ncolumns = ["ur8"]\n'
PERIO = CHART.replace("openmolar-chart", "openmolar-perio").replace("ur8", "chartdata")
KINDS: dict[str, tuple[str, str]] = {
    "starts_at": ("appointments", 'status = "=completed"'),
    "minutes": ("appointments", 'status = "=completed"'),
    "insurer_cents": ("invoices", ""),
    "lines": ("invoices", ""),
    "amount_cents": ("payments", ""),
    "attachment": ("documents", ""),
    "measures": ("perio_exams", ""),
    "active": ("recalls", ""),
    "note": ("acts", 'status = "=done"'),
    "status": ("acts", ""),
    "default": ("acts", 'status = "=done"'),
}
"""The kind of record whose field an example fills, and what it cannot do without."""


def record(line: str, kind: str = "acts", fields: str = 'status = "=done"') -> str:
    return f'[[tables.X.records]]\nkind = "{kind}"\n{line}\n[tables.X.records.fields]\n{fields}\n'


def field(line: str) -> str:
    kind, needed = KINDS.get(line.partition(" ")[0], KINDS["default"])
    return TABLE + PERIO * ("each =" in line) + record("", kind, f"{needed}\n{line}")


def in_table(line: str) -> str:
    """Return the table of a line, which may say its key or its owner itself."""
    made = {"key": 'key = "NUM"', "owner": 'owner = "NUMPAT"', line.partition(" ")[0]: line}
    beside = 'columns = ["NUM", "NOM", "PRENOM"]\n' if line.startswith("widths") else ""
    beside = 'columns = ["NUM"]\nwidths = [2504]\n' if line.startswith("record =") else beside
    beside = 'columns = ["NUM"]\nwidths = [9]\nrecord = 9\n' if line.startswith("number") else beside
    return "[tables.X]\n" + beside + "\n".join(made.values()) + "\n"


def of_record(line: str) -> str:
    if line.startswith("fields"):
        return f'{TABLE}[[tables.X.records]]\nkind = "notes"\n{line}\n'
    if line.startswith("none"):
        return TABLE + record(line, "health_statements", 'topic = "=allergy"\nlabel = "ALLERGIES"')
    return TABLE + CHART + record("" if line.startswith("kind") else line)


def header(line: str) -> str:
    """Return what stands under the header ``line``, where it is not there already."""
    return "" if line in HEAD + TABLES else f"{line}\n" + 'name = "x"\nrows = {}\n' * (line == "[[tests]]")


def of_test(line: str) -> str:
    made = {"name": 'name = "x"', "rows": "rows.PATIENTS = []"}
    made[line.partition(" ")[0].partition(".")[0]] = line
    return "[[tests]]\n" + "\n".join(made.values())


def of_decoded(line: str) -> str:
    key = line.partition(" ")[0]
    return TABLE + "\n".join(line if one.startswith(key) else one for one in CHART.splitlines())


AROUND = {
    "sections": header, "table": in_table, "link": in_table, "record": of_record, "condition": of_record,
    "none": of_record, "value": field, "children": field, "each": field, "pieces": field, "decoded": of_decoded,
    "test": of_test,
}  # fmt: skip
"""What stands around an example in a mapping, by its section; its header, where nothing is said."""


def whole(section: str, line: str) -> str:
    """Return a mapping with ``line`` in it."""
    if section == "mapping":
        key = line.partition(" ")[0]
        return (
            "\n".join([one for one in HEAD.splitlines() if not one.startswith(f"{key} ")] + [line]) + TABLES
        )
    return HEAD + TABLES + AROUND.get(section, lambda one: f"[{section}]\n{one}\n")(line)


@pytest.mark.parametrize(
    ("section", "key"), [(name, key) for name, _, _, entries in PAGE["SECTIONS"] for key in entries]
)
def test_every_key_has_an_example_that_names_it_and_is_right(section: str, key: str) -> None:
    line = EXAMPLES[section][key]
    written: dict[str, Any] = tomllib.loads(line)
    assert f"{key} =" in line or f"{key}." in line or key in written, line
    try:
        parse_mapping(whole(section, line).encode(), "example.toml")
    except MappingInvalid as fault:
        pytest.fail("\n".join(one.text for one in fault.faults))


def test_there_is_no_example_of_a_key_that_is_none() -> None:
    assert {name: set(entries) for name, _, _, entries in PAGE["SECTIONS"]} == {
        name: set(found) for name, found in EXAMPLES.items()
    }
