"""The demonstration's package in the hands of other people's programs, down to one patient's page and images."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from archiver.instructions.pages import PAGES, package_pages
from archiver.opener import opener_page
from archiver.package import layout
from formats.pdlgc import layout as inside
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.tools import need, run

WHO = "45"
"""Gérard Perrichon, whose dossier is the complete one."""


@pytest.fixture(scope="module")
def tree(demo_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a stock unzip lays it out."""
    folder = tmp_path_factory.mktemp("tree")
    run(need("unzip"), "-q", demo_line.folder / "package.asice", "-d", folder)
    return folder


@pytest.fixture(scope="module")
def unit(demo_line: Line) -> Any:
    """What ``archiver keys show-unit`` says about one patient."""
    program = Program(folder=demo_line.folder)
    opening = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem", "--patient", WHO)
    shown = program("keys", "show-unit", *opening).ok().out.splitlines()
    document = program("keys", "show-unit", *opening, "--json").ok().document
    assert shown == [
        "Patient read in the dossier: Perrichon Gérard (45)",
        f"Unit: {document['path']}", f"Inside: {document['member']}", f"Passphrase: {document['passphrase']}",
    ]  # fmt: skip
    return document


@pytest.fixture(scope="module")
def archive(tree: Path, unit: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain patient archive that 7-Zip gets out of the unit with the passphrase."""
    folder = tmp_path_factory.mktemp("unit")
    output = run(need("7z", "7zz", "7za"), "x", f"-p{unit['passphrase']}", f"-o{folder}", tree / unit["path"])
    assert "Everything is Ok" in output
    (plain,) = folder.iterdir()
    assert plain.name == unit["member"]
    return plain


@pytest.fixture(scope="module")
def dossier(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The patient archive as a stock unzip lays it out."""
    folder = tmp_path_factory.mktemp("dossier")
    assert "No errors detected" in run(need("unzip"), "-t", archive)
    run(need("unzip"), "-q", archive, "-d", folder)
    return folder


def test_unzip_lists_it(demo_line: Line) -> None:
    listing = run(need("unzip"), "-l", demo_line.folder / "package.asice")
    for name in layout.REQUIRED:
        assert f" {name}\n" in listing
    assert listing.count(" units/") == 23


def test_sha256sum_checks_it(tree: Path) -> None:
    output = run(need("sha256sum"), "--strict", "-c", layout.SUMS, cwd=tree)
    listed = 23 + 1 + len(set(layout.REQUIRED) - layout.NOT_SUMMED) + len(PAGES)
    assert output.count(": OK\n") == len(output.splitlines()) == listed


def test_the_pages_that_explain_it_are_inside(tree: Path) -> None:
    assert {path.name: path.read_bytes() for path in (tree / "docs").iterdir()} == dict(package_pages())
    assert (tree / layout.OPENER).read_bytes() == opener_page()


def test_openssl_verifies_who_signed_it(demo_line: Line, tree: Path, tmp_path: Path) -> None:
    output = run(
        *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-purpose", "any"),
        *("-in", layout.SIGNATURE, "-content", layout.ASIC_MANIFEST),
        *(
            "-CAfile",
            demo_line.folder / "roots.pem",
            "-out",
            tmp_path / "out",
            "-signer",
            tmp_path / "signer",
        ),
        cwd=tree,
    )
    assert "CAdES Verification successful" in output
    assert (tmp_path / "out").read_bytes() == (tree / layout.ASIC_MANIFEST).read_bytes()
    name = run(need("openssl"), "x509", "-in", tmp_path / "signer", "-noout", "-subject", "-nameopt", "utf8")
    assert "Dr Malo Kerbrat" in name


def test_openssl_does_not_verify_a_strangers_signature(demo_line: Line, tree: Path, tmp_path: Path) -> None:
    outsider = demo_line.folder / "pressoir" / "roots.pem"
    with pytest.raises(AssertionError, match="Verification failure"):
        run(
            *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-purpose", "any"),
            *("-in", layout.SIGNATURE, "-content", layout.ASIC_MANIFEST),
            *("-CAfile", outsider, "-out", tmp_path / "out"),
            cwd=tree,
        )


def test_seven_zip_opens_a_unit_with_its_passphrase_alone(tree: Path, unit: Any, tmp_path: Path) -> None:
    seven_zip = need("7z", "7zz", "7za")
    assert "AES-256" in run(seven_zip, "l", "-slt", tree / unit["path"])
    with pytest.raises(AssertionError, match="Wrong password"):
        run(seven_zip, "x", f"-p{'x' * 43}", f"-o{tmp_path}", tree / unit["path"])


def test_the_inner_archive_opens_to_a_page(dossier: Path) -> None:
    page = (dossier / inside.INDEX).read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    for word in ("Perrichon", "Gérard", "23/11/1955"):
        assert word in page, word
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)


def test_every_file_of_the_inner_archive_is_summed(dossier: Path) -> None:
    output = run(need("sha256sum"), "--strict", "-c", inside.SUMS, cwd=dossier)
    files = [path for path in dossier.rglob("*") if path.is_file()]
    assert output.count(": OK\n") == len(files) - 1


def test_dcmdump_reads_its_dicomdir(dossier: Path) -> None:
    output = run(
        need("dcmdump"), "+P", "DirectoryRecordType", "+P", "ReferencedFileID", dossier / inside.DICOMDIR
    )
    assert output.count("[PATIENT]") == 1
    assert output.count("[STUDY]") == 2
    files = [line.split("[")[1].split("]")[0] for line in output.splitlines() if "ReferencedFileID" in line]
    assert len(files) >= 2
    for name in files:
        assert "DICM" in (dossier / Path(*name.split("\\"))).read_bytes()[128:132].decode("ascii")
        run(need("dcmdump"), "-q", dossier / Path(*name.split("\\")))


def test_the_originals_are_byte_for_byte_those_of_the_practice(
    demo_line: Line, dossier: Path, unit: Any
) -> None:
    opening = ("package.asice", "--identity", "receiver.identity", "--roots", "roots.pem", "--json")
    units = Program(folder=demo_line.folder)("inspect", *opening).ok().document["units"]
    counts = next(one["counts"] for one in units if one["unit"] == unit["unit"])
    originals = {path.name for path in (demo_line.folder / "practice.files").glob("*/*")}
    found = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in dossier.rglob("*") if path.is_file()
    } & originals
    assert len(found) == counts["files"] >= 9
