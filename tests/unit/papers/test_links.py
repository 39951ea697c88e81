"""Links in a folder of documents: followed to files of the folder, and each other one said in our own words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from formats.findings import Finding
from formats.folders import files_below


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_that_lead_nowhere_in_a_circle_or_out_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "secret").write_bytes(b"x")
    for name, target in {
        "circle": "circle",
        "nowhere": "missing",
        "out": "../secret",
        "up": "..",
        "again": "one.pdf",
        "back": ".",
    }.items():
        (folder / name).symlink_to(target)
    found = list(files_below(folder))
    assert [one.name for one in found if isinstance(one, Path)] == ["again", "one.pdf"]
    texts = {one.where: (one.code, one.text) for one in found if isinstance(one, Finding)}
    assert texts["circle"] == (
        "unreadable-file",
        "This cannot be read: links lead around in a circle.",
    )
    assert texts["nowhere"][0] == "unreadable-file"
    assert texts["out"][0] == texts["up"][0] == "link-outside"
    assert texts["back"][0] == "link-inside"
    assert not any(str(tmp_path) in text for _, text in texts.values())
