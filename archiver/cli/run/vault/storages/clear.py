"""What ``storage clear`` does and prints."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import ReceiptSignerOptions
from archiver.cli.commands.vault.storage import ClearingOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.run.vault.disposal.hold import statement_signer
from archiver.cli.run.vault.storages.working_vault import no_such_storage, working_vault
from archiver.cli.terminal.console import progress, say, show_json
from archiver.nouns import FILES
from archiver.operations.vault.storages.clear_storage import ClearedStorage, Clearing, clear_storage
from archiver.operations.vault.storages.clearing_history import ClearingHistory
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.vault.disposal.signed_statement import StatementSigner
from formats.words import BYTES, Counted, mark, plural


def clear(
    folder: Path,
    storage: str,
    options: ClearingOptions,
    signing: ReceiptSignerOptions,
    credentials: Path | None,
    *,
    as_json: bool,
) -> int:
    """Destroy what a retired storage still has, by the vault's key; return the exit status."""
    signer = statement_signer(signing, now())
    return clear_by(folder, storage, options, signer, credentials, as_json=as_json)


def clear_by(
    folder: Path,
    storage: str,
    options: ClearingOptions,
    signer: StatementSigner,
    credentials: Path | None,
    *,
    as_json: bool,
    commands: StorageCommands = STORAGE_COMMANDS,
) -> int:
    """Destroy what a retired storage still has; return the exit status.

    Raises:
        BadParameter: when the vault never had such a storage.
    """
    clearing = Clearing(
        storage=storage,
        by=options.by,
        signer=signer,
        folder=options.to,
        credentials=credentials,
        means=options.means,
        commands=commands,
    )
    with (
        working_vault(folder, commands.of("clear"), credentials) as (vault, catalogue, _),
        progress(mark("Destroying")) as step,
    ):
        try:
            done = clear_storage(vault, catalogue, clearing, clock=now, progress=step)
        except LookupError as fault:
            raise no_such_storage() from fault
    return _show_cleared(done, options.means, as_json=as_json)


def _show_cleared(done: ClearedStorage, means: str, *, as_json: bool) -> int:
    status = INCOMPLETE if done.locked else SUCCESS
    if as_json:
        document = {
            "storage_cleared": 1,
            "status": status,
            "storage": done.storage,
            "files": done.files,
            "size": done.size,
            "all_files": done.history.destroyed.files,
            "all_size": done.history.destroyed.size,
            "runs": done.history.runs,
            "counts_complete": done.history.counts_complete,
            "other_files": done.others,
            "locked": done.locked,
            "locked_until": done.until or None,
            "means": means,
        }
        show_json({**document, "written": [str(one) for one in done.paths]})
        return status
    removed = mark("{storage}: destroyed, then listed again: {files}, {size}.")
    stated = mark("{storage}: destroyed otherwise, nothing was removed here: {means}")
    say(
        stated if means else removed,
        storage=done.storage,
        files=Counted(done.files, FILES),
        size=Counted(done.size, BYTES),
        means=means,
    )
    if done.history.runs > 1:
        _show_runs(done.history)
    if done.others:
        say(
            plural(
                "{count} file there is none of a vault, and stays.",
                "{count} files there are none of a vault, and stay.",
            ),
            count=done.others,
        )
    if done.locked:
        say(
            plural(
                "{count} file is locked, until {moment}: give the same command again then.",
                "{count} files are locked, the last until {moment}: give the same command again then.",
            ),
            count=done.locked,
            moment=done.until,
        )
    for path in done.paths:
        say("  {path}", path=str(path))
    return status


def _show_runs(history: ClearingHistory) -> None:
    together = mark("  in {runs} runs together: {files}, {size}.")
    least = mark("  in {runs} runs together, as far as is known: {files}, {size}; the statement says so.")
    say(
        together if history.counts_complete else least,
        runs=history.runs,
        files=Counted(history.destroyed.files, FILES),
        size=Counted(history.destroyed.size, BYTES),
    )
