"""Witness the journal of another vault: cosign that it only grew since this vault saw it last (C2SP tlog-witness).

1. The checkpoint is signed by the key of that journal: the one that is named the first time, and the same ever after.
2. It continues the one that was cosigned before. The tiles beside it give the root of both sizes; where somebody
   brought a consistency proof (RFC 6962, 2.1.2) instead, that does.
3. That it was seen is recorded in the journal of this vault, on every storage, before anything is cosigned. A history
   that does not continue the one before is recorded, too, and never cosigned.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.errors import (
    CheckpointUnreadable,
    WitnessedForked,
    WitnessedKeyUnknown,
    WitnessedUnproven,
)
from archiver.vault.journal.log_key import WITNESS_KEY, make_log_key
from archiver.vault.journal.places import FOLDER, own_place
from archiver.vault.journal.read import logged_entries
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault
from formats.digests import Digest
from formats.errors import FileNotFound, FolderNotFound, LimitExceeded
from formats.regular_files import read_regular
from formats.tlog.checkpoint import Checkpoint, read_checkpoint
from formats.tlog.cosignature import cosign, is_cosigned
from formats.tlog.merkle import HASH_BYTES, MAX_PROOF, consistency_proof, is_consistent, range_at
from formats.tlog.note import (
    MAX_NOTE_BYTES,
    NoteKey,
    NoteMalformed,
    NoteSignatureInvalid,
    SignedNote,
    read_note_key,
)
from formats.tlog.tiles import CHECKPOINT, MAX_BUNDLE_BYTES, TileMalformed, hash_reader
from formats.words import mark

SEEN = "witnessed"
"""Folder, in that of the vault, of the last checkpoints that were cosigned, by the SHA-256 of their origin."""
COSIGNED, REFUSED = "cosigned", "refused"
MAX_REQUEST_BYTES = 128 << 10
"""Bytes of a checkpoint with a consistency proof before it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedCheckpoint:
    """A checkpoint that is to be cosigned, with the folder of its tiles, or a proof from ``old`` entries on."""

    checkpoint: Checkpoint
    note: SignedNote
    tiles: Path | None = None
    old: int = 0
    proof: Sequence[bytes] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Witnessed:
    """What was cosigned: the checkpoint with the cosignature, by which key, and until where it was seen before."""

    checkpoint: Checkpoint
    note: SignedNote
    key: NoteKey
    before: int


def read_offer(path: Path) -> OfferedCheckpoint:
    """Return what lies at ``path``: a journal's folder, or a file, the body of a request ``add-checkpoint``.

    Raises:
        CheckpointUnreadable, DiskFault: when it cannot be read.
    """
    whole = path.is_dir()
    place = path / CHECKPOINT if whole else path
    try:
        with disk.failures_about(place):
            data = read_regular(place, MAX_REQUEST_BYTES, mark("the checkpoint in bytes"))
        if whole:
            checkpoint, note = read_checkpoint(data)
            return OfferedCheckpoint(checkpoint=checkpoint, note=note, tiles=path)
        return _request(data)
    except (NoteMalformed, ValueError, LimitExceeded) as fault:
        raise CheckpointUnreadable(where=str(place)) from fault


def _request(data: bytes) -> OfferedCheckpoint:
    head, found, rest = data.partition(b"\n\n")
    old, *proof = head.decode("ascii").split("\n")
    word, _, size = old.partition(" ")
    hashes = [base64.b64decode(one, validate=True) for one in proof]
    if not found or word != "old" or not size.isdigit() or len(size) > 19 or len(hashes) > MAX_PROOF:
        raise NoteMalformed("no request")
    if any(len(one) != HASH_BYTES for one in hashes):
        raise NoteMalformed("no request")
    checkpoint, note = read_checkpoint(rest)
    return OfferedCheckpoint(checkpoint=checkpoint, note=note, old=int(size), proof=hashes)


def request_bytes(folder: Path, old: int) -> bytes:
    """Return the body of a request ``add-checkpoint`` of the journal in ``folder``, from ``old`` entries on.

    Raises:
        CheckpointUnreadable: when there is no checkpoint. WitnessedUnproven: when it has fewer, or no tiles. DiskFault.
    """
    offer = read_offer(folder)
    size = offer.checkpoint.size
    try:
        proof = consistency_proof(old, size, hash_reader(size, lambda path: _tile(folder, path)))
    except (ValueError, FileNotFound, FolderNotFound, LimitExceeded) as fault:
        raise WitnessedUnproven(origin=offer.checkpoint.origin, old=old) from fault
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", ""]
    return "\n".join(lines).encode() + offer.note.data


def witness(vault: Vault, offer: OfferedCheckpoint, key: NoteKey | None, *, at: datetime) -> Witnessed:
    """Cosign ``offer`` with the key of ``vault``; ``key`` is that of the other journal, needed the first time.

    Raises:
        WitnessedKeyUnknown: when nobody says which key, it is another than before, or it did not sign.
        WitnessedForked: when it does not continue what was cosigned before. WitnessedUnproven: when nothing shows it.
        Failure: as ``archiver.vault.journal.write.record``; DiskFull, DiskFault.
    """
    own = make_log_key(vault.folder, vault.description.id, WITNESS_KEY)
    checkpoint = offer.checkpoint
    known, before = _seen(vault, checkpoint.origin)
    signer = known or key
    if signer is None or (key is not None and key != signer) or signer.name != checkpoint.origin:
        raise WitnessedKeyUnknown(origin=checkpoint.origin)
    try:
        offer.note.signed_by((signer,))
    except NoteSignatureInvalid as fault:
        raise WitnessedKeyUnknown(origin=checkpoint.origin) from fault
    try:
        _refuse_other(offer, before)
    except WitnessedForked:
        record(vault, [_entry(checkpoint, signer, REFUSED)], at=at)
        raise
    record(vault, [_entry(checkpoint, signer, COSIGNED)], at=at)
    line = cosign(checkpoint.text, own.public, own.sign, at=at)
    logged = tuple(one for one in offer.note.signatures if one.is_by(signer))[:1]
    note = SignedNote(text=offer.note.text, signatures=(*logged, line))
    folder = _folder(vault, checkpoint.origin)
    disk.make_private_folder(folder)
    with disk.write_aside(folder / CHECKPOINT, mode=disk.PRIVATE, replace=True) as stream:
        stream.write(note.data)
    return Witnessed(checkpoint=checkpoint, note=note, key=own.public, before=before.size if before else 0)


def _folder(vault: Vault, origin: str) -> Path:
    return vault.folder / SEEN / Digest.of(origin.encode()).hex


def _entry(checkpoint: Checkpoint, key: NoteKey, outcome: str) -> JournalEntry:
    facts: dict[str, str | int] = {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "log_key_witnessed": str(key),
    }
    return JournalEntry(act=VaultAct.WITNESS, outcome=outcome, facts=facts)


def _seen(vault: Vault, origin: str) -> tuple[NoteKey | None, Checkpoint | None]:
    """Return the key of another journal, and what was cosigned of it last, as this vault's journal says."""
    key: NoteKey | None = None
    last: Checkpoint | None = None
    if not (vault.folder / FOLDER).is_dir():
        return None, None
    for one in logged_entries(own_place(vault.folder)):
        facts = one.entry.facts
        if one.entry.act is not VaultAct.WITNESS or one.entry.outcome != COSIGNED:
            continue
        if facts.get("origin") == origin:
            key = read_note_key(str(facts["log_key_witnessed"]))
            root = bytes.fromhex(str(facts["root"]))
            last = Checkpoint(origin=origin, size=int(facts["size"]), root=root)
    return key, last


def _refuse_other(offer: OfferedCheckpoint, before: Checkpoint | None) -> None:
    """Follow step 2.

    Raises:
        WitnessedForked, WitnessedUnproven: as ``witness``.
    """
    checkpoint = offer.checkpoint
    old = before.size if before else 0
    forked = WitnessedForked(origin=checkpoint.origin, old=old, size=checkpoint.size)
    if before is not None and (
        checkpoint.size < old or (checkpoint.size == old and checkpoint.root != before.root)
    ):
        raise forked
    if offer.tiles is not None:
        roots = _roots(offer.tiles, checkpoint, old)
        if roots[0] != checkpoint.root:
            raise WitnessedUnproven(origin=checkpoint.origin, old=old)
        if before is not None and roots[1] != before.root:
            raise forked
    elif before is not None:
        if offer.old != old:
            raise WitnessedUnproven(origin=checkpoint.origin, old=old)
        if not is_consistent(old, before.root, checkpoint.size, checkpoint.root, offer.proof):
            raise forked


def _roots(folder: Path, checkpoint: Checkpoint, old: int) -> tuple[bytes, bytes]:
    """Return the roots of all and of the first ``old`` entries, by the tiles in ``folder``."""
    try:
        hashes = hash_reader(checkpoint.size, lambda path: _tile(folder, path))
        return range_at(checkpoint.size, hashes).root, range_at(old, hashes).root
    except (TileMalformed, FileNotFound, FolderNotFound, LimitExceeded) as fault:
        raise WitnessedUnproven(origin=checkpoint.origin, old=old) from fault


def _tile(folder: Path, path: str) -> bytes:
    with disk.failures_about(folder / path):
        return read_regular(folder / path, MAX_BUNDLE_BYTES, mark("the tile in bytes"))


def read_checkpoint_file(path: Path) -> tuple[Checkpoint, SignedNote]:
    """Return the checkpoint in the file at ``path``, and the note that it is.

    Raises:
        CheckpointUnreadable: when it is none; DiskFault.
    """
    try:
        with disk.failures_about(path):
            data = read_regular(path, MAX_NOTE_BYTES, mark("the checkpoint in bytes"))
        return read_checkpoint(data)
    except (NoteMalformed, LimitExceeded) as fault:
        raise CheckpointUnreadable(where=str(path)) from fault


def cosigned_lines(path: Path, witnesses: Sequence[NoteKey]) -> tuple[Checkpoint, list[tuple[NoteKey, str]]]:
    """Return the checkpoint in the file at ``path``, and the lines of those of ``witnesses`` that cosigned it.

    Raises:
        CheckpointUnreadable: when it is none, or none of them did; DiskFault.
    """
    checkpoint, note = read_checkpoint_file(path)
    found = [
        (key, one.line) for one in note.signatures for key in witnesses if is_cosigned(note.text, one, key)
    ]
    if not found:
        raise CheckpointUnreadable(where=str(path))
    return checkpoint, found
