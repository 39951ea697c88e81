"""What ``vault witness`` and ``vault journal add-cosignature`` do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.run.vault.verify_journal import key_of
from archiver.cli.terminal.console import complain, say, show_json
from archiver.errors import AlreadyExists
from archiver.operations.journal.witness import cosigned_lines, read_offer, request_bytes, witness
from archiver.vault.description import description_of
from archiver.vault.journal.errors import CheckpointUnreadable
from archiver.vault.journal.open_journal import current_head, open_journal
from archiver.vault.journal.places import FOLDER
from archiver.vault.journal.seal import COSIGNATURE, find_seal, last_seal, put_beside_seal
from archiver.vault.open_vault import open_vault
from formats.errors import Failure
from formats.regular_files import open_regular
from formats.words import mark


def run(
    folder: Path, journal: Path, target: Path, log_key: str, credentials: Path | None, *, as_json: bool
) -> None:
    """Cosign the checkpoint of another journal, and write it with the cosignature into ``target``."""
    if target.exists():
        raise AlreadyExists(path=str(target))
    vault = open_vault(folder, credentials)
    key = key_of(log_key, "--log-key") if log_key else None
    done = witness(vault, read_offer(journal), key, at=now())
    with disk.write_aside(target) as stream:
        stream.write(done.note.data)
    facts: dict[str, str | int] = {
        "origin": done.checkpoint.origin,
        "entries": done.checkpoint.size,
        "before": done.before,
    }
    if as_json:
        show_json({"witnessed": 1, **facts, "key": str(done.key), "file": str(target)})
        return
    say(
        mark(
            "{origin}: {entries} entries, which continue the {before} that were seen before. Cosigned: {path}"
        ),
        path=str(target),
        **facts,
    )
    say(mark("Key of this witness: {key}"), key=str(done.key))


def write_proof(folder: Path, old: int, target: Path) -> None:
    """Write into the new file ``target`` the last seal of a vault's journal, and what shows that it continues.

    Raises:
        CheckpointUnreadable, WitnessedUnproven, AlreadyExists, DiskFull, DiskFault.
    """
    description = description_of(folder)
    data = request_bytes(folder / FOLDER, old)
    with disk.write_aside(target) as stream:
        stream.write(data)
    say(mark("{path}: the journal of {vault}"), path=str(target), vault=description.id)


def add_cosignature(
    folder: Path, path: Path, witnesses: Sequence[str], credentials: Path | None, *, as_json: bool
) -> int:
    """Put the cosignatures of ``witnesses`` in the file at ``path`` beside the seal that they are about.

    The exit status that is returned says whether every storage has them.

    Raises:
        CheckpointUnreadable: when it is none, nobody named cosigned it, or it is no seal of this journal.
    """
    vault = open_vault(folder, credentials)
    with disk.failures_about(path):
        open_regular(path).close()  # before any key is judged: a pipe is no checkpoint
    checkpoint, lines = cosigned_lines(path, [key_of(one, "--witness") for one in witnesses])
    at, failures = now(), list[Failure]()
    with open_journal(vault, at=at) as journal:
        last = last_seal(journal.own, current_head(journal, at=at))
        numbers = range(last.number if last else 0, 0, -1)
        seals = (find_seal(journal.own, number) for number in numbers)
        seal = next((one for one in seals if one and one.checkpoint == checkpoint), None)
        if seal is None:
            raise CheckpointUnreadable(where=str(path))
        for key, line in lines:
            place = f"{seal.path}.{key.number.hex()}{COSIGNATURE}"
            failures = put_beside_seal(journal, place, f"{line}\n".encode()) or failures
    status = INCOMPLETE if failures else SUCCESS
    names = [key.name for key, _ in lines]
    if as_json:
        show_json({"cosigned": 1, "status": status, "seal": seal.number, "witnesses": names})
    else:
        for name in names:
            say(mark("Seal {number} is cosigned by {witness}."), number=seal.number, witness=name)
    for one in failures:
        complain(one)
    return status
