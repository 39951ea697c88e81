"""Typesetting: PDF/A, the same bytes, and nothing in data or templates that reaches beyond the page."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.paper import typesetting
from archiver.paper.errors import TemplateInvalid
from archiver.paper.typesetting import typeset, unprintable_letters
from tests.pdfa import pdfa_faults
from tests.tools import need, run

MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TEMPLATE = b"""\
#set document(title: "Essai")
#set text(lang: "fr")
#let data = json(bytes(sys.inputs.data))
#for one in data.names [#one #parbreak()]
"""
MARKUP = (
    '#read("/etc/passwd")',
    "#(1 + 1)",
    "*gras* _penché_ `brut`",
    "$x^2$",
    "= Titre",
    "\\ \\u{41}",
    "// fin",
    "<étiquette> @renvoi",
    '"); #panic("',
    "~ -- ---",
)
"""What would be markup in a template, and is somebody's name here."""
NAMES = ("Ÿvonne Lœuilleux-Đặng", "Łucja Žižek", "Ελένη Παπαδοπούλου", "Ольга Ўсьвіч", "O’Brien", "N'Diaye")
LETTERS = {
    "Latin": (0x20, 0x2B0),
    "Vietnamese": (0x1E00, 0x1F00),
    "Greek": (0x370, 0x400),
    "Cyrillic": (0x400, 0x500),
    "Armenian": (0x530, 0x590),
    "Hebrew": (0x5D0, 0x5EB),
}


def made(names: tuple[str, ...] = (), template: bytes = TEMPLATE) -> bytes:
    return typeset({"fr/essai.typ": template}, "fr/essai.typ", {"names": list(names)}, made=MADE)


def shown(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_same_data_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    first = made(NAMES)
    assert first == made(NAMES)
    code = (
        "import sys; from tests.unit.paper.test_typesetting import NAMES, made; "
        "sys.stdout.buffer.write(made(NAMES))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == first


def test_a_page_is_pdf_a_and_a_page_that_is_not_is_noticed(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    other = io.BytesIO()
    Canvas(other).save()
    faults = pdfa_faults({"ours.pdf": made(NAMES + MARKUP), "other.pdf": other.getvalue()}, tmp_path)
    assert faults["ours.pdf"] == ""
    assert "Metadata" in faults["other.pdf"] or "Syntax error" in faults["other.pdf"]


def test_every_font_is_inside_and_the_metadata_say_what_it_is(tmp_path: Path) -> None:
    pdf = made(NAMES)
    (tmp_path / "a.pdf").write_bytes(pdf)
    lines = run(need("pdffonts"), tmp_path / "a.pdf").splitlines()[2:]
    assert lines
    for line in lines:
        assert re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+$", line).group(1) == "yes", line
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+1", xmp) and re.search(r"pdfaid:conformance[>=\"]+A", xmp)
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "fr"
    assert b"2026-03-01" in root["/Metadata"].get_data()


def test_a_name_is_text_whatever_stands_in_it() -> None:
    text = flat(shown(made(MARKUP)))
    for name in MARKUP:
        assert flat(name) in text
    assert "root:" not in text


def test_letters_of_names_are_printed() -> None:
    text = flat(shown(made(NAMES)))
    for name in NAMES:
        assert name in text


@pytest.mark.parametrize("script", LETTERS)
def test_letters_that_pass_without_a_look_have_a_font(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are typeset for once, those that are otherwise not even looked at."""
    monkeypatch.setattr(typesetting, "_EASY", re.compile("(?!)"))
    letters = "".join(
        chr(code)
        for code in range(*LETTERS[script])
        if unicodedata.category(chr(code)) not in {"Cc", "Cf", "Cn", "Co", "Cs"}
    )
    assert len(letters) > 25
    assert unprintable_letters(letters) == frozenset()


def test_letters_that_no_font_has_are_found() -> None:
    assert unprintable_letters("王 Wei, Zoé 😀 和") == frozenset("王😀和")
    assert unprintable_letters("") == frozenset()


@pytest.mark.parametrize(
    ("template", "reason", "where"),
    [
        ('#read("/etc/passwd")', "file not found", "essai.typ:2"),
        ('#read("../../../../etc/passwd")', "would escape the project root", "essai.typ:2"),
        ('#image("/etc/hostname")', "file not found", "essai.typ:2"),
        ('#import "@preview/cetz:0.3.0"', "it asks for a package from the network", "fr/essai.typ"),
        ("#import '@local/x:0.1.0'", "it asks for a package from the network", "fr/essai.typ"),
        ("#unknown", "unknown variable", "essai.typ:2"),
        ("王", "could not be displayed", "essai.typ:2"),
        ("#let f(x) = f(x + 1)\n#f(1)", "maximum function call depth exceeded", "essai.typ:2"),
        ("#let x = 1; #while x > 0 { x += 1 }", "loop seems to be infinite", "essai.typ:2"),
    ],
)
def test_a_template_that_reaches_beyond_the_page_or_is_wrong_is_refused(
    template: str, reason: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("somebody asked the network")

    monkeypatch.setattr(socket.socket, "connect", nobody)
    source = b'#set document(title: "x")\n' + template.encode()
    with pytest.raises(TemplateInvalid) as raised:
        made(template=source)
    assert reason in str(raised.value.facts["reason"])
    assert raised.value.where.endswith(where)
    assert len(str(raised.value.facts["reason"])) <= typesetting.MAX_MESSAGE


def test_a_template_sees_what_lies_beside_it() -> None:
    files = {
        "fr/essai.typ": b'#set document(title: "x")\n#import "../common.typ": word\n'
        b'#word #image("/logo.svg", alt: "Logo")',
        "common.typ": b'#let word = "commun"',
        "logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0H9V9z"/></svg>',
    }
    assert "commun" in shown(typeset(files, "fr/essai.typ", {}, made=MADE))
