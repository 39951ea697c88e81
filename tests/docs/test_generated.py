"""Pages that are written from the code say what the code says."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from formats.words import LANGUAGES
from tests.docs.pages import DOCS, ROOT

SCRIPTS = sorted((ROOT / ".ci").glob("*.py"))
"""Every script that writes what is in the repository; with ``--check`` it compares."""


def test_no_script_hides_a_module_of_python() -> None:
    """The folder of a script comes first where modules are looked for, for whatever it imports too."""
    assert len(SCRIPTS) >= 10
    assert {path.stem for path in SCRIPTS} & sys.stdlib_module_names == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_writes_is_current(script: Path) -> None:
    done = subprocess.run(
        [sys.executable, script, "--check"], cwd="/", capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_of_the_store_has_a_word_about_it(language: str) -> None:
    text = (DOCS / language / "reference" / "store.md").read_text(encoding="utf-8")
    sections = text.split("\n### ")[1:]
    assert len(sections) > 40
    for section in sections:
        title, _, about = section.partition("\n\n")
        assert len(about.split("\n", 1)[0]) > 10, f"{title} is not described"


def test_every_column_of_the_store_has_a_meaning_in_both_languages() -> None:
    pages = [
        (DOCS / language / "reference" / "store.md").read_text(encoding="utf-8") for language in LANGUAGES
    ]
    rows = [
        [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| `")] for text in pages
    ]
    assert len(rows[0]) > 315
    for french, english in zip(*rows, strict=True):
        assert french[:2] == english[:2]
        assert french[-1].strip() and english[-1].strip() and french[-1] != english[-1], english


@pytest.mark.parametrize("name", ["en/format/open-by-hand.md", "fr/format/open-by-hand.md"])
def test_the_page_in_a_package_has_the_commands_of_its_source(name: str) -> None:
    """Commands are copied from the plain text as they are from the page."""
    pages = runpy.run_path(str(ROOT / ".ci" / "package_pages.py"))
    fences = [
        re.findall(r"^```.*?^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for path in (DOCS / name, pages["TARGETS"] / pages["PAGES"][name])
    ]
    assert len(fences[0]) > 40
    assert fences[0] == fences[1]
