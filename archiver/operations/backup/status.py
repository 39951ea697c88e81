"""Status of a backup: whether the newest verified copy is as new as agreed, and what stands in the way.

Each question is asked by itself, and what cannot be asked is a problem, never an answer:

1. How old is the newest copy of which everything was read back and found whole?
2. How did the last run end, did the clock of this machine jump since, and has the store lost files?
3. Does each storage answer, is it one of this vault, and has it every package that is needed, none of them damaged?
4. When was a restore tried?
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from archiver.backup.description import PERSON
from archiver.backup.run_list import RunList
from archiver.backup.state import BackupState, read_state, state_moment
from archiver.operations.backup.backup_vault import Backup
from archiver.operations.make_keys import IDENTITY
from archiver.operations.vault.storages.hosting_findings import hosting_findings
from archiver.operations.vault.storages.unsettled_storages import too_few_storages, unsettled_storages
from archiver.storage.storage import Storage
from archiver.vault.checks import CheckOutcome, CheckTable, open_checks
from archiver.vault.open_vault import Replica, refuse_foreign_storage
from archiver.verdict import fault_line
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import object_place
from formats.words import mark, plural

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far two readings of a clock may disagree (RFC 4120, 7.5.8)."""
STATUS_VERSION = 1
MAX_NAMED = 20
"""Dossiers, and files of one, that a status names; it counts the others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupStatus:
    """What was found: ``problems`` are what somebody has to do something about, ``remarks`` what they should know."""

    at: datetime
    state: BackupState
    dossiers: int
    storages: tuple[tuple[str, str, bool], ...]
    problems: tuple[Finding, ...]
    remarks: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether everything is as agreed."""
        return not self.problems

    def document(self, findings: Callable[[tuple[Finding, ...]], list[dict[str, Any]]]) -> dict[str, Any]:
        """Return the status as JSON documents have it; ``findings`` writes those."""
        return {
            "backup_status": STATUS_VERSION,
            "at": self.at.isoformat(),
            "good": self.good,
            "run": self.state.number,
            "dossiers": self.dossiers,
            "covered": self.state.covered or None,
            "verified": self.state.verified or None,
            "drilled": self.state.drilled or None,
            "storages": [
                {"name": name, "address": address, "good": good} for name, address, good in self.storages
            ],
            "problems": findings(self.problems),
            "remarks": findings(self.remarks),
        }


def backup_status(backup: Backup, *, clock: Callable[[], datetime]) -> BackupStatus:
    """Return the status of ``backup``; nothing is changed, and a run at the same time does not matter.

    A damaged table of checks is put aside all the same, and the status remarks it.

    Raises:
        CatalogueUnreadable: when the checks of the vault cannot be read.
    """
    state, last = read_state(backup.folder)
    at = clock()
    problems = [*_age(backup, state, at), *_last_run(state, at), *_lost(state), *_drill(backup, state, at)]
    storages = []
    remarks = list[Finding]()
    with open_checks(backup.vault.folder, remarks.append) as table:
        for one in backup.vault.replicas:
            found = list(_of_storage(backup, one, last, table))
            problems += found
            storages.append((one.name, one.entry.address, not found))
    return BackupStatus(
        at=at,
        state=state,
        dossiers=len(last.dossiers) if last else 0,
        storages=tuple(storages),
        problems=tuple(problems),
        remarks=(*remarks, *_remarks(backup, at)),
    )


def _problem(code: str, sentence: str, *, where: str = "", **facts: str | int) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, where=where, sentence=sentence, facts=facts)


def _age(backup: Backup, state: BackupState, at: datetime) -> Iterator[Finding]:
    agreed = backup.description.agreed_hours
    if not state.verified:
        yield _problem("backup-never-verified", mark("No copy was ever read back and found whole."))
    elif state.verified < state_moment(at - timedelta(hours=agreed)):
        yield _problem(
            "backup-too-old",
            mark("The newest verified copy is of {moment}, older than the {hours} hours that are agreed."),
            moment=_shown(state.verified),
            hours=agreed,
        )


def _last_run(state: BackupState, at: datetime) -> Iterator[Finding]:
    if state.failure:
        yield _problem(
            "backup-run-failed",
            mark("The last run, on {moment}, was not a whole one: {reason}."),
            moment=_shown(state.failed),
            reason=state.failure,
        )
    if state.seen > state_moment(at + CLOCK_TOLERANCE):
        yield _problem(
            "backup-clock-behind",
            mark(
                "The clock of this machine is behind: the backup has seen {moment} already. Nobody can tell how old the"
                " copies are until it is right. If it is right and was wrong before, archiver backup drill, with your"
                " key, says so."
            ),
            moment=_shown(state.seen),
        )


def _lost(state: BackupState) -> Iterator[Finding]:
    for number, files in islice(state.lost.items(), MAX_NAMED):
        yield _problem(
            "backup-file-lost",
            plural(
                "{count} file of this dossier is lost or damaged in the practice store: {files}. Earlier runs that have"
                " it stay: put it back (archiver backup restore --document).",
                "{count} files of this dossier are lost or damaged in the practice store: {files}. Earlier runs that"
                " have them stay: put them back (archiver backup restore --document).",
            ),
            where=f"patients/{number}" if number else "",
            count=len(files),
            files=", ".join([*files[:MAX_NAMED], *(["…"] if len(files) > MAX_NAMED else [])]),
        )
    if len(state.lost) > MAX_NAMED:
        yield _problem(
            "backup-file-lost",
            mark("Dossiers of which the practice store has lost files, these included: {count}."),
            count=len(state.lost),
        )


def _drill(backup: Backup, state: BackupState, at: datetime) -> Iterator[Finding]:
    days = backup.description.drill_days
    if state.drilled < state_moment(at - timedelta(days=days)):
        yield _problem(
            "backup-drill-overdue",
            mark("No restore was tried for {days} days: archiver backup drill tries one."),
            days=days,
        )


def _of_storage(
    backup: Backup, replica: Replica, last: RunList | None, table: CheckTable
) -> Iterator[Finding]:
    """Follow step 3 for one storage."""
    try:
        refuse_foreign_storage(replica, backup.vault.description.id)
        missing = sum(not _has(replica.storage, name) for name in (last.objects if last else ()))
    except Failure as failure:
        yield fault_line(failure)
        return
    if replica.entry.filling:
        yield from (
            replace(one, severity=Severity.ERROR) for one in _unsettled(backup) if one.where == replica.name
        )
    elif missing:
        yield _problem(
            "backup-copies-missing",
            mark(
                "Packages that are needed, and that this storage lacks: {count}. archiver backup run mends that."
            ),
            where=replica.name,
            count=missing,
        )
    damaged = sum(
        one is not None and one.outcome is CheckOutcome.DAMAGED
        for one in (table.find(name, replica.name) for name in (last.objects if last else ()))
    )
    if damaged:
        yield _problem(
            "backup-copies-damaged",
            mark(
                "Packages that are needed, and damaged on this storage: {count}. archiver backup run mends what it can."
            ),
            where=replica.name,
            count=damaged,
        )


def _unsettled(backup: Backup) -> Iterator[Finding]:
    return unsettled_storages(backup.vault.description, backup.storage_commands)


def _declaration(object_id: str) -> str:
    return f"{object_place(object_id)}/{OBJECT_DECLARATION}"


def _has(storage: Storage, object_id: str) -> bool:
    return storage.head(_declaration(object_id)) is not None


def _remarks(backup: Backup, at: datetime) -> Iterator[Finding]:
    yield from too_few_storages(backup.vault.description)
    yield from hosting_findings(backup.vault.description, at.date(), backup.storage_commands)
    serving = {one.name for one in backup.vault.replicas}
    yield from (one for one in _unsettled(backup) if one.where not in serving)
    if (backup.folder / PERSON / IDENTITY).exists():
        yield Finding(
            severity=Severity.WARNING,
            code="backup-key-here",
            where=str(backup.folder / PERSON),
            sentence=mark(
                "The key that opens the backup still lies on this machine: take this folder away, on a stick and on"
                " paper, and delete it here."
            ),
        )


def _shown(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}" if moment else ""
