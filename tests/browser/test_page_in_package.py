"""OUVRIR.HTM as it lies in every package and set: taken out, it opens the package it came with."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archiver.assembly.request import least_volume_bytes
from archiver.opener import opener_page
from archiver.package import layout
from tests.browser.opener import browsing
from tests.journeys.line import EXPORT, Line
from tests.journeys.program import Program

pytestmark = pytest.mark.slow


def test_the_page_of_an_unpacked_package_opens_it(small_line: Line, tmp_path: Path) -> None:
    tree = tmp_path / "package"
    with zipfile.ZipFile(small_line.folder / "package.asice") as archive:
        archive.extractall(tree)
    assert (tree / layout.OPENER).read_bytes() == opener_page()
    with browsing(tmp_path / "profile", page=tree / layout.OPENER) as browser:
        browser.give(small_line.folder / "roots.pem", small_line.folder / "receiver.identity")
        browser("folder", folder=str(tree))
        assert browser("open")
        browser.show("perri")
        assert "Gérard Perrichon" in browser("frame")
        assert browser.faults() == []
        assert browser("told")["reached"] == []


def test_the_page_of_a_set_opens_its_volumes(demo_line: Line, tmp_path: Path) -> None:
    demo_line.copy(tmp_path, "practice.db", "pressoir", "kerbrat", "roots.pem", "receiver.identity")
    small = ("--all", *EXPORT[9:], "--volume-size", str(least_volume_bytes() + 200_000))
    Program(folder=tmp_path)(*EXPORT[:2], "out.asice", *small).ok()
    with zipfile.ZipFile(tmp_path / "out-set.asice") as archive:
        archive.extract(layout.OPENER, tmp_path)
    with browsing(tmp_path / "profile", page=tmp_path / layout.OPENER) as browser:
        browser.give(
            *sorted(tmp_path.glob("out-*.asice")), tmp_path / "roots.pem", tmp_path / "receiver.identity"
        )
        assert "volumes are here" in browser.text("#verdict")
        assert browser("open")
        assert len(browser.names()) > 20
        assert browser.faults() == []
