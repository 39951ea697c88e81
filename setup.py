"""Build of the distribution: ``pyproject.toml``, and the catalogues compiled (GNU gettext ``.po`` to ``.mo``).

No ``.mo`` is in the repository. Whatever installs or packs the project compiles them first; in a clone
``python setup.py build_catalogues`` does, which ``.ci/environment`` and ``make locale`` run. Only the standard
library is needed: Babel, which writes the ``.po``, would be a dependency of whoever installs from a clone.
"""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path
from typing import ClassVar

from setuptools import Command, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
CATALOGUES = "*/locale/*/LC_MESSAGES/*.po"
LINE = re.compile(r'(?:(?P<keyword>msgid|msgid_plural|msgstr(?:\[\d\])?) )?(?P<string>".*")')
MAGIC, REVISION = 0x950412DE, 0
HEADER = struct.Struct("<7I")
"""Magic, revision, number of messages, offsets of both tables, size and offset of the hash table, which is empty."""
ENTRY = struct.Struct("<2I")
"""Length and offset of a string, NUL not counted."""


def messages(po: str) -> dict[str, str]:
    """Translation by message identifier of a catalogue without contexts, fuzzy or obsolete messages.

    As in a ``.mo``, NUL stands between the singular and the plural, and between their translations.
    """
    found = {}
    for block in re.split(r"\n\s*\n", po):
        parts: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if not (match := LINE.fullmatch(line)):
                raise ValueError(f"not a line of a catalogue: {line}")
            keyword = match["keyword"] or keyword
            parts[keyword] = parts.get(keyword, "") + ast.literal_eval(match["string"])
        forms = [text for name, text in parts.items() if name.startswith("msgstr")]
        if all(forms) and parts:
            found["\0".join(parts[name] for name in parts if name.startswith("msgid"))] = "\0".join(forms)
    return found


def compiled(po: str) -> bytes:
    """Return the ``.mo`` of a ``.po``."""
    found = sorted(
        (identifier.encode(), translation.encode()) for identifier, translation in messages(po).items()
    )
    strings = [string for column in zip(*found, strict=True) for string in column]
    tables, offset = b"", HEADER.size + ENTRY.size * len(strings)
    for string in strings:
        tables += ENTRY.pack(len(string), offset)
        offset += len(string) + 1
    translations = HEADER.size + ENTRY.size * len(found)
    header = HEADER.pack(MAGIC, REVISION, len(found), HEADER.size, translations, 0, HEADER.size + len(tables))
    return header + tables + b"".join(string + b"\0" for string in strings)


def compile_catalogues() -> None:
    """Bring the ``.mo`` beside each ``.po`` up to date; one that is right may be open elsewhere, and is not written."""
    for path in ROOT.glob(CATALOGUES):
        wanted, target = compiled(path.read_text(encoding="utf-8")), path.with_suffix(".mo")
        if target.exists() and target.read_bytes() == wanted:
            target.touch()
        else:
            target.write_bytes(wanted)


class BuildCatalogues(Command):
    """``python setup.py build_catalogues``."""

    description = "compile the message catalogues, each beside its source"
    user_options: ClassVar[list[tuple[str, str, str]]] = []

    def initialize_options(self) -> None:
        """Take no options."""

    def finalize_options(self) -> None:
        """Take no options."""

    def run(self) -> None:
        """Compile them."""
        compile_catalogues()


class BuildPython(build_py):
    """Copy of modules and package data: wheel, source distribution and editable installation all ask it for them."""

    def finalize_options(self) -> None:
        """Make the catalogues before the package data is listed."""
        compile_catalogues()
        super().finalize_options()


if __name__ == "__main__":
    setup(cmdclass={"build_catalogues": BuildCatalogues, "build_py": BuildPython})
