"""Every package explains itself: the pages are there, readable as plain text, and from an installed wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.instructions.pages import PAGES, package_pages
from archiver.instructions.readme import package_readme, set_readme
from archiver.package import layout

ROOT = Path(__file__).resolve().parents[3]
WIDTH = 100
SCREEN = 34
"""Lines that a terminal window of today shows."""
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_the_pages_are_what_lies_beside_the_module() -> None:
    folder = ROOT / "archiver" / "instructions" / "docs"
    assert sorted(PAGES) == sorted(path.name for path in folder.iterdir())
    assert dict(package_pages()) == {name: (folder / name).read_bytes() for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_plain_text(name: str) -> None:
    assert layout.member_name(f"docs/{name}") == f"docs/{name}"
    text = dict(package_pages())[name].decode("utf-8")
    assert "\r" not in text and len(text.splitlines()) > 300
    prose = FENCED.sub("", text)
    assert not [line for line in prose.splitlines() if len(line) > WIDTH]
    assert "](" not in prose and "**" not in prose and "|---" not in prose


@pytest.mark.parametrize("readme", [package_readme, set_readme])
def test_the_readme_names_every_page_and_fits_a_screen(readme: Callable[[], bytes]) -> None:
    text = readme().decode("utf-8-sig")
    for name in PAGES:
        assert name in text
    languages = text.split("\r\n\r\n\r\n")
    assert len(languages) == 2
    for language in languages:
        assert len(language.splitlines()) <= SCREEN
        assert max(map(len, language.splitlines())) <= WIDTH


@pytest.mark.slow
def test_a_wheel_carries_them(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q")
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "archiver", "formats"):
        (source / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [*command, "--wheel-dir", str(tmp_path), str(source)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    asked = (
        "from archiver.instructions import pages; print([len(t) for _, t in pages.package_pages()], pages)"
    )
    process = subprocess.run(
        [sys.executable, "-c", asked], cwd=installed, capture_output=True, check=False, encoding="utf-8"
    )
    assert process.returncode == 0, process.stderr
    assert str(installed) in process.stdout
    assert str([len(text) for _, text in package_pages()]) in process.stdout
