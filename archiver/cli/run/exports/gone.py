"""Records that the software of the practice does not have any more: shown, and asked about before an export."""

from __future__ import annotations

import sys

from archiver.cli.errors import GoneUndecided
from archiver.cli.options.export import GoneChoice
from archiver.cli.terminal.console import note
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.prompts import ask_yes_or_no
from archiver.handover.kinds import kind_words
from archiver.operations.splitting.gone_from_source import GoneFromSource, gone_from_source, without_gone
from archiver.operations.splitting.leaving import LeavingPatients
from archiver.practice.registers.gone_records import REASON_WORDS
from archiver.practice.store import PracticeStore
from archiver.scope.gone_leaving import NOTHING_GONE, GoneLeaving
from formats.words import mark

LINE = mark("  {kind}: {count} ({reason})")


def decide_gone(
    store: PracticeStore,
    whose: LeavingPatients,
    choice: GoneChoice | None,
    *,
    everybody: bool,
    asked: bool = True,
) -> tuple[LeavingPatients, GoneLeaving]:
    """Return who leaves and what becomes of what is gone: as ``choice`` says, or whoever is ``asked`` here.

    Raises:
        GoneUndecided: when nobody is here to be asked.
    """
    found = gone_from_source(store, whose, everybody=everybody)
    if not found.records:
        return whose, NOTHING_GONE
    _show(found)
    if choice is None and found.to_decide and asked:
        choice = _ask(found)
    if choice is not GoneChoice.LEAVE_OUT:
        return whose, GoneLeaving(records=found.records)
    whose, left = without_gone(store, whose, everybody=everybody)
    return whose, GoneLeaving(records=left.records, left_out=True, beside=left.beside)


def _show(found: GoneFromSource) -> None:
    note(
        mark(
            "These records were collected once, and the software of the practice does not give them any more. They "
            "were merged or deleted there, on purpose or not; whoever keeps the dossiers keeps them too."
        )
    )
    for (kind, reason), count in sorted(found.counts.items()):
        note(LINE, kind=kind_words(kind), count=count, reason=REASON_WORDS[reason])


def _ask(found: GoneFromSource) -> GoneChoice:
    if not sys.stdin.isatty():
        raise GoneUndecided(count=found.records)
    leaves = ask_yes_or_no(localize(mark("Shall these records leave with the dossiers (yes or no)")))
    return GoneChoice.KEEP if leaves else GoneChoice.LEAVE_OUT
