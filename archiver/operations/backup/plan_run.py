"""What a run has to seal: dossiers whose rows are other than in the list of the run before, and what went lost.

1. Where SQLite wrote nothing into the store since the last run, and every package is in the vault, there is nothing.
2. Else every row is read (``archiver.backup.content_digests``), and each dossier compared by its tokens with the list.
3. A dossier is sealed that is new, whose rows are other, or whose package no storage has any more; and one that lacks
   a file in the vault, which is in the store again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archiver.assembly.seal import sealing_sizes
from archiver.backup.content_digests import ContentDigests, is_whole, store_fingerprint, unassigned_files
from archiver.backup.description import BackupDescription
from archiver.backup.lost_files import NOBODY, FilesByPatient, file_token, has_found_again, lost_in_store
from archiver.backup.run_list import FilePlace, RunList, token
from archiver.practice.errors import StoreUnreadable
from archiver.practice.store import PracticeStore
from archiver.worker_pool import processes_for
from formats.model.documents import Attachment
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRun:
    """What is to be done: ``sealed`` are patient records, ``tokens`` all of the store by patient, with their contents.

    ``unassigned`` are by token the files of the store that are in no dossier; ``files`` those of them that are sealed.
    ``lost`` are, by patient, the files that the store lists and has no more: the run goes on without them.
    ``gone`` counts dossiers that the store has no more. ``practice`` is the token of what belongs to no dossier, and
    ``practice_changed`` whether the practice's own rows are to be sealed as well.
    """

    fingerprint: str
    sealed: tuple[str, ...] = ()
    tokens: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    gone: int = 0
    practice: str = ""
    practice_changed: bool = False
    processes: int = 1
    unassigned: Mapping[str, Attachment] = field(default_factory=dict)
    files: Mapping[str, FilePlace] = field(default_factory=dict)
    files_changed: bool = False
    lost: FilesByPatient = field(default_factory=dict)

    @property
    def needed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.sealed or self.gone or self.practice_changed or self.files_changed)


def plan_run(
    store: PracticeStore,
    description: BackupDescription,
    last: RunList | None,
    *,
    before: str,
    lost: set[str],
    again: bool = False,
) -> PlannedRun:
    """Return what is to be done; ``before`` is the fingerprint of the store at the last run.

    Raises:
        StoreUnreadable: when SQLite does not find the store whole.
    """
    fingerprint, secret = store_fingerprint(store), description.secret
    names = {one: dossier_token(secret, one) for (one,) in store.db.execute("SELECT id FROM patients")}
    holes = lost_in_store(store, secret, names, last)
    found = {
        one for one, name in names.items() if last and has_found_again(last, name, secret, holes.get(one, ()))
    }
    unassigned = {file_token(secret, one.sha256): one for one in unassigned_files(store)}
    files = _sealed_files({} if last is None or again else last.files, unassigned, lost)
    there = {name for name, one in unassigned.items() if one.sha256 not in holes.get(NOBODY, ())}
    files_changed = last is None or again or last.files.keys() != files.keys() or bool(there - files.keys())
    if last is not None and fingerprint == before and not (lost or again or found or files_changed):
        return PlannedRun(fingerprint=fingerprint, unassigned=unassigned, files=files, lost=holes)
    if not is_whole(store.db):
        raise StoreUnreadable(where=str(store.path), reason=mark("it is damaged; nothing was backed up"))
    digests = ContentDigests(store)
    tokens = {
        patient: (names[patient], token(secret, b"content", digest))
        for patient, digest in digests.dossiers.items()
    }
    practice = token(secret, b"practice", digests.practice)
    known = {} if last is None or again else last.dossiers
    known = {name: one for name, one in known.items() if one.object_id not in lost}
    changed = set(_changed(tokens, known)) | found
    sealed = tuple(patient for patient in tokens if patient in changed)
    stored = {name for name, _ in tokens.values()}
    return PlannedRun(
        fingerprint=fingerprint,
        sealed=sealed,
        tokens=tokens,
        gone=sum(name not in stored for name in (last.dossiers if last else ())),
        practice=practice,
        practice_changed=again or last is None or practice != last.practice or last.practice_object in lost,
        processes=processes_for(sealing_sizes(store, sealed)),
        unassigned=unassigned,
        files=files,
        files_changed=files_changed,
        lost=holes,
    )


def _sealed_files(
    known: Mapping[str, FilePlace], unassigned: Mapping[str, Attachment], lost: set[str]
) -> dict[str, FilePlace]:
    """Return those of the ``known`` files that are of nobody still, and whose object is not ``lost``."""
    return {one: place for one, place in known.items() if one in unassigned and place.object_id not in lost}


def dossier_token(secret: bytes, patient: str) -> str:
    """Return the token of the dossier of a patient record."""
    return token(secret, b"dossier", patient.encode())


def _changed(tokens: Mapping[str, tuple[str, str]], known: Mapping[str, object]) -> Iterator[str]:
    for patient, (name, content) in tokens.items():
        if getattr(known.get(name), "content", None) != content:
            yield patient
