"""Verify what lies beside the seals of a journal: time-stamps of authorities, and cosignatures of witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archiver.operations.journal import codes
from archiver.operations.journal.codes import journal_finding
from archiver.signing.errors import AlgorithmUnknown, TokenInvalid
from archiver.signing.signatures.tokens import examine_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from archiver.vault.journal.places import FOLDER, JournalPlace
from archiver.vault.journal.seal import COSIGNATURE, MAX_STAMP_BYTES, STAMP, Seal
from formats.digests import Digest
from formats.findings import Finding
from formats.tlog.cosignature import cosigned_at, is_cosigned
from formats.tlog.note import MAX_NOTE_BYTES, NoteKey, NoteMalformed, NoteSignature, read_signature_line


@dataclass(frozen=True, kw_only=True, slots=True)
class SealProof:
    """What proves a seal: when its time-stamp says that it was there, by whom, and which witnesses cosigned it."""

    number: int
    size: int
    stamped_at: str = ""
    authority: str = ""
    trusted: bool = False
    witnesses: tuple[tuple[str, str], ...] = ()


def verify_seals(
    place: JournalPlace, seals: Sequence[Seal], trust: Trust, witnesses: Sequence[NoteKey]
) -> tuple[list[SealProof], list[Finding]]:
    """Return what proves each of ``seals`` in a copy of the journal, and what does not.

    Raises:
        Failure: what the storage answers.
    """
    proofs, findings = list[SealProof](), list[Finding]()
    for seal in seals:
        where = f"{place.name or FOLDER}: {seal.path}"
        stamped = _stamped(place, seal, trust, where, findings)
        if seal is seals[-1] and stamped is None:
            findings.append(journal_finding(codes.UNSTAMPED, where))
        time, authority, trusted = stamped or ("", "", False)
        cosigned = tuple(_cosigned(place, seal, witnesses, findings))
        proofs.append(
            SealProof(
                number=seal.number,
                size=seal.checkpoint.size,
                stamped_at=time,
                authority=authority,
                trusted=trusted,
                witnesses=cosigned,
            )
        )
    for key in witnesses:
        if not any(name == key.name for one in proofs for name, _ in one.witnesses):
            findings.append(
                journal_finding(codes.COSIGNATURE_MISSING, place.name or FOLDER, witness=key.name)
            )
    return proofs, findings


def _stamped(
    place: JournalPlace, seal: Seal, trust: Trust, where: str, findings: list[Finding]
) -> tuple[str, str, bool] | None:
    """Return when a seal was time-stamped, by whom, and whether the reader accepts that authority."""
    token = place.find(seal.path + STAMP, MAX_STAMP_BYTES)
    if token is None:
        return None
    try:
        stamp = examine_token(token, Digest.of(seal.note.data), trust).stamp
    except (TokenInvalid, AlgorithmUnknown):
        stamp = None
    if stamp is None or not stamp.genuine or not stamp.dedicated or stamp.path_status in _BAD:
        findings.append(journal_finding(codes.STAMP_INVALID, where + STAMP))
        return "", "", False
    trusted = stamp.path_status is PathStatus.TRUSTED
    if not trusted:
        findings.append(journal_finding(codes.STAMP_UNPROVEN, where + STAMP))
    return stamp.time.isoformat(), stamp.authority, trusted


_BAD = {PathStatus.OUTSIDE_VALIDITY, PathStatus.REVOKED}


def _cosigned(
    place: JournalPlace, seal: Seal, witnesses: Sequence[NoteKey], findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    """Yield the expected witnesses that cosigned a seal, and when; others are passed over (signed-note)."""
    for path in list(place.paths(f"{seal.path}.")):
        if not path.endswith(COSIGNATURE):
            continue
        where = f"{place.name or FOLDER}: {path}"
        line = _line(place, path)
        if line is None:
            findings.append(journal_finding(codes.COSIGNATURE_INVALID, where, witness="?"))
            continue
        for key in witnesses:
            if not line.is_by(key):
                continue
            if is_cosigned(seal.note.text, line, key):
                yield key.name, cosigned_at(line).isoformat()
            else:
                findings.append(journal_finding(codes.COSIGNATURE_INVALID, where, witness=key.name))


def _line(place: JournalPlace, path: str) -> NoteSignature | None:
    data = place.find(path, MAX_NOTE_BYTES)
    try:
        return read_signature_line((data or b"").decode().removesuffix("\n"))
    except (NoteMalformed, UnicodeDecodeError):
        return None
