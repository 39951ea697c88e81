"""What ``archiver vault probe`` does and prints."""

from __future__ import annotations

import os
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.exits import STATUS_OF_CODE, SUCCESS, UNDECIDED
from archiver.cli.terminal.console import print_line, progress, say, show_json
from archiver.cli.terminal.language import localize
from archiver.storage.address import read_address
from archiver.storage.credentials import read_credentials
from archiver.storage.errors import StorageLockUnheld
from archiver.storage.folder import NO_LOCKS
from archiver.storage.probing.probe import ProbeRequest, probe_storage
from archiver.storage.probing.report import (
    ProbeIdentity,
    ProbeOutcome,
    ProbeReport,
    ProbeResult,
    probe_document,
)
from formats.printable import printable
from formats.words import mark, plural

STATUSES = {
    ProbeOutcome.ENFORCED: SUCCESS,
    ProbeOutcome.BROKEN: STATUS_OF_CODE[StorageLockUnheld.code],
    ProbeOutcome.UNKNOWN: UNDECIDED,
}
"""How the command ends, by what the essential checks come to."""
RESULTS = {
    ProbeOutcome.ENFORCED: mark("This storage locks: nothing that was tried took anything away."),
    ProbeOutcome.BROKEN: mark("This storage does not lock: do not rely on it alone."),
    ProbeOutcome.UNKNOWN: mark("Not everything could be tried: nothing says that this storage locks."),
}
BY = {ProbeIdentity.USER: mark("as the vault"), ProbeIdentity.ADMINISTRATOR: mark("as administrator")}
SIGNS = {ProbeOutcome.ENFORCED: "✓", ProbeOutcome.BROKEN: "✗", ProbeOutcome.UNKNOWN: "?"}


def run(text: str, credentials: Path | None, administrator: Path | None, *, as_json: bool) -> int:
    """Probe the storage at the address ``text``, print what came of it, and return the exit status.

    Raises:
        StorageLockUnheld: when it is a folder.
    """
    address = read_address(text)
    if isinstance(address, Path):
        raise StorageLockUnheld(storage=str(address), key=mark("anything"), reason=NO_LOCKS)
    request = ProbeRequest(
        address=address,
        credentials=read_credentials(credentials, os.environ),
        administrator=read_credentials(administrator, {}) if administrator else None,
    )
    with progress(mark("Probing")):
        report = probe_storage(request, clock=now)
    if as_json:
        show_json(probe_document(report))
    else:
        _show(report)
    return STATUSES[report.outcome]


def _show(report: ProbeReport) -> None:
    for one in report.results:
        print_line(_line(one))
    if not any(one.by == ProbeIdentity.ADMINISTRATOR for one in report.results):
        say(mark("Not tried as administrator: name the credentials of one with --administrator."))
    if report.left:
        say(
            plural(
                "{count} version stays locked under {place} until {until}; the next probe removes it.",
                "{count} versions stay locked under {place} until {until}; the next probe removes them.",
            ),
            count=report.left,
            place=report.place,
            until=report.left_until.astimezone().isoformat(sep=" ", timespec="seconds"),
        )
    say(RESULTS[report.outcome])


def _line(one: ProbeResult) -> str:
    answer = f" [{printable(one.answer)}]" if one.answer else ""
    aside = "" if one.essential else " · " + localize(mark("a vault does not rely on it"))
    return f"{SIGNS[one.outcome]} {localize(one.sentence)} · {localize(BY[one.by])}{aside}{answer}"
