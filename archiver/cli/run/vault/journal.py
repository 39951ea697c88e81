"""What ``vault journal seal``, ``show`` and ``export`` do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.time_stamping import stamping_of
from archiver.cli.options.trust import TrustOptions
from archiver.cli.terminal.console import complain, say, show_json, show_table
from archiver.operations.journal.premis import premis_pieces
from archiver.operations.vault.deposit import object_id
from archiver.vault.description import description_of
from archiver.vault.journal.entry import LoggedEntry, VaultAct
from archiver.vault.journal.open_journal import current_head, open_journal
from archiver.vault.journal.read import own_entries
from archiver.vault.journal.seal import MAX_STAMP_BYTES, STAMP, seal_journal
from archiver.vault.open_vault import open_vault
from formats.json_text import canonical_json
from formats.words import mark, plural

HEADING = ("", mark("moment"), mark("act"), mark("package"), mark("outcome"), mark("who"))


def seal(
    folder: Path,
    urls: Sequence[str],
    tsa_roots: list[Path] | None,
    credentials: Path | None,
    *,
    as_json: bool,
) -> int:
    """Seal what is not sealed, with a time-stamp where an authority is named; return the exit status."""
    vault = open_vault(folder, credentials)
    stamp = stamping_of(urls, read_accepted(TrustOptions(tsa_roots=tsa_roots)).trust)
    at = now()
    with open_journal(vault, at=at) as journal:
        _, made, failures = seal_journal(journal, current_head(journal, at=at), stamp)
        stamped = made is not None and journal.own.find(made.path + STAMP, MAX_STAMP_BYTES) is not None
        key = str(journal.key.public)
    status = INCOMPLETE if failures else SUCCESS
    if made is None:  # a journal has an entry as soon as it is open
        return status
    if as_json:
        document = {
            "number": made.number,
            "entries": made.checkpoint.size,
            "root": made.checkpoint.root.hex(),
        }
        show_json(
            {"sealed": 1, "status": status, **document, "time_stamp": stamped, "key": key, "file": made.path}
        )
    else:
        say(
            plural(
                "Seal {number}: the journal has {count} entry.",
                "Seal {number}: the journal has {count} entries.",
            ),
            number=made.number,
            count=made.checkpoint.size,
        )
        bare = mark("It has no time-stamp: name an authority (--tsa).")
        say(mark("It has a time-stamp.") if stamped else bare)
        say(mark("Key of the journal: {key}"), key=key)
    for one in failures:
        complain(one)
    return status


def show(folder: Path, package: str, act: VaultAct | None, since: date | None, *, as_json: bool) -> None:
    """Show the entries that are asked for."""
    description_of(folder)
    name = object_id(package) if package else ""
    found = (
        one
        for one in own_entries(folder)
        if name in {"", one.entry.object_id}
        and act in {None, one.entry.act}
        and (since is None or datetime.fromisoformat(one.at).astimezone().date() >= since)
    )
    if as_json:
        show_json({"journal": 1, "entries": map(_document, found)})
        return
    rows = [
        (one.number, one.at, one.entry.act.value, one.entry.object_id, one.entry.outcome, one.entry.agent)
        for one in found
    ]
    show_table(rows, heading=HEADING)
    say(plural("{count} entry.", "{count} entries."), count=len(rows))


def _document(one: LoggedEntry) -> dict[str, Any]:
    entry = one.entry
    return {
        "number": one.number,
        "at": one.at,
        "act": entry.act.value,
        "object": entry.object_id or None,
        "outcome": entry.outcome,
        "agent": entry.agent,
        "facts": dict(entry.facts),
    }


def export(folder: Path, target: Path, *, premis: bool) -> None:
    """Write the whole journal into the new file ``target``.

    Raises:
        JournalMissing, JournalDamaged, AlreadyExists, DiskFull, DiskFault.
    """
    description = description_of(folder)
    lines = (canonical_json(_document(one)) + b"\n" for one in own_entries(folder))
    pieces = premis_pieces(description.id, lambda: own_entries(folder)) if premis else lines
    with disk.write_aside(target) as stream:
        for piece in pieces:
            stream.write(piece)
    say(mark("{path}: the journal of {vault}"), path=str(target), vault=description.id)
