"""The page of limits is that of the modules, and every limit says its unit and its reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "limits.md"


def test_the_page_of_limits_is_up_to_date_and_gives_every_reason() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "limits_page.py", "--check"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert PAGE.read_text(encoding="utf-8").count("| `") >= 100


def test_readers_of_outside_bytes_have_limits() -> None:
    page = PAGE.read_text(encoding="utf-8")
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
