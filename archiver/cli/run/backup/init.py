"""What ``backup init`` does: three questions, keys and cards, a first run, a first drill."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from archiver.backup.description import NAME, PERSON
from archiver.cli.clock import now
from archiver.cli.commands.backup.options import NewBackupOptions
from archiver.cli.commands.vault.options import HostingOptions
from archiver.cli.data_folder import data_folder
from archiver.cli.exits import SUCCESS
from archiver.cli.options.new_passphrase import NewPassphraseOptions, passphrase_of
from archiver.cli.run.backup.run import run_once, show_run
from archiver.cli.run.backup.sources import words_of
from archiver.cli.run.vault.describe import hosting_of
from archiver.cli.terminal.console import note, notice, say, show_json
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.prompts import ask
from archiver.cli.terminal.usage_errors import SayHow
from archiver.errors import AlreadyExists
from archiver.operations.backup.drill_backup import BackupDrillRequest, drill_backup
from archiver.operations.backup.init_backup import NewBackup, init_backup
from archiver.practice.connection import is_database
from archiver.practice.errors import StoreUnreadable
from archiver.practice.store import open_store
from archiver.sealing.recovery.recovery_set import identity_of
from archiver.storage.address import SCHEME
from archiver.vault.description import Hosting
from formats.words import mark

ON_THE_PREMISES = mark("the practice keeps its own records on its own premises")
OWN_STORE = "practice.db"


def init(
    folder: Path,
    new: NewBackupOptions,
    hosting: HostingOptions,
    protection: NewPassphraseOptions,
    *,
    as_json: bool,
) -> int:
    """Set a backup up, try it, and say what the person has to do now."""
    if (folder / NAME).exists():
        raise AlreadyExists(path=str(folder / NAME))
    made = init_backup(_asked(folder, new, hosting, protection), clock=now, randomness=secrets.token_bytes)
    outcome, refused = run_once(made.backup)
    if refused is not None:
        raise refused
    drilled = drill_backup(
        made.backup,
        BackupDrillRequest(
            identity=identity_of(made.cards.cards[: made.cards.threshold]), register=data_folder()
        ),
        clock=now,
        randomness=secrets.token_bytes,
        notice=notice,
    )
    if as_json:
        show_json(
            {
                "backup_init": 1,
                "folder": str(folder),
                "run": outcome.number,
                "dossiers": outcome.dossiers,
                "size": outcome.size,
                "key_id": made.cards.key_id,
                "check_value": made.cards.check_value,
                "drill": {"records": drilled.records, "files": drilled.files},
            }
        )
        return SUCCESS
    show_run(outcome)
    say(
        mark(
            "Drill passed: one dossier came back by the recovery cards as the store has it (records: {count})."
        ),
        count=drilled.records,
    )
    _say_what_is_left(folder)
    return SUCCESS


def _asked(
    folder: Path, new: NewBackupOptions, hosting: HostingOptions, protection: NewPassphraseOptions
) -> NewBackup:
    """Return what is to be made, once the three questions are answered."""
    source = _answer(new.source, mark("What is backed up (practice store, folder or database)"), "--source")
    to = new.to or [_answer("", mark("Where to (a folder on another disk, or s3:https://…)"), "--to")]
    name = _answer(new.name, mark("Whose backup it is (the practice, or your name)"), "--name")
    store, sources = _store_and_sources(folder, source, new)
    given = protection.new_passphrase_file is not None
    return NewBackup(
        folder=folder,
        name=name,
        store=store,
        storages=storage_addresses(to),
        hosting=hosting_or_own(hosting, to),
        register=data_folder(),
        sources=sources,
        credentials=new.credentials,
        unlocked=new.unlocked,
        passphrase=passphrase_of(protection, "") if given else None,
        agreed_hours=new.agreed_hours,
        lock_days=new.lock_days,
    )


def _say_what_is_left(folder: Path) -> None:
    note(
        mark(
            "Take the folder {folder} away now: print the recovery cards, copy it to a stick, put each in another"
            " place, and delete it here. Whoever has it can read the backup; without it nobody can."
        ),
        folder=str(folder / PERSON),
    )
    note(
        mark(
            "archiver backup schedule writes what runs the backup by itself; archiver backup status says how it is."
        )
    )


def _answer(given: str, question: str, option: str) -> str:
    """Return what was given, or what whoever sits at the terminal answers.

    Raises:
        SayHow: when nobody is there.
    """
    if given.strip():
        return given.strip()
    if not sys.stdin.isatty():
        raise SayHow(localize(mark("Nobody is here to answer: say it with {option}"), option=option))
    while not (answer := ask(localize(question)).strip()):
        pass
    return answer


def _store_and_sources(
    folder: Path, source: str, new: NewBackupOptions
) -> tuple[Path, tuple[tuple[str, ...], ...]]:
    """Return the practice store, and what is collected into it: ``source`` is one or the other."""
    collected = tuple(words_of(one) for one in new.collect or ())
    path = Path(source)
    if path.is_file() and is_database(path):
        try:
            with open_store(path, reading=True):
                return path, collected
        except StoreUnreadable:
            pass  # a database of something else: a source
    place = str(path.absolute()) if path.exists() else source
    return folder / OWN_STORE, ((place,), *collected)


def storage_addresses(to: Sequence[str]) -> list[str]:
    """Return the addresses that were given, those of folders absolute."""
    return [one if one.startswith(SCHEME) else str(Path(one).absolute()) for one in to]


def hosting_or_own(options: HostingOptions, to: Sequence[str]) -> Hosting:
    """Return who hosts the storages: for folders alone nobody has to say that it is the practice itself."""
    stated = hosting_of(options)
    if stated == Hosting() and not any(one.startswith(SCHEME) for one in to):
        return Hosting(reason=localize(ON_THE_PREMISES))
    return stated
