"""Write documents into a folder: all of them, or none.

1. Each document is printed in each language, from templates and data.
2. Names that are taken are refused before the first file is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.file_transaction import file_transaction
from archiver.paperwork.documents import (
    Document,
    PrintedDocument,
    RegisterDocument,
    TransferDocument,
    file_name,
    print_document,
)
from archiver.paperwork.templates import templates_of
from formats.findings import Finding, Severity
from formats.words import LANGUAGES, mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperworkRequest:
    """Which documents with which data, into which folder (made if it is not there).

    ``templates`` is a folder whose templates take the place of the program's; ``with_data`` writes what each
    template got beside the document, as JSON. ``beside`` are files of another kind, by their names.
    """

    documents: Mapping[TransferDocument, Any] | Mapping[RegisterDocument, Any]
    folder: Path
    made: datetime
    templates: Path | None = None
    with_data: bool = False
    beside: Mapping[str, bytes] = field(default_factory=dict)


def require_free_names(documents: Iterable[Document], folder: Path) -> None:
    """Refuse names that are taken before hours of work, not after.

    Raises:
        AlreadyExists: for the first file that is there.
    """
    for one in documents:
        for language in LANGUAGES:
            path = folder / file_name(one, language)
            if path.exists():
                raise AlreadyExists(path=str(path))


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenPaperwork:
    """The files that were written; ``findings`` tell of letters that no font has."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()


def write_paperwork(request: PaperworkRequest) -> WrittenPaperwork:
    """Follow the steps; the same request gives the same bytes.

    Raises:
        AlreadyExists: when a file is there; nothing is replaced.
        TemplateInvalid, FolderNotFound, LimitExceeded, NotARegularFile: as ``templates_of`` and ``print_document``.
        DiskFull, DiskFault: what the disk answered.
    """
    templates = templates_of(request.templates)
    printed = [
        one
        for document, data in request.documents.items()
        for one in print_document(document, data, templates, made=request.made)
    ]
    contents = dict(_contents(request, printed))
    for path in contents:
        if path.exists():
            raise AlreadyExists(path=str(path))
    disk.make_private_folder(request.folder)
    with file_transaction(next(iter(contents))) as files:
        for path, content in contents.items():
            stream = files.open()
            stream.write(content)
            files.name(stream, path)
    return WrittenPaperwork(files=tuple(contents), findings=tuple(_findings(printed)))


def _contents(request: PaperworkRequest, printed: Sequence[PrintedDocument]) -> Iterator[tuple[Path, bytes]]:
    for one in printed:
        path = request.folder / one.name
        yield path, one.pdf
        if request.with_data:
            text = json.dumps(one.data, ensure_ascii=False, indent=2) + "\n"
            yield path.with_suffix(".json"), text.encode("utf-8")
    for name, content in request.beside.items():
        yield request.folder / name, content


def _findings(printed: Sequence[PrintedDocument]) -> Iterator[Finding]:
    for one in printed:
        if one.letters:
            yield Finding(
                severity=Severity.WARNING,
                code="letter-without-font",
                where=one.name,
                sentence=mark(
                    "No font has these letters; the document has their Unicode numbers: {letters}."
                ),
                facts={"letters": " ".join(f"U+{ord(letter):04X}" for letter in one.letters)},
            )
