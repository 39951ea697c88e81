"""A FHIR export of another software comes in, is shown, is handed over, and comes in once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.practice.store import open_store
from formats.fhir.write import write_bundle
from formats.model.dossier import Dossier
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.unit.fhir_exports.exports import LETTER, PATIENT, bundle, lay_lines

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


@pytest.mark.parametrize("by_lines", [False, True])
def test_an_export_of_another_software_comes_in_and_goes_on(
    small_line: Line, desk: Program, *, by_lines: bool
) -> None:
    small_line.copy(desk.folder, "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    if by_lines:
        lay_lines(desk.folder / "export")
    else:
        (desk.folder / "export").write_bytes(bundle())
    done = desk("collect", "export", "--into", "practice.db").ok()
    assert "archiver collect fhir" in done.err
    assert "[fhir-type-unread]" in done.err
    assert "all are stored" in done.out
    shown = desk("show", "practice.db", "4711").ok().out
    assert "Latex" in shown and "MARTIN" in shown
    again = desk("collect", "fhir", "export", "--into", "practice.db").ok()
    assert "Nothing changed." in again.out
    desk("export", "practice.db", "new.asice", "--all", *KEYS).ok()
    opened = ("--identity", "receiver.identity", "--roots", "roots.pem")
    assert "Latex" in desk("show", "new.asice", "4711", *opened).ok().out


def test_every_bundle_of_a_practice_comes_back_field_by_field(small_line: Line, desk: Program) -> None:
    small_line.copy(desk.folder, "practice.db")
    (desk.folder / "bundles").mkdir()
    with open_store(desk.folder / "practice.db", reading=True) as store:
        before = {one.id: store.dossier(one.id) for one in store.patients()}
    for number, dossier in enumerate(before.values()):
        with (desk.folder / "bundles" / f"{number:03}.json").open("wb") as target:
            write_bundle(dossier, target, written_at=datetime(2026, 9, 1, tzinfo=UTC))
    desk("collect", "fhir", "bundles", "--into", "new.db")
    with open_store(desk.folder / "new.db", reading=True) as store:
        after = {one.id: store.dossier(one.id) for one in store.patients()}
    assert before.keys() == after.keys() and len(before) > 40
    for identity, dossier in before.items():
        assert without_files(after[identity]) == without_files(dossier)


def without_files(dossier: Dossier) -> Dossier:
    """Return a dossier without what no bundle has: files, studies of them, rows; who works there in one order."""
    files = {
        name: tuple(replace(one, attachment=None) for one in getattr(dossier, name))
        for name in ("documents", "image_files")
    }
    who = tuple(sorted(dossier.practitioners, key=lambda one: one.id))
    return replace(dossier, practitioners=who, image_studies=(), source_rows=(), **files)


def test_a_file_at_an_address_is_not_fetched_and_is_counted(desk: Program) -> None:
    letter = {
        **LETTER,
        "contained": [],
        "content": [{"attachment": {"url": "http://127.0.0.1:9/letter.pdf"}}],
    }
    (desk.folder / "export.json").write_bytes(bundle((PATIENT, letter)))
    done = desk("collect", "fhir", "export.json", "--into", "practice.db").incomplete()
    assert "[fhir-file-elsewhere]" in done.err


def test_what_is_none_leaves_no_store(desk: Program) -> None:
    (desk.folder / "other.json").write_text(json.dumps({"a": 1}))
    desk("collect", "fhir", "other.json", "--into", "new.db").refused("not-fhir", 43)
    assert not (desk.folder / "new.db").exists()


def test_an_export_that_names_no_practice_asks_for_one(desk: Program) -> None:
    number = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}
    (desk.folder / "export.json").write_bytes(
        bundle([{**PATIENT, "identifier": [number], "managingOrganization": {}}])
    )
    refused = desk("collect", "export.json", "--into", "practice.db")
    assert refused.status == 40 and "--practice" in refused.err and "[fhir-practice-unknown]" in refused.err
    assert not (desk.folder / "practice.db").exists()
    desk("collect", "fhir", "export.json", "--into", "practice.db", "--practice", "630000019").ok()
    assert "MARTIN" in desk("show", "practice.db", "MARTIN").ok().out
