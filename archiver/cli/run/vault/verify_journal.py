"""What ``vault journal verify`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.trust import TrustOptions
from archiver.cli.terminal.console import say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.journal.codes import OPEN
from archiver.operations.journal.verify_journal import (
    JournalExpectations,
    KnownCheckpoint,
    VerifiedJournal,
    verify_journal,
)
from archiver.operations.journal.witness import read_checkpoint_file
from archiver.vault.journal.errors import JournalDamaged
from archiver.vault.open_vault import open_vault
from formats.findings import Severity
from formats.tlog.note import NoteKey, NoteMalformed, read_note_key
from formats.words import mark, plural


def run(
    folder: Path,
    log_key: str,
    witnesses: Sequence[str],
    checkpoints: Sequence[Path],
    options: TrustOptions,
    *,
    credentials: Path | None,
    as_json: bool,
) -> int:
    """Verify the journal, say what was found, and return the exit status."""
    vault = open_vault(folder, credentials)
    expected = JournalExpectations(
        trust=read_accepted(options).trust,
        key=key_of(log_key, "--log-key") if log_key else None,
        witnesses=[key_of(one, "--witness") for one in witnesses],
        checkpoints=[_known(one) for one in checkpoints],
    )
    found = verify_journal(vault, expected, at=now())
    status = _status(found)
    if as_json:
        show_json(
            {
                "journal_verified": 1,
                "status": status,
                "entries": found.size,
                "unsealed": found.unsealed,
                "key": found.key or None,
                "copies": [{"name": name, "entries": size} for name, size in found.copies],
                "seals": [asdict(one) for one in found.seals],
                "findings": findings_json(found.findings),
            }
        )
        return status
    _show(found)
    show_findings(found.findings)
    return status


def _status(found: VerifiedJournal) -> int:
    if any(one.severity is Severity.ERROR for one in found.findings):
        return status_of(JournalDamaged(reason=""))
    return INCOMPLETE if any(one.code in OPEN for one in found.findings) else SUCCESS


def _show(found: VerifiedJournal) -> None:
    say(
        plural("The journal has {count} entry, {unsealed} of them not sealed yet.",
               "The journal has {count} entries, {unsealed} of them not sealed yet."),
        count=found.size,
        unsealed=found.unsealed,
    )  # fmt: skip
    for name, size in found.copies:
        say(mark("  {name}: {count}"), name=name, count=size)
    if found.seals:
        last = found.seals[-1]
        say(mark("Last seal: {number}, entries: {count}"), number=last.number, count=last.size)
        if last.stamped_at:
            say(mark("Time-stamp: {moment}, {authority}"), moment=last.stamped_at, authority=last.authority)
    for one in found.seals:
        for name, moment in one.witnesses:
            say(
                mark("Seal {number} was cosigned by {witness}: {moment}"),
                number=one.number,
                witness=name,
                moment=moment,
            )
    say(mark("Key of the journal: {key}"), key=found.key)


def key_of(text: str, option: str) -> NoteKey:
    """Return the key that an option names.

    Raises:
        BadParameter: when it is none.
    """
    try:
        return read_note_key(text)
    except NoteMalformed as fault:
        raise typer.BadParameter(
            localize(mark("this is no key of a journal (vkey)")), param_hint=option
        ) from fault


def _known(path: Path) -> KnownCheckpoint:
    return str(path), *read_checkpoint_file(path)
