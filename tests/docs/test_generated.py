"""Pages that are written from the code say what the code says."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from formats.words import LANGUAGES
from tests.docs.pages import DOCS, ROOT

SHARED = ROOT / ".ci" / "generated_files.py"
READ = ROOT / ".ci" / "npm_lock.py"
SCRIPTS = sorted({*(ROOT / ".ci").glob("*.py")} - {SHARED, READ})
"""Every script that writes what is in the repository; with ``--check`` it compares."""
WRITER = """
import sys
from generated_files import ROOT, write_or_check

made = {ROOT / "docs" / "new" / "page.md": "Une page à écrire\\n", ROOT / "bill": b"\\x00"}
sys.exit(write_or_check(made, complaints=sys.argv[2:]))
"""


def test_no_script_hides_a_module_of_python() -> None:
    """The folder of a script comes first where modules are looked for, for whatever it imports too."""
    assert len(SCRIPTS) >= 10
    assert {path.stem for path in (*SCRIPTS, SHARED)} & sys.stdlib_module_names == set()


@pytest.fixture
def writer(tmp_path: Path) -> Path:
    """A script that writes two files, in a project of its own."""
    (tmp_path / ".ci").mkdir()
    shutil.copy2(SHARED, tmp_path / ".ci")
    (tmp_path / ".ci" / "some_page.py").write_text(WRITER, encoding="utf-8")
    return tmp_path


def run(project: Path, *options: str) -> tuple[int, list[str]]:
    command = [sys.executable, project / ".ci" / "some_page.py", *options]
    done = subprocess.run(command, cwd="/", capture_output=True, check=False, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_a_check_names_what_differs_and_writes_nothing(writer: Path) -> None:
    stale = [f"{name} is out of date: python .ci/some_page.py" for name in ("docs/new/page.md", "bill")]
    assert run(writer, "--check") == (1, stale)
    assert sorted(path.name for path in writer.iterdir()) == [".ci"]
    assert run(writer) == (0, [])
    assert (writer / "docs" / "new" / "page.md").read_bytes() == "Une page à écrire\n".encode()
    assert run(writer, "--check") == (0, [])
    (writer / "bill").write_bytes(b"\x01")
    assert run(writer, "--check") == (1, stale[1:])


def test_what_is_current_is_not_written_again(writer: Path) -> None:
    run(writer)
    page = writer / "docs" / "new" / "page.md"
    os.utime(page, (0, 0))
    (writer / "bill").write_bytes(b"")
    assert run(writer) == (0, [])
    assert page.stat().st_mtime == 0 and (writer / "bill").read_bytes() == b"\x00"


def test_a_complaint_fails_a_check_alone(writer: Path) -> None:
    assert run(writer, "", "a limit without a reason") == (0, ["a limit without a reason"])
    assert run(writer, "--check", "a limit without a reason") == (1, ["a limit without a reason"])


@pytest.mark.parametrize(
    ("written", "page"),
    [
        ("Deux dossiers ; un seul : celui-ci !", "Deux dossiers\u202f; un seul\u00a0: celui-ci\u202f!"),
        ("« Qui ? », dit-il.", "«\u00a0Qui\u202f?\u00a0», dit-il."),
        ("| **clé** : | `a` ; |", "| **clé**\u00a0: | `a`\u202f; |"),
        ("une ligne\n: une autre\n; la fin", "une ligne\u00a0: une autre\u202f; la fin"),
        ("`a : b ; c` et `«`", "`a : b ; c` et `«`"),
        ("## Un titre : son adresse\n", "## Un titre : son adresse\n"),
        ("```sh\necho a ; echo b\n```\n", "```sh\necho a ; echo b\n```\n"),
        ("    du code ; du code\n", "    du code ; du code\n"),
        ("|:---|---:|\n| https://exemple.fr ![x](y.png)", "|:---|---:|\n| https://exemple.fr ![x](y.png)"),
    ],
)
def test_a_page_in_french_has_its_spaces(written: str, page: str) -> None:
    spaces = runpy.run_path(str(SHARED))["french_spaces"]
    assert spaces(written) == page == spaces(page)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_writes_and_compares_in_one_way(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert "write_or_check(" in text and "sys.argv" not in text and ".write_" not in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_writes_is_current(script: Path) -> None:
    done = subprocess.run(
        [sys.executable, script, "--check"], cwd="/", capture_output=True, check=False, encoding="utf-8"
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
