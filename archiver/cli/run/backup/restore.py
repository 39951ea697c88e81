"""What ``backup restore`` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from archiver.backup.description import KEYS
from archiver.cli.clock import now
from archiver.cli.commands.backup.options import RestoreOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.keys import KeySources
from archiver.cli.options.trust import TrustOptions
from archiver.cli.run.backup.drill import person_keys
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from archiver.handover.receipt import arrival_findings
from archiver.nouns import DOSSIERS
from archiver.operations.backup.backup_vault import open_backup
from archiver.operations.backup.found_vault import FoundVault, found_vault, past_vault
from archiver.operations.backup.restore import Restored, restore_person, restore_practice
from archiver.operations.backup.restore_document import RestoredDocument, restore_document
from archiver.operations.backup.restore_source import RestoreSource
from archiver.operations.documents.outcomes import findings_json
from archiver.signing.keys.key_file import ROOTS
from archiver.storage.credentials import require_credentials_file
from formats.findings import Finding, Severity
from formats.words import BYTES, Counted, mark, plural


def restore(
    folder: Path | None, what: RestoreOptions, keys: KeySources, trust: TrustOptions, *, as_json: bool
) -> int:
    """Restore what is asked for, say what came back, and return the exit status.

    Raises:
        SayHow: when it is not said what, or from where.
    """
    _require(folder, what)
    require_credentials_file(what.credentials)
    whom = read_accepted(_accepting(folder, keys, trust))
    identities = person_keys(folder, keys)
    moment = _moment(what.as_of)
    with _vault(folder, what, moment) as found:
        source = RestoreSource(
            vault=found.vault,
            catalogue=found.catalogue,
            identities=identities,
            trust=whom.trust,
            moment=moment,
        )
        if what.document and what.to is not None:
            document = restore_document(source, what.patient, what.document, what.to, today=now().date())
            _show_document(document, found.absent, as_json=as_json)
            return INCOMPLETE if found.absent else SUCCESS
        assert what.into is not None  # noqa: S101 - required above
        with progress(mark("Restoring")) as step:
            if what.patient:
                done = restore_person(source, what.patient, what.into, clock=now, progress=step)
            else:
                done = restore_practice(source, what.into, clock=now, progress=step)
    show_restored(what.into, done, found.absent, as_json=as_json)
    return SUCCESS if done.whole and not found.absent else INCOMPLETE


def _require(folder: Path | None, what: RestoreOptions) -> None:
    if folder is None and not what.storage:
        raise SayHow(localize(mark("Say where the backup is: its folder, or its storage (--storage)")))
    if what.document and not (what.patient and what.to):
        raise SayHow(
            localize(mark("A document is one of a patient (--patient), and goes into a folder (--to)"))
        )
    if not what.document and what.into is None:
        raise SayHow(localize(mark("Say which practice store to make (--into)")))


def _accepting(folder: Path | None, keys: KeySources, trust: TrustOptions) -> TrustOptions:
    """Return whom to accept: whom the options say, else whoever the backup, or what lies beside the key, says."""
    if trust.roots or trust.accept:
        return trust
    beside = [one.with_name(ROOTS) for one in keys.identity or ()]
    places = [*([folder / KEYS / ROOTS] if folder else []), *beside]
    found = [one for one in places if one.is_file()]
    return replace(trust, roots=found[:1]) if found else trust


def _moment(stated: datetime | None) -> datetime | None:
    """Return the moment that was stated, on this machine's clock; of a day its end."""
    if stated is None:
        return None
    whole_day = stated.time() == time()
    return (stated.replace(hour=23, minute=59, second=59) if whole_day else stated).astimezone()


@contextmanager
def _vault(folder: Path | None, what: RestoreOptions, moment: datetime | None) -> Iterator[FoundVault]:
    if what.storage or folder is None:
        with found_vault(what.storage, what.credentials, moment) as found:
            yield found
        return
    backup = open_backup(folder)
    with past_vault(backup.vault, moment) as found:
        yield found


def show_restored(into: Path, done: Restored, absent: Sequence[Finding] = (), *, as_json: bool) -> None:
    """Say what came back, and of what did not, why; ``absent`` storages may have a newer run."""
    found = (one for receipt in done.receipts for one in arrival_findings(receipt))
    findings = [*(one for one in found if one.severity is Severity.ERROR), *absent]
    if as_json:
        show_json(
            {
                "backup_restore": 1,
                "store": str(into),
                "run": done.number,
                "at": done.at.isoformat(),
                "expected": done.expected,
                "dossiers": done.dossiers,
                "already_there": done.already,
                "registers": done.registers,
                "lost": done.lost,
                "recovered": done.recovered,
                "files": done.files,
                "findings": findings_json(findings),
            }
        )
        return
    say(
        mark("Restored into {store}: {dossiers} of {expected}, as of run {number}, {moment}."),
        store=str(into),
        dossiers=done.dossiers,
        expected=Counted(done.expected, DOSSIERS),
        number=done.number,
        moment=f"{done.at.astimezone():%Y-%m-%d %H:%M}",
    )
    if done.already:
        say(
            plural(
                "{count} dossier was in this store before, exactly as the backup has it.",
                "{count} dossiers were in this store before, exactly as the backup has them.",
            ),
            count=done.already,
        )
    show_findings(findings)
    if done.lost:
        say(
            mark("Files that the practice had lost: {lost}; back from an earlier run: {recovered}."),
            lost=done.lost,
            recovered=done.recovered,
        )
    if done.refused:
        note(
            mark(
                "What was refused is not in this store; of a whole practice the registers are not either. An earlier"
                " run may have it (--as-of)."
            )
        )


def _show_document(document: RestoredDocument, absent: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "backup_restore": 1,
                "document": str(document.path),
                "sha256": document.attachment.sha256,
                "size": document.attachment.size,
                "run": document.number,
                "at": document.at.isoformat(),
                "findings": findings_json(absent),
            }
        )
        return
    show_findings(absent)
    say(
        mark("Restored: {path} ({size}), as of run {number}, {moment}."),
        path=str(document.path),
        size=Counted(document.attachment.size, BYTES),
        number=document.number,
        moment=f"{document.at.astimezone():%Y-%m-%d %H:%M}",
    )
