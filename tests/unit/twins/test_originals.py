"""Copies of original files: what they show, what stands in for what they cannot, and nothing hostile in them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from formats.model.dossier import Dossier
from formats.pdlgc.subset.documents import SubsetDocument
from tests.clinical import wrapped
from tests.copies import Copies, made_copies, original
from tests.full_dossier import full_dossier
from tests.pdfa import pdfa_faults

MARKUP = '#read("/etc/passwd") #panic() *gras* _x_ $x^2$ = Titre `brut` <a> @b \\ // fin'


def clinical(*sections: str) -> bytes:
    """Return a clinical document of other software with ``sections``."""
    body = "".join(f"<component>{one}</component>" for one in sections)
    return (
        f'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>CR</title><component><structuredBody>'
        f"{body}</structuredBody></component></ClinicalDocument>"
    ).encode()


LINES = "Ligne de note clinique : détartrage, polissage de la 36.\n"


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """Return a picture whose upper left quarter is black."""
    image = Image.new(mode, size, {"1": 1, "L": 255, "I;16": 60000, "CMYK": (0, 0, 0, 0)}.get(mode, "white"))
    image.paste({"CMYK": (0, 0, 0, 255), "I;16": 100}.get(mode, 0), (0, 0, size[0] // 2, size[1] // 2))
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def oriented(turn: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turn
    return picture("JPEG", exif=exif)


def scan(pages: int) -> bytes:
    images = [Image.new("1", (60, 40), 1) for _ in range(pages)]
    for number, image in enumerate(images, 1):
        image.paste(0, (0, 0, number, number))
    target = io.BytesIO()
    images[0].save(target, "TIFF", save_all=True, append_images=images[1:])
    return target.getvalue()


def bomb() -> bytes:
    """Return a PNG of 40,000 by 40,000 pixels in a few hundred bytes, as far as its header goes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def pdf(pages: int = 2, size: tuple[int, int] = (595, 842)) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size)
    for page in range(1, pages + 1):
        canvas.drawString(50, size[1] - 60, f"Courrier du confrère, feuille {page}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def wrapped_document(data: bytes) -> bytes:
    """Return a clinical document that wraps a file, whatever ``data`` is."""
    return (f'<ClinicalDocument xmlns="urn:hl7-org:v3">{wrapped(data)}</ClinicalDocument>').encode()


def changed_pdf(change: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    if change == "encrypt":
        writer.encrypt("secret", algorithm="AES-256")
    elif change == "script":
        script = {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
        writer.add_attachment("a.exe", b"MZ")
    else:
        for _ in range(299):
            writer.add_blank_page(10, 10)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


SHOWN: Mapping[str, tuple[bytes, str]] = {
    "utf8.txt": ("Molaire n° 36 : « à revoir » — 12 €\n".encode(), "Molaire n° 36 : « à revoir » — 12 €"),
    "utf16.txt": ("\ufeffDent dépulpée\n".encode("utf-16-le"), "Dent dépulpée"),
    "windows.txt": ("Œdème, 5 €".encode("cp1252"), "Œdème, 5 €"),
    "markup.txt": (MARKUP.encode(), MARKUP),
    "bidi.txt": ("a\u202eb\u2066c d\x00e\x1bf\u2028g".encode(), "a\ufffdb\ufffdc d\ufffde\ufffdf\ufffdg"),
    "emoji.txt": ("Dent 🦷 王".encode(), "Dent [U+1F9B7] [U+738B]"),
    "hebrew.txt": ("שלום".encode(), "שלום"),
    "word.txt": (b"m" * 50_000, "mmmmmmmm"),
    "lettre.rtf": (
        rb"{\rtf1\ansi\ansicpg1252 Cher confr\'e8re,\par d\'e9vitaliser la 36.}",
        "dévitaliser la 36.",
    ),
    "compte-rendu.xml": (
        clinical(
            "<section><title>Antécédents</title><text><table><tbody><tr><td>HTA</td><td>2009</td></tr></tbody></table>"
            "</text><component><section><title>Allergies</title><text>Aucune connue</text></section></component>"
            "</section>"
        ),
        "Antécédents HTA | 2009 Allergies Aucune connue",
    ),
    "enveloppe.xml": (wrapped_document(pdf()), "Courrier du confrère, feuille 2"),
    "photo.jpg": (picture("JPEG"), "photo"),
    "turned.jpg": (oriented(6), "turned"),
    "cmyk.jpg": (picture("JPEG", "CMYK"), "cmyk"),
    "clear.png": (picture("PNG", "RGBA"), "clear"),
    "grey16.png": (picture("PNG", "I;16"), "grey16"),
    "palette.gif": (picture("GIF"), "palette"),
    "bitmap.bmp": (picture("BMP"), "bitmap"),
    "web.webp": (picture("WEBP"), "web"),
    "scan.tif": (scan(3), "scan"),
    "courrier.pdf": (pdf(), "Courrier du confrère, feuille 2"),
    "paysage.pdf": (pdf(1, (842, 595)), "feuille 1"),
    "affiche.pdf": (pdf(1, (14_400, 14_400)), "feuille 1"),
    "script.pdf": (changed_pdf("script"), "feuille 2"),
}
"""Files that are shown, and what their copies say."""
STAND_INS: Mapping[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "copy-of-empty-file"),
    "bureau.docx": (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml word/", "copy-of-unknown-format"),
    "page.html": (b"<!doctype html><p>x", "copy-of-unknown-format"),
    "liste.xml": (b"<?xml version='1.0'?><liste><a/></liste>", "copy-of-unknown-format"),
    "vide.xml": (clinical(), "copy-of-unknown-format"),
    "coupe.xml": (clinical("<section>")[:-40], "copy-of-damaged-file"),
    "entites.xml": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "copy-of-damaged-file",
    ),
    "boucle.xml": (wrapped_document(clinical("<section/>")), "copy-of-unknown-format"),
    "cut.jpg": (picture("JPEG", size=(400, 400))[:-300], "copy-of-damaged-file"),
    "not.png": (b"\x89PNG\r\n\x1a\n" + b"\xff" * 90, "copy-of-damaged-file"),
    "loop.tif": (b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + b"\0" * 60, "copy-of-damaged-file"),
    "bomb.png": (bomb(), "copy-beyond-limit"),
    "garbage.pdf": (b"%PDF-1.4\n" + b"\xfe" * 900, "copy-of-damaged-file"),
    "secret.pdf": (changed_pdf("encrypt"), "copy-of-encrypted-file"),
    "endless.pdf": (changed_pdf("pages"), "copy-beyond-limit"),
    "lines.txt": (b"a\n" * 50_000, "copy-beyond-limit"),
    "long.txt": (b"mot " * 600_000, "copy-beyond-limit"),
    "bad.rtf": (b"{\\rtf1" + b"{" * 5_000, ""),
}
"""Files that are not, and the code of what is found; none where either will do."""
LONG = {"notes.txt": (LINES.encode() * 18_000, "polissage de la 36.")}
FILES = SHOWN | STAND_INS | LONG
AS_TEXT = {"bidi.txt": "text/plain"}
"""Media types that the content does not tell."""


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return full_dossier()


DOCUMENTS: Mapping[str, SubsetDocument] = {
    name: original(full_dossier(), name, content, number, AS_TEXT.get(name, ""))
    for number, (name, (content, _)) in enumerate(FILES.items(), 1)
}


def place(name: str) -> str:
    return DOCUMENTS[name].place


@pytest.fixture(scope="module")
def copies(dossier: Dossier) -> Copies:
    return made_copies(
        dossier, [*DOCUMENTS.values()], [content for content, _ in FILES.values()], processes=2
    )


def test_every_copy_is_pdf_a(copies: Copies, tmp_path: Path) -> None:
    files = {f"{Path(name).stem}.pdf": content for name, content in copies.pdfs.items()}
    assert len(files) == len(FILES)
    faults = pdfa_faults(files, tmp_path)
    assert {name: fault for name, fault in faults.items() if fault} == {}


def test_a_copy_shows_the_file(copies: Copies) -> None:
    for name, (_, fact) in SHOWN.items():
        assert squeezed(fact) in squeezed(copies.text(place(name))), name
        assert [code for code in copies.codes(place(name)) if code != "copy-letters"] == [], name


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_page_stands_in_and_says_what_the_file_is(copies: Copies) -> None:
    for name, (_, code) in STAND_INS.items():
        found = copies.codes(place(name))
        assert found == [code] if code else len(found) <= 1, name
        record = DOCUMENTS[name].record
        assert record is not None and record.attachment is not None
        facts = (name, record.attachment.sha256, place(name), record.attachment.media_type)
        text = squeezed(copies.text(place(name)))
        assert not found or [fact for fact in facts if fact not in text] == [], name
    assert copies.counts.stand_ins >= len(STAND_INS) - 1


def test_letters_that_no_font_has_are_named(copies: Copies) -> None:
    (found,) = [one for one in copies.findings if one.where == place("emoji.txt")]
    assert found.code == "copy-letters" and found.facts["letters"] == "王 🦷"


def pages(name: str, copies: Copies) -> int:
    return len(PdfReader(io.BytesIO(copies.pdfs[place(name)])).pages)


def test_every_page_is_there(copies: Copies) -> None:
    assert [pages(name, copies) for name in ("courrier.pdf", "paysage.pdf", "lettre.rtf")] == [2, 1, 1]
    notes = PdfReader(io.BytesIO(copies.pdfs[place("notes.txt")]))
    assert len(notes.pages) > 200 and LONG["notes.txt"][1] in notes.pages[-2].extract_text()
    reader = PdfReader(io.BytesIO(copies.pdfs[place("scan.tif")]))
    assert sum(len(page.images) for page in reader.pages) == 3


def first_picture(name: str, copies: Copies) -> Image.Image:
    page = PdfReader(io.BytesIO(copies.pdfs[place(name)])).pages[0]
    return page.images[0].image.convert("L")


def test_a_picture_is_as_it_was(copies: Copies) -> None:
    for name in ("photo.jpg", "cmyk.jpg", "grey16.png", "palette.gif", "bitmap.bmp", "web.webp"):
        image = first_picture(name, copies)
        assert image.size == (60, 40), name
        corner, *others = map(image.getpixel, ((5, 5), (55, 35), (55, 5)))
        assert corner < 40 and min(others) > 215, name


def test_a_photograph_stands_upright_and_what_is_clear_is_white(copies: Copies) -> None:
    turned = first_picture("turned.jpg", copies)
    assert turned.size == (40, 60)
    assert turned.getpixel((35, 5)) < 40 and turned.getpixel((5, 5)) > 215
    assert first_picture("clear.png", copies).getpixel((5, 5)) > 215


def test_nothing_of_a_file_acts(copies: Copies) -> None:
    content = copies.pdfs[place("script.pdf")]
    assert b"/JavaScript" not in content and b"/EmbeddedFile" not in content and b"/OpenAction" not in content
    assert "root:" not in copies.text(place("markup.txt"))


def test_level_a_where_there_is_text_and_level_b_for_pictures_of_pages(copies: Copies) -> None:
    levels = {}
    for name in ("photo.jpg", "notes.txt", "courrier.pdf"):
        root = PdfReader(io.BytesIO(copies.pdfs[place(name)])).trailer["/Root"]
        levels[name] = root["/Metadata"].get_data().decode().partition("conformance")[2].lstrip('>="')[:1]
    assert levels == {"photo.jpg": "A", "notes.txt": "A", "courrier.pdf": "B"}
