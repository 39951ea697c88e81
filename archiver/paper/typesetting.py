"""Typesetting of templates into PDF/A-1a (ISO 19005-1) by typst; the only module that knows it.

The compiler sees a folder that holds the templates and nothing else, the fonts it brings along and no others,
and no network: a template that asks for a package is refused. Data reaches a template as JSON and never as
markup, so that a name is text whatever stands in it. The same templates, data and moment give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

import typst

from archiver import temporary_files
from archiver.paper.errors import TemplateInvalid
from formats.words import mark

Standard: TypeAlias = Literal["a-1a", "a-1b"]
STANDARD: Standard = "a-1a"
"""PDF/A-1 with its structure and Unicode, so that a program reads it aloud; whoever asks for level b takes it too."""
MAX_MESSAGE = 300
"""Characters of what the compiler says that a failure repeats."""

_EASY = re.compile(r"[ -~\u00a0-\u02af\u0370-\u0377\u037a-\u037f\u0384-\u03ff\u0400-\u0481\u048a-\u04ff]*")
"""Latin, Greek and Cyrillic letters, all of which the fonts have (``tests/unit/paper/test_typesetting.py``)."""
_PLACE = re.compile(r"┌─ (?:[^\n]*?[\\/])?(?P<file>(?:[a-z]{2}[\\/])?[^\\/\n]+\.typ):(?P<line>\d+):")
_PACKAGE = re.compile(rb"""["']@""")
_PROBE = b"""\
#set document(title: "-")
#text(font: "Libertinus Serif")[#sys.inputs.text]
#text(font: "Libertinus Serif", weight: "bold")[#sys.inputs.text]
"""
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def typeset(files: Mapping[str, bytes], main: str, data: Mapping[str, Any], *, made: datetime) -> bytes:
    """Return the PDF of the template ``main``, one of ``files`` by their names, which gets ``data`` as its input.

    Raises:
        TemplateInvalid: when the template is none, or asks for something it may not have.
        DiskFull, DiskFault: what the disk answered.
    """
    with temporary_files.scratch() as root:
        _write_templates(root, files)
        try:
            return _compiled(root, main, {"data": json.dumps(data, ensure_ascii=False)}, made)
        except typst.TypstError as fault:
            raise _invalid(fault, main) from fault


class Typesetter:
    """Typesetting of many documents by the same templates, in ``folder``, with one compiler.

    What a document shows besides its data, such as pictures, lies in ``folder`` as well while it is typeset.

    Raises:
        TemplateInvalid: when a template asks for a package.
        DiskFull, DiskFault: what the disk answered.
    """

    def __init__(self, folder: Path, files: Mapping[str, bytes]) -> None:
        self._folder = folder
        _write_templates(folder, files)
        self._compiler = typst.Compiler(
            root=str(folder),
            ignore_system_fonts=True,
            package_path=str(folder),
            package_cache_path=str(folder),
        )

    def typeset(self, main: str, data: str, *, made: datetime, standard: Standard = STANDARD) -> bytes:
        """Return the PDF of the template ``main``, which gets the JSON ``data`` as its input; level b has no structure.

        Raises:
            TemplateInvalid: when the template is none, or the data are not as it, or the standard, takes them.
        """
        try:
            pdf = self._compiler.compile(
                str(self._folder / main),
                sys_inputs={"data": data},
                pdf_standards=standard,
                timestamp=made,
                format="pdf",
                pdf_tags=standard == STANDARD,
            )
        except typst.TypstError as fault:
            raise _invalid(fault, main) from fault
        if not isinstance(pdf, bytes):  # of several pictures a list
            raise TypeError(type(pdf))
        return pdf


def _write_templates(root: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".typ") and _PACKAGE.search(content):
            raise TemplateInvalid(where=name, reason=mark("it asks for a package from the network"))
        path = root.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _compiled(root: Path, main: str, inputs: dict[str, str], made: datetime) -> bytes:
    return typst.compile(
        str(root.joinpath(*main.split("/"))),
        root=str(root),
        ignore_system_fonts=True,
        package_path=str(root),
        package_cache_path=str(root),
        sys_inputs=inputs,
        pdf_standards=STANDARD,
        timestamp=made,
    )


def _invalid(fault: typst.TypstError, main: str) -> TemplateInvalid:
    place = _PLACE.search(fault.diagnostic)
    where = f"{place['file']}:{place['line']}" if place else main
    return TemplateInvalid(where=where, reason=" ".join([fault.message, *fault.hints])[:MAX_MESSAGE])


def unprintable_letters(text: str) -> frozenset[str]:
    """Return the characters of ``text`` that no font has; a document with one of them is refused."""
    rare = {one for one in text if not _EASY.fullmatch(one)}
    for some in _pieces(sorted(rare - _HAS_FONT.keys())):
        _look_up(some)
    return frozenset(one for one in rare if not _HAS_FONT[one])


_HAS_FONT: dict[str, bool] = {}
"""Characters that were looked up, and whether a font has them."""


def _pieces(letters: list[str], size: int = 64) -> Iterable[list[str]]:
    return (letters[at : at + size] for at in range(0, len(letters), size))


def _look_up(letters: list[str]) -> None:
    """Find out which of ``letters`` have a font, by halves."""
    together = _typesets("".join(letters))
    if together or len(letters) == 1:
        _HAS_FONT.update(dict.fromkeys(letters, together))
    else:
        middle = len(letters) // 2
        _look_up(letters[:middle])
        _look_up(letters[middle:])


def _typesets(text: str) -> bool:
    with temporary_files.scratch() as root:
        root.joinpath("probe.typ").write_bytes(_PROBE)
        try:
            _compiled(root, "probe.typ", {"text": text}, _NO_MOMENT)
        except typst.TypstError:
            return False
    return True
