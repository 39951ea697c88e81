"""Verify the journal of a vault: every copy by itself, then with the others, with its seals, and with what lies there.

1. Each copy, that in the folder of the vault and that of each storage, is computed again (``verify_copy``).
2. The copies are compared: where two are signed and differ, there are two histories. No copy has more than that in the
   folder, which is written first; one that has less than it had was taken back.
3. The key with which it began is the one in the description of the vault, and the one that the reader expects.
4. The seals are time-stamped, by authorities that the reader accepts, and cosigned by the witnesses they expect.
5. Every deposit in the storages has its entry with the digest of its receipt, and the other way round. So has every
   other version of every object.

What cannot be read is said to be unverified; nothing that goes wrong here makes a journal whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archiver.operations.journal import codes
from archiver.operations.journal.codes import journal_finding
from archiver.operations.journal.deposit_ledger import DepositLedger, open_ledger
from archiver.operations.journal.stored_findings import stored_findings
from archiver.operations.journal.verify_copy import CopyExamination, verify_copy
from archiver.operations.journal.verify_seals import SealProof, verify_seals
from archiver.signing.trust.anchors import Trust
from archiver.vault.catalogue import open_catalogue
from archiver.vault.errors import CatalogueUnreadable, VaultBusy
from archiver.vault.journal.entry import LoggedEntry
from archiver.vault.journal.head import noted_head
from archiver.vault.journal.places import FOLDER, JournalPlace, copies, own_place
from archiver.vault.journal.record_file import MAX_RECORD_BYTES, read_journal_record, record_path
from archiver.vault.journal.seal import SEALING, seal_path
from archiver.vault.journal.version_ledger import VersionLedger, open_version_ledger
from archiver.vault.open_vault import Vault
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.tlog.checkpoint import Checkpoint
from formats.tlog.note import NoteKey, SignedNote

KnownCheckpoint = tuple[str, Checkpoint, SignedNote]
"""A checkpoint that the reader has from before, and where it comes from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalExpectations:
    """What the reader knows besides: the key, witnesses, checkpoints of before, and whom they accept."""

    trust: Trust
    key: NoteKey | None = None
    witnesses: Sequence[NoteKey] = ()
    checkpoints: Sequence[KnownCheckpoint] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifiedJournal:
    """What a journal is found to be: its entries, key, seals with what proves them, copies with their sizes."""

    size: int
    key: str
    unsealed: int
    seals: tuple[SealProof, ...]
    copies: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...] = field(default=())


def verify_journal(vault: Vault, expected: JournalExpectations, *, at: datetime) -> VerifiedJournal:
    """Return what the journal of ``vault`` is found to be.

    Raises:
        DiskFault: what the disk answers about the folder of the vault.
    """
    findings: list[Finding] = []
    with open_ledger() as ledger, open_version_ledger(vault.description.id) as versions:

        def take(logged: LoggedEntry) -> None:
            ledger.add(logged)
            versions.add(logged)

        places, found = list[JournalPlace](), list[CopyExamination]()
        if not (vault.folder / FOLDER).is_dir():
            findings.append(journal_finding(codes.ABSENT, FOLDER))
        for place in _places(vault, at):
            examined = _examined(place, expected, take if not found else None, findings)
            if examined is not None and examined.range.size:
                places.append(place)
                found.append(examined)
            elif examined is not None:
                findings += examined.findings or [journal_finding(codes.ABSENT, place.name or FOLDER)]
        for one in found:
            findings += one.findings
        if not found:
            return VerifiedJournal(size=0, key="", unsealed=0, seals=(), copies=(), findings=tuple(findings))
        findings += _compared(vault, places, found)
        findings += _seal_counts(vault, found)
        findings += _key_findings(vault, found[0], expected)  # a copy with an entry has a key
        proofs, about = verify_seals(places[0], found[0].seals, expected.trust, expected.witnesses)
        findings += about
        for place, one in zip(places[1:], found[1:], strict=True):
            findings += _seal_faults(place, one, expected)
        findings += _unsealed(found[0], at)
        if not found[0].broken:
            findings += _stored_findings(vault, ledger, versions, found[0].first_at)
    first = found[0]
    sealed = first.seals[-1].checkpoint.size if first.seals else 0
    return VerifiedJournal(
        size=first.range.size,
        key=str(first.keys[-1]) if first.keys else "",
        unsealed=max(first.range.size - sealed, 0),
        seals=tuple(proofs),
        copies=tuple((one.name or FOLDER, one.range.size) for one in found),
        findings=tuple(findings),
    )


def _places(vault: Vault, at: datetime) -> Iterator[JournalPlace]:
    if (vault.folder / FOLDER).is_dir():
        yield own_place(vault.folder)
    yield from copies(vault, at)


def _examined(
    place: JournalPlace,
    expected: JournalExpectations,
    take: Callable[[LoggedEntry], None] | None,
    findings: list[Finding],
) -> CopyExamination | None:
    """Follow step 1; a copy that cannot be read is noted, and so is every fault that nobody foresaw."""
    try:
        if take is None:
            return verify_copy(place, expected.checkpoints)
        return verify_copy(place, expected.checkpoints, each=take)
    except Failure as failure:
        reason: str | Failure = failure
    except Exception as fault:  # noqa: BLE001 - a fault of this program is no finding about the journal
        reason = f"{type(fault).__name__}: {fault}"
    findings.append(journal_finding(codes.UNVERIFIED, place.name or FOLDER, reason=reason))
    return None


def _compared(
    vault: Vault, places: Sequence[JournalPlace], found: Sequence[CopyExamination]
) -> Iterator[Finding]:
    """Follow step 2."""
    largest = max(one.range.size for one in found)
    noted = noted_head(vault.folder)
    for place, one in zip(places, found, strict=True):
        where = one.name or FOLDER
        if one is not found[0]:
            yield from _fork(places[0], place, min(found[0].range.size, one.range.size))
        if one.broken or one.range.size == largest:
            continue
        if not one.name and place.find(record_path(one.range.size), MAX_RECORD_BYTES) is not None:
            continue  # another command writes on it now
        had = noted.copied.get(one.name, 0) if noted and one.name else largest
        size = one.range.size
        if had > size:
            yield journal_finding(codes.ROLLED_BACK, where, found=size, expected=had)
        else:
            yield journal_finding(codes.BEHIND, where, found=size, expected=largest)


def _seal_counts(vault: Vault, found: Sequence[CopyExamination]) -> Iterator[Finding]:
    """Yield the copies with fewer seals than another: the folder has the most, and none loses one that it had."""
    most = max(one.seals[-1].number if one.seals else 0 for one in found)
    noted = noted_head(vault.folder)
    for one in found:
        number = one.seals[-1].number if one.seals else 0
        had = noted.seals_copied.get(one.name, 0) if noted and one.name else most
        where = f"{one.name or FOLDER}: {seal_path(number + 1)}"
        if number < most:
            yield journal_finding(codes.SEAL_MISSING if had > number else codes.SEALS_BEHIND, where)


def _fork(first: JournalPlace, second: JournalPlace, size: int) -> Iterator[Finding]:
    """Yield where two copies, each signed, are not the same before the entry ``size``."""
    at = 0
    while at < size:
        path = record_path(at)
        data = first.find(path, MAX_RECORD_BYTES)
        if data is None or data != second.find(path, MAX_RECORD_BYTES):
            yield journal_finding(codes.FORKED, f"{first.name or FOLDER}, {second.name}: {path}", number=at)
            return
        at = read_journal_record(data).checkpoint.size


def _key_findings(vault: Vault, found: CopyExamination, expected: JournalExpectations) -> Iterator[Finding]:
    """Follow step 3."""
    where, keys = found.name or FOLDER, [str(one) for one in found.keys]
    expects = str(expected.key) if expected.key else ""
    if (vault.description.journal_key or keys[0]) != keys[0] or expects not in {"", keys[0], keys[-1]}:
        yield journal_finding(codes.KEY_OTHER, where, found=keys[0])
    if len(keys) > 1:
        replaced = journal_finding(codes.KEY_REPLACED, where, key=keys[-1])
        yield replace(replaced, severity=Severity.WARNING) if expects == keys[-1] else replaced


def _seal_faults(
    place: JournalPlace, one: CopyExamination, expected: JournalExpectations
) -> Iterator[Finding]:
    """Yield what is wrong with time-stamps and cosignatures of a further copy; what is missing is said once."""
    once_alone = {codes.UNSTAMPED, codes.COSIGNATURE_MISSING, codes.STAMP_UNPROVEN}
    _, about = verify_seals(place, one.seals, expected.trust, expected.witnesses)
    yield from (each for each in about if each.code not in once_alone)


def _unsealed(found: CopyExamination, at: datetime) -> Iterator[Finding]:
    if found.unsealed_at and at - datetime.fromisoformat(found.unsealed_at) >= SEALING:
        sealed = found.seals[-1].checkpoint.size if found.seals else 0
        count = found.range.size - sealed
        yield journal_finding(codes.UNSEALED, found.name or FOLDER, count=count)


def _stored_findings(
    vault: Vault, ledger: DepositLedger, versions: VersionLedger, begun: str
) -> list[Finding]:
    """Follow step 5."""
    try:
        with open_catalogue(vault.folder, reading=True) as catalogue:
            return stored_findings(vault, catalogue, ledger, versions, begun)
    except (CatalogueUnreadable, VaultBusy) as failure:
        return [journal_finding(codes.UNVERIFIED, vault.folder.name, reason=failure)]
