"""Register of remarks on files: what is worth a person's eye in the file of a document or an image, by its digest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archiver.practice.store import PracticeStore
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile

_NOTE = "INSERT OR IGNORE INTO file_remarks (sha256, code) VALUES (?, ?)"
_QUERIES = {
    kind.kind: (
        "SELECT one.id, one.patient, coalesce(nullif(one.original_name, ''), one.title), file_remarks.code"
        f" FROM file_remarks JOIN [{kind.kind}] AS one ON one.attachment_sha256 = file_remarks.sha256"
        " ORDER BY one.rowid"
    )
    for kind in (Document, ImageFile)
}


class FileRemark(NamedTuple):
    """A remark of ``code`` on the file of a record, which is called ``name``."""

    kind: str
    id: str
    patient: str
    name: str
    code: str


def note_file_remark(store: PracticeStore, attachment: Attachment, code: str) -> None:
    """Remember what is worth a person's eye in a file, which is stored."""
    store.db.execute(_NOTE, (attachment.sha256, code))


def file_remarks(store: PracticeStore) -> Iterator[FileRemark]:
    """Yield every remark on a file that a document or an image has now."""
    for kind, query in _QUERIES.items():
        for identity, patient, name, code in store.db.execute(query):
            yield FileRemark(kind, identity, patient, name, code)
