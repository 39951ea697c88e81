"""Readers of bytes from outside state their limits (``.ci/limits_page.py`` compares the page, and asks for reasons)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "en" / "reference" / "limits-by-module.md"


def test_readers_of_outside_bytes_have_limits() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("| `") >= 100
    for module in (
        "archiver.package.layout",
        "archiver.package.manifests.manifest_reading",
        "archiver.package.lists.asic_reading",
        "archiver.package.lists.sha256sums",
        "archiver.sealing.age.header",
        "archiver.sealing.age.keys",
        "archiver.sealing.age.scrypt",
        "archiver.sealing.keyring",
        "archiver.sealing.keyring_json",
        "archiver.sealing.unit_layout",
        "formats.dicom.stream",
        "formats.fhir.layout",
        "formats.pdlgc.source_rows",
        "formats.pdlgc.sums",
        "formats.pdlgc.tables",
        "formats.tables.limits",
        "formats.xml",
        "formats.zip.archive",
        "formats.paths",
    ):
        assert f"## `{module}`" in page, module
