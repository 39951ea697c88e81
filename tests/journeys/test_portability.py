"""A portability archive (PDLGC) of another software comes in, is shown, is handed over, and comes in once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinical import document, ids, person
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.unit.portability.archives import entry, export, lay_packed, manifest, packed, part
from tests.unit.xdm.medium import Entry

KEYS = (
    "--signer",
    "kerbrat/signer.p12",
    "--to",
    "pressoir/receiver.recipient",
    "--sender",
    "Cabinet Exemple",
)


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    return Program(folder=tmp_path)


def test_an_export_of_another_software_comes_in_and_goes_on(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    lay_packed(desk.folder)
    done = desk("collect", "PA20261128T101500.ZIP", "--into", "practice.db").ok()
    assert "archiver collect pdlgc" in done.err
    assert "[pdlgc-signature-unjudged]" in done.err
    assert "all are stored" in done.out
    shown = desk("show", "practice.db", "4711").ok().out
    assert "Angine" in shown and "MARTIN" in shown
    again = desk("collect", "pdlgc", "PA20261128T101500.ZIP", "--into", "practice.db").ok()
    assert "Nothing changed." in again.out
    desk("export", "practice.db", "new.asice", "--all", *KEYS).ok()
    opened = ("--identity", "receiver.identity", "--roots", "roots.pem")
    assert "Angine" in desk("show", "new.asice", "4711", *opened).ok().out


def test_a_part_that_was_changed_stays_out_and_is_counted(desk: Program) -> None:
    other = document(
        patient=person("PETITJEAN", "Luc", "19700101", "M"), identifiers=ids(ins="", number="12"), number="7"
    )
    parts = {
        "PAT00001.ZIP": packed(part()),
        "PAT00002.ZIP": packed(part([Entry("DOC00001.XML", other)], pdfs=())),
    }
    listed = entry("PAT00001.ZIP", parts["PAT00001.ZIP"]) + entry("PAT00002.ZIP", b"as it was sent")
    lay_packed(desk.folder, export(parts, made=manifest(parts, entries=listed), signed=False), "PA1.ZIP")
    done = desk("collect", "pdlgc", "PA1.ZIP", "--into", "practice.db").incomplete()
    assert "PAT00002.ZIP" in done.err
    listed_patients = desk("patients", "practice.db").ok().out
    assert "PETIT" in listed_patients and "PETITJEAN" not in listed_patients


def test_what_is_none_leaves_no_store(desk: Program) -> None:
    (desk.folder / "other.zip").write_bytes(packed({"a.txt": b"x"}))
    desk("collect", "pdlgc", "other.zip", "--into", "new.db").refused("not-pdlgc", 43)
    assert not (desk.folder / "new.db").exists()
