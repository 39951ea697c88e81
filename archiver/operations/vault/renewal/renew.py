"""Renew the evidence of a vault before something under it ends, and give it to packages that have none.

1. What an ended command left on some storages is brought to all. What is due is found
   (``archiver.operations.vault.renewal.due``) and taken in batches.
2. What a first record covers is taken from the inventory. For a hash-tree renewal every file is read, from another
   storage where one does not give it back; a package that none gives back is left as it is, and said.
3. One time-stamp is asked for over all records of the batch that get a first time-stamp, or a new one under the same
   hash function: only a digest leaves the vault. One that says an earlier time than what it renews is refused.
4. Each new record has to hold. Nothing has been written so far.
5. Each object gets its record as a further version on every storage; where a storage locks, locked.
6. The journal says what was done, and then whoever called is told. A command that is ended leaves versions that are
   whole; the next one goes on with what is due then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from archiver.evidence.build import build_records
from archiver.evidence.errors import EvidenceInvalid
from archiver.evidence.links import Objects, algorithms_of, uncovered_objects
from archiver.evidence.records import EvidenceRecord, write_record
from archiver.evidence.renew import RecordObjects, renew_hash_trees, renew_time_stamps
from archiver.operations.build_evidence import sound
from archiver.operations.vault.renewal.due import (
    EvidenceAction,
    EvidenceTask,
    RenewalTerms,
    evidence_of_vault,
)
from archiver.operations.vault.renewal.objects import Progress, listed_objects, read_objects
from archiver.signing.signatures.tokens import read_token
from archiver.signing.validity import Stamping
from archiver.vault.additions import NamedAddition, add_versions
from archiver.vault.catalogue import Catalogue
from archiver.vault.errors import VaultObjectDamaged
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.open_vault import Vault
from archiver.vault.preservation.judged_evidence import JudgedTable
from archiver.vault.preservation.stored_evidence import LIST, RECORD, sums_bytes, sums_name
from archiver.vault.settle import settle_additions
from archiver.verdict import StampVerdict
from formats.digests import Digest
from formats.errors import Failure
from formats.findings import Finding

MAX_BATCH = 1000
"""Records that share a time-stamp: they are in memory together, about 20 kB each."""
TOGETHER = 64
"""Records that are written together; what is ended before is still due."""
StampingSince = Callable[[datetime | None], Stamping]
"""Gives what asks for a time-stamp that says no earlier time than a moment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceOutcome:
    """What became of one record of an object: what was done, its newest time-stamp, and how many files it covers.

    ``failure`` says why nothing was done, or that it does not hold; ``replaced`` that others cover the same.
    """

    object_id: str
    number: int
    action: EvidenceAction
    stamp: StampVerdict | None
    files: int
    failure: Failure | None = None
    replaced: bool = False


@dataclass(slots=True)
class RenewalReport:
    """Gathered beside the outcomes: the storages that did not answer, and how many records cannot be due yet."""

    findings: list[Finding] = field(default_factory=list)
    unopened: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Prepared:
    """A task with the digests that its new record rests on."""

    task: EvidenceTask
    objects: Objects


Made = tuple[_Prepared, EvidenceRecord]


def renew_vault(
    vault: Vault,
    catalogue: Catalogue,
    terms: RenewalTerms,
    stamping: StampingSince,
    *,
    clock: Callable[[], datetime],
    report: RenewalReport,
    judged: JudgedTable | None = None,
    progress: Progress = lambda _: None,
) -> Iterator[EvidenceOutcome]:
    """Yield every record of ``vault`` once it is renewed, or was found not to be due; the caller holds the lock.

    Those of which ``judged`` knows that they cannot be due are counted in ``report``.

    ``progress`` is told the bytes read.

    Raises:
        EvidenceClockBehind: when a time-stamp is later than the clock: nothing was renewed.
        NoTimestampAuthority: when no authority gives a usable time-stamp.
        EvidenceInvalid: when a new record would prove nothing.
        PreservationDigestsEnded: when the profile has no digest algorithm left.
        StorageUnreachable, StorageRefused, DiskFull, DiskFault: what a storage answered; what was yielded is renewed.
    """
    settle_additions(vault, catalogue, at=clock())
    batch: list[EvidenceTask] = []
    for one in evidence_of_vault(vault, catalogue, terms, judged):
        report.findings += one.findings
        report.unopened += one.unopened
        for task in one.tasks:
            if task.action is EvidenceAction.NONE:
                yield evidence_outcome(task)
            else:
                batch.append(task)
        if len(batch) >= MAX_BATCH:
            yield from _batch_renewed(vault, catalogue, batch, terms, stamping, clock, progress)
            batch = []
    yield from _batch_renewed(vault, catalogue, batch, terms, stamping, clock, progress)


def _batch_renewed(
    vault: Vault,
    catalogue: Catalogue,
    batch: Sequence[EvidenceTask],
    terms: RenewalTerms,
    stamping: StampingSince,
    clock: Callable[[], datetime],
    progress: Progress,
) -> Iterator[EvidenceOutcome]:
    # 2. what it rests on
    if any(task.action in {EvidenceAction.BUILD, EvidenceAction.HASH_TREE} for task in batch):
        terms.require_algorithm()
    prepared: list[_Prepared] = []
    for task in batch:
        try:
            prepared.append(_prepared(task, terms, progress))
        except (VaultObjectDamaged, EvidenceInvalid) as failure:
            yield evidence_outcome(replace(task, failure=failure, action=EvidenceAction.NONE))
    # 3. the time-stamps
    stamp = stamping(_newest_time(prepared))
    made = [each for action in EvidenceAction for each in _stamped(action, prepared, terms, stamp)]
    # 4. the proof
    stamps = [sound(record, one.objects, terms.trust).stamps[-1] for one, record in made]
    # 5, 6. the objects, and the journal
    for start in range(0, len(made), TOGETHER):
        some = [
            (_renewed(one, stamp), one, record)
            for (one, record), stamp in zip(made[start:], stamps[start : start + TOGETHER], strict=False)
        ]
        each = [_addition(one, record, _entry(outcome, terms)) for outcome, one, record in some]
        written = add_versions(vault, catalogue, each, at=clock())
        for (outcome, _, _), _ in zip(some, written, strict=False):
            yield outcome


def _renewed(one: _Prepared, stamp: StampVerdict) -> EvidenceOutcome:
    return replace(evidence_outcome(one.task), stamp=stamp, files=len(one.objects) or len(one.task.paths))


def _entry(one: EvidenceOutcome, terms: RenewalTerms) -> JournalEntry:
    facts: dict[str, str | int] = {
        "evidence": one.number,
        "files": one.files,
        "profile_revision": terms.profile.revision,
    }
    if one.stamp is not None:
        facts |= {
            "authority": one.stamp.authority,
            "attested_at": one.stamp.time.isoformat(),
            "digest_algorithm": one.stamp.digest_algorithm.name,
            "renew_before": one.stamp.until.isoformat(),
        }
    return JournalEntry(
        act=VaultAct.RENEWAL, object_id=one.object_id, outcome=f"evidence-{one.action.value}", facts=facts
    )


def _prepared(task: EvidenceTask, terms: RenewalTerms, progress: Progress) -> _Prepared:
    """Follow step 2.

    Raises:
        VaultObjectDamaged: when no storage gives a file back; EvidenceObjectMissing: when it is not what was attested.
    """
    if task.action is EvidenceAction.BUILD:
        return _Prepared(
            task=task, objects=listed_objects(task.found, task.paths, terms.require_algorithm(), progress)
        )
    if task.action is EvidenceAction.TIME_STAMP or task.stored is None:
        return _Prepared(task=task, objects={})
    record = task.stored.record
    objects = read_objects(
        task.found, task.paths, (*algorithms_of(record), terms.require_algorithm()), progress
    )
    for failure in uncovered_objects(record, objects).values():
        raise failure
    return _Prepared(task=task, objects=objects)


def _newest_time(prepared: Iterable[_Prepared]) -> datetime | None:
    records = (one.task.stored.record for one in prepared if one.task.stored)
    return max((read_token(one.chains[-1].stamps[-1].token).time for one in records), default=None)


def _stamped(
    action: EvidenceAction, prepared: Sequence[_Prepared], terms: RenewalTerms, stamp: Stamping
) -> list[Made]:
    """Return those of ``prepared`` of which ``action`` is due, with their new records."""
    mine = [one for one in prepared if one.task.action is action]
    if not mine:
        return []
    records: Iterable[EvidenceRecord]
    stored = [one.task.stored.record for one in mine if one.task.stored]
    if action is EvidenceAction.BUILD:
        algorithm = terms.require_algorithm()
        groups = ([each[algorithm] for each in one.objects.values()] for one in mine)
        records = build_records(groups, stamp, algorithm=algorithm)
    elif action is EvidenceAction.TIME_STAMP:
        records = renew_time_stamps(stored, stamp)
    else:
        pairs = zip(stored, mine, strict=True)
        covered = [RecordObjects(record=record, objects=one.objects) for record, one in pairs]
        records = renew_hash_trees(covered, stamp, algorithm=terms.require_algorithm())
    return list(zip(mine, records, strict=True))


def _addition(one: _Prepared, record: EvidenceRecord, entry: JournalEntry) -> NamedAddition:
    """Return what an object gets in step 5, and the journal in step 6."""
    task = one.task
    state = task.stored.state + 1 if task.stored else 1
    files: dict[str, bytes | Path] = {
        RECORD.format(number=task.number, state=state): write_record(record),
    }
    if task.stored is None:
        algorithm = algorithms_of(record)[0]
        covered: dict[str, Digest] = {path: digests[algorithm] for path, digests in one.objects.items()}
        files[LIST.format(number=task.number, name=sums_name(algorithm))] = sums_bytes(covered)
    message = f"evidence {task.number:03}: {task.action.value}"
    return NamedAddition(object_id=task.object_id, files=files, message=message, entries=[entry])


def evidence_outcome(task: EvidenceTask) -> EvidenceOutcome:
    """Return what is known of a record before anything is done."""
    return EvidenceOutcome(
        object_id=task.object_id,
        number=task.number,
        action=task.action,
        stamp=task.stamp,
        files=len(task.paths),
        failure=task.failure,
        replaced=task.replaced,
    )
