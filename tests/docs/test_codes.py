"""Every code that a page names is one the program uses."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT
from tests.docs.test_command_lines import FENCE, PAGES

CODE = re.compile(r"`(?P<code>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)`")
CODE_IN_OUTPUT = re.compile(r"\[(?P<code>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)\]$", re.MULTILINE)
LITERAL = re.compile(r"""["'](?P<text>[a-z0-9-]+)["']""")
"""A constant, in the source of the program or in what it is generated from."""
OTHERS = frozenset(
    {"age-encryption", "eark-validator", "ocfl-py", "p7zip-full", "no-store", "exclusive-18-months"}
    | {
        "pdfjs-dist",
        "codec-openjpeg",
        "codec-charls",
        "dcmjs-codecs",
        "jpeg-lossless-decoder-js",
        "codec-libjpeg-turbo-8bit",
    }
    | {"signed-note", "tlog-checkpoint", "tlog-cosignature", "tlog-tiles"}
    | {"first-byte", "last-byte"}
)
"""Names of other programs and words of specifications that are spelled like a code, and a code with its number; which
byte of a file the tests changed."""
GENERATED = "patient-bundle"
"""Begins the name of the page whose codes are FHIR's, and come from the mapping that it describes."""


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if not page.name.startswith(GENERATED)],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_the_program_has_every_code_of_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {found["code"] for found in CODE.finditer(FENCE.sub("", text))}
    named |= {found["code"] for found in CODE_IN_OUTPUT.finditer(text)}
    assert not named - literals() - OTHERS


def test_codes_are_found_at_all() -> None:
    text = (DOCS / "en" / "format" / "archive-format-1.md").read_text(encoding="utf-8")
    assert len({found["code"] for found in CODE.finditer(text)}) > 50
    assert "no-such-code" not in literals()


@cache
def literals() -> frozenset[str]:
    """Return every short text that stands in the source of the program and of its page."""
    sources = [path for part in ("archiver", "formats") for path in (ROOT / part).rglob("*.py")]
    sources += (ROOT / "archiver" / "opener" / "src").rglob("*.ts")
    assert len(sources) > 100
    return frozenset(
        found["text"] for path in sources for found in LITERAL.finditer(path.read_text(encoding="utf-8"))
    )
