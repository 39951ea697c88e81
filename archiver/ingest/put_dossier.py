"""Put an opened dossier, and the files of its archive, into a practice store."""

from __future__ import annotations

from functools import partial

from archiver.ingest.reused_keys import KeyReuse
from archiver.practice.store import Change, PracticeStore
from formats.digests import chunks
from formats.model.dossier import Dossier
from formats.pdlgc.read import PatientArchive
from formats.reading import FileBody


def put_dossier(store: PracticeStore, dossier: Dossier, archive: PatientArchive) -> list[Change]:
    """Put ``dossier`` into ``store`` with the files of ``archive``; return what each record and file did.

    Raises:
        FormatFailure, AttachmentChanged, DiskFull, DiskFault: while files are read and kept.
    """
    changes = [store.put(dossier.practice), *map(store.put, dossier.practitioners)]
    for attachment in dossier.attachments():
        body = FileBody(attachment=attachment, open=partial(archive.open_attachment, attachment.sha256))
        changes.append(store.keep_file(body))
        if changes[-1] is Change.UNCHANGED:
            _read_through(body)
    changes.append(store.put(dossier.patient))
    reuse = KeyReuse(store)
    changes += (store.put(reuse.settled(record)) for record in dossier.records())
    return changes


def _read_through(body: FileBody) -> None:
    """Read a copy that is here already: what was handed over must be whole even where it is not needed."""
    with body.open() as copy:
        for _ in chunks(copy):
            pass
