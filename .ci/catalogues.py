"""Bring the message catalogues up to date and compile them, or with ``--check`` tell whether they are up to date.

Both packages keep their French in ``<package>/locale/fr/LC_MESSAGES/archiver.po``;
the program reads the ``.mo`` beside it, which ``setup.py`` compiles. English is in the code.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("formats", "archiver")
MIME_HEADERS = [
    ("Language", "fr"),
    ("Plural-Forms", "nplurals=2; plural=(n > 1);"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]
"""The whole header of a catalogue. Babel would put its own version there, and the plural forms of its CLDR,
which gives French a third one for millions; gettext needs the two by which every sentence here is written."""
KEYWORDS = {
    "formats": {"mark": None, "plural": (1, 2)},
    "archiver": {"mark": None, "plural": (1, 2), "say": None, "note": None, "tell": None, "progress": None},
}


class FixedHeader(Catalog):
    """A French catalogue whose header depends on nobody's version of anything."""

    mime_headers = MIME_HEADERS
    num_plurals = 2
    plural_expr = "(n > 1)"


def extract(package: str) -> Catalog:
    """Return every sentence marked in ``package``."""
    catalogue = Catalog(domain="archiver", fuzzy=False)
    found = extract_from_dir(ROOT / package, [("**.py", "python")], keywords=KEYWORDS[package])
    for filename, _line, message, _comments, _context in sorted(found, key=lambda item: (item[0], item[1])):
        if message:
            catalogue.add(message, locations=[(f"{package}/{filename}", None)])
    return catalogue


def update(package: str, path: Path) -> Catalog:
    """Return the catalogue at ``path`` with exactly the sentences of the code."""
    before = io.BytesIO(path.read_bytes() if path.exists() else b"")
    catalogue = read_po(before, locale="fr", domain="archiver")
    translations = {message.id: message.string for message in catalogue if message.id}
    fresh = FixedHeader(domain="archiver", fuzzy=False)
    fresh.header_comment = "# French sentences of the archiver."
    for message in extract(package):
        if message.id:
            added = fresh.add(
                message.id, string=translations.get(message.id, ""), locations=message.locations
            )
            added.flags.clear()  # which formats Babel recognises changes with its version
    return fresh


def render(catalogue: Catalog) -> bytes:
    """Return the ``.po`` of ``catalogue``."""
    text = io.BytesIO()
    write_po(text, catalogue, width=108, omit_header=False, sort_by_file=True)
    return text.getvalue()


def is_translated(text: str | Sequence[str]) -> bool:
    """Whether a sentence, or each form of one that counts, is translated."""
    return bool(text) if isinstance(text, str) else all(text)


def files() -> tuple[dict[Path, bytes], list[str]]:
    """Return each catalogue with its text, and a complaint about each sentence without French."""
    texts, complaints = {}, []
    for package in PACKAGES:
        path = ROOT / package / "locale" / "fr" / "LC_MESSAGES" / "archiver.po"
        catalogue = update(package, path)
        texts[path] = render(catalogue)
        complaints += [
            f"{package}: no French for {str(message.id)!r}"
            for message in catalogue
            if message.id and not is_translated(message.string)
        ]
    return texts, complaints


if __name__ == "__main__":
    from generated_files import is_check, write_or_check

    catalogues, untranslated = files()
    status = write_or_check(catalogues, complaints=untranslated, command="make locale")
    if not is_check():
        subprocess.run([sys.executable, "setup.py", "--quiet", "build_catalogues"], cwd=ROOT, check=True)
    sys.exit(status)
