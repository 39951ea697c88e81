"""What is a portability archive by its names, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats.portability.places import is_portability

BULK = '{"transactionTime": "2026-11-01T10:00:00Z", "request": "", "output": [], "error": []}'


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("manifest.json", BULK, False),
        ("MANIFEST.JSON", '{"exportId": "1", "archives": []}', True),
        ("manifest.json", "", True),
        ("MANIFEST.XML", "<Manifest/>", True),
        ("manifest.txt", BULK, False),
    ],
)
def test_the_manifest_of_a_fhir_export_makes_no_portability_archive(
    tmp_path: Path, name: str, text: str, *, is_one: bool
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert is_portability(str(tmp_path)) is is_one
