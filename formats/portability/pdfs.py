"""PDFs of a patient's part: which are copies of documents with metadata, and what the name of one says.

The guide of September 2026 gives the name: ``<AAAAMMJJ>_<type, 40 characters>_<NOM>_<prenom>[_<numéro>].pdf``; before,
names were free.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from formats.names import comparable
from formats.outside_files.archives import OutsideFile
from formats.pdlgc.profile import MAX_TWIN_TYPE
from formats.xdm.described import DescribedDocument
from formats.xdm.metadata import document_type

_NAME = re.compile(r"(?P<date>\d{8})_(?P<type>[^_]*)_(?P<family>[^_]+)_(?P<given>[^_.]+)(?:_(?P<number>.*))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfName:
    """What the name of a PDF says; all empty where it is another name."""

    date: str = ""
    type: str = ""
    family: str = ""
    given: str = ""
    number: str = ""


def pdf_name(name: str) -> PdfName:
    """Return what the base name of a PDF says."""
    found = _NAME.fullmatch(PurePosixPath(name).stem)
    if not found:
        return PdfName()
    return PdfName(**found.groupdict(default=""))


def without_copies(
    pdfs: Iterable[OutsideFile], documents: Iterable[DescribedDocument]
) -> tuple[list[OutsideFile], int]:
    """Return the PDFs that are no copies of ``documents``, and how many are.

    One is a copy by the name of the document's file, alone or as the number at its end, or by date and type: of one
    date and type no more than there are documents of it.
    """
    stems: set[str] = set()
    kinds: Counter[tuple[str, str]] = Counter()
    for one in documents:
        stems.add(PurePosixPath(one.file.name).stem.casefold())
        day = (one.entry.slot("serviceStartTime") or one.entry.slot("creationTime"))[:8]
        kinds[day, _type_key(document_type(one.entry).label)] += 1
    alone, copies = [], 0
    for pdf in pdfs:
        stem = PurePosixPath(pdf.name).stem.casefold()
        stated = pdf_name(pdf.name)
        key = stated.date, _type_key(stated.type)
        if stem in stems or stated.number.casefold() in stems:
            copies += 1
        elif stated.date and kinds[key]:
            kinds[key] -= 1
            copies += 1
        else:
            alone.append(pdf)
    return alone, copies


def _type_key(label: str) -> str:
    """Return the type as it can be compared: cut as in a name, then without accents, case and signs."""
    return comparable(label[:MAX_TWIN_TYPE])
