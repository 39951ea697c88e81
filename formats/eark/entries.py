"""What the METS documents say: files, the documents they make up, dossiers, and who made the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from formats.digests import Digest

T = TypeVar("T")


class GrowingList(Protocol[T]):
    """A list that only grows and is gone through again and again; it need not be in memory."""

    def append(self, record: T, /) -> None: ...

    def __iter__(self) -> Iterator[T]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent:
    """A person or organisation of the header, with the number that it is known by."""

    name: str
    identifier: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageFacts:
    """What a package says of itself: its identifier, when and by which software it was made, and of whom it is."""

    identifier: str
    created: datetime
    software: str
    version: str
    creator: Agent


@dataclass(frozen=True, kw_only=True, slots=True)
class FileEntry:
    """A file: its ``path`` from the METS document on, its SHA-256, size in bytes, media type.

    ``original`` is the name that it had in the source.
    """

    number: int
    path: str
    digest: Digest
    size: int
    media_type: str
    original: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentEntry:
    """Files that make up one document (EH14), in the folder ``folder``; ``title`` is what people call it."""

    number: int
    folder: str
    title: str
    files: tuple[FileEntry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierEntry:
    """A dossier as one case of a patient's record: its documents, and the descriptive metadata beside them."""

    number: int
    record: str
    case: str
    documents: tuple[DocumentEntry, ...]
    conditions: FileEntry | None = None
