"""Lost files: what a store lists and has no more, or not as long; and what of them an earlier run still has.

A backup goes on without them, for one rotten image must not end the copies of everything else. Which dossier lacks
which file is in the list of the run, with the earlier versions of that dossier that have it: they are not pruned as
long as the store has lost the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from archiver.assembly.lost_files import missing_reason
from archiver.backup.content_digests import unassigned_files
from archiver.backup.run_list import DossierPlace, LostFiles, RunList, token
from archiver.practice.attachments import attachment_path, size_at
from archiver.practice.columns import table_of
from archiver.practice.store import PracticeStore
from formats.model.dossier import PATIENT_KINDS

CHUNK = 500
"""Files asked about at a time; below the variables of any SQLite."""
NOBODY = ""
"""Stands for the patient of a file that is in no dossier."""
FilesByPatient = Mapping[str, tuple[str, ...]]
"""The SHA-256 of each lost file, by the identity of the patient whose dossier has it."""


def file_token(secret: bytes, file: str) -> str:
    """Return the token of the file with this SHA-256."""
    return token(secret, b"file", bytes.fromhex(file))


def lost_in_store(
    store: PracticeStore, secret: bytes, tokens: Mapping[str, str], last: RunList | None
) -> FilesByPatient:
    """Return what the store has lost: files that are not there, or not as long; ``tokens`` are by patient.

    What the ``last`` run found damaged is read again: it may have been put back. A store whose folder of files is not
    there at all has lost nothing: it is incomplete.
    """
    if not store.attachments.folder.is_dir():
        return {}
    folder = store.attachments.folder
    gone = [
        name
        for name, size in store.db.execute("SELECT sha256, size FROM files")
        if size_at(attachment_path(folder, name)) != size
    ]
    found: defaultdict[str, set[str]] = defaultdict(set)
    unassigned = unassigned_files(store)
    found[NOBODY] = {one.sha256 for one in unassigned}.intersection(gone)
    for attachment in unassigned if last and last.lost else ():
        damaged = last is not None and file_token(secret, attachment.sha256) in last.lost
        if damaged and missing_reason(store.attachments, attachment, compared=True) is not None:
            found[NOBODY].add(attachment.sha256)
    for start in range(0, len(gone), CHUNK):
        for patient, name in _owners(store, gone[start : start + CHUNK]):
            found[patient].add(name)
    for patient, one in tokens.items():
        known = last.lost.get(one) if last else None
        for attachment in store.dossier(patient).attachments() if known else ():
            listed = known and file_token(secret, attachment.sha256) in known.files
            if listed and missing_reason(store.attachments, attachment, compared=True) is not None:
                found[patient].add(attachment.sha256)
    return {patient: tuple(sorted(names)) for patient, names in sorted(found.items()) if names}


def _owners(store: PracticeStore, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield whose dossiers have which of the files ``names``."""
    marks = ", ".join("?" * len(names))
    for kind in PATIENT_KINDS:
        root = table_of(kind)
        for table in root.family:
            for column in table.stored:
                if column.refers == "files":
                    joined = f" JOIN [{root.name}] r ON r.id = t.owner" if table.owner else ""
                    owner = "r.patient" if table.owner else "t.patient"
                    query = f"SELECT {owner}, t.[{column.name}] FROM [{table.name}] t{joined}"  # noqa: S608 - of the model
                    yield from store.db.execute(f"{query} WHERE t.[{column.name}] IN ({marks})", names)


def has_found_again(last: RunList, one: str, secret: bytes, lost: Collection[str]) -> bool:
    """Tell whether a file that the ``last`` run lacked of the dossier ``one`` is there: not among the ``lost``."""
    known = last.lost.get(one)
    return known is not None and not set(known.files) <= {file_token(secret, name) for name in lost}


def lost_entry(last: RunList | None, one: str, secret: bytes, lost: Collection[str]) -> LostFiles | None:
    """Return what the list says of the dossier ``one``, sealed without the files ``lost``; nothing where it is whole.

    Its version of the ``last`` run joins the earlier ones where that had a file that this one lacks.
    """
    if not lost:
        return None
    files = tuple(sorted(file_token(secret, name) for name in lost))
    known = last.lost.get(one) if last else None
    earlier: tuple[DossierPlace, ...] = known.earlier if known else ()
    if last and one in last.dossiers and not (known and set(files) <= set(known.files)):
        earlier = (*earlier, last.dossiers[one])
    return LostFiles(files=files, earlier=earlier)
