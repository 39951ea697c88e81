"""What ``export --dry-run`` does: say what an export would be, and write nothing."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from archiver.cli.exits import INCOMPLETE
from archiver.cli.run.exports.show_export import show_left_out, show_linked
from archiver.cli.run.exports.situation import show_situation
from archiver.cli.terminal.console import say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import PACKAGES, VOLUMES
from archiver.operations.documents.exports import planned_json
from archiver.operations.splitting.plan_export import (
    DISK_LARGE_ENOUGH,
    DISK_TOO_SMALL,
    ExportPlan,
    PlanRequest,
    plan_export,
)
from archiver.practice.store import PracticeStore
from archiver.scope.rosters.roster_agreement import RosterAgreement, planned_sentences
from formats.findings import Finding
from formats.model.identity import names_and_birth
from formats.words import BYTES, Counted, mark, plural

SHOWN = 100
"""Contested patients that are named on a terminal; the JSON has all."""

WOULD_STOP = plural(
    "{count} file of the store is not on the disk: the export would stop there, or go without it (--without-lost).",
    "{count} files of the store are not on the disk: the export would stop at the first, or go without them "
    "(--without-lost).",
)
WOULD_NAME = plural(
    "{count} file of the store is not on the disk: its dossier would go without it, and name it.",
    "{count} files of the store are not on the disk: their dossiers would go without them, and name each.",
)


def plan(
    store: PracticeStore,
    request: PlanRequest,
    agreement: RosterAgreement | None,
    findings: Sequence[Finding],
    *,
    as_json: bool,
) -> None:
    """Show the plan of an export; the exit status says whether the disk has room and every file is there.

    ``agreement`` is that on the roster, ``findings`` are what the lists made us notice.
    """
    found = plan_export(store, request)
    if as_json:
        show_json(planned_json(found, request.target, agreement, findings))
    else:
        _show(found, request)
        show_situation(found.terms, found.redactions)
        for sentence, facts in planned_sentences(agreement):
            say(sentence, **facts)
        show_findings(findings)
    if not found.feasible:
        raise typer.Exit(INCOMPLETE)


def _show(found: ExportPlan, request: PlanRequest) -> None:
    whole = mark("Nothing was written. {package} would have at most {size}, in about {volumes}.")
    each = mark("Nothing was written. {package} would have at most {size}: {volumes}, one for each person.")
    say(
        each if request.each else whole,
        package=str(request.target),
        size=Counted(found.size, BYTES),
        volumes=Counted(found.volumes, PACKAGES if request.each else VOLUMES),
    )
    rows = sorted((localize(kind_words(kind)), count) for kind, count in found.counts.items())
    show_table(rows, heading=(mark("kind"), mark("to seal")))
    for sentence, facts in content_sentences(found.counts):
        say(sentence, **facts)
    show_left_out(found.left_out)
    show_linked(found.linked)
    _show_contested(found)
    if found.absent:
        say(WOULD_NAME if found.without_lost else WOULD_STOP, count=found.absent)
    free, needed = Counted(found.free, BYTES), Counted(found.needed, BYTES)
    say(DISK_LARGE_ENOUGH if found.needed <= found.free else DISK_TOO_SMALL, free=free, needed=needed)


def _show_contested(found: ExportPlan) -> None:
    if not found.contested:
        return
    say(
        plural(
            "{count} patient of the roster could be claimed by another practitioner too:",
            "{count} patients of the roster could be claimed by another practitioner too:",
        ),
        count=len(found.contested),
    )
    rows = [
        (names_and_birth(one.patient.traits), ", ".join(one.practitioners)) for one in found.contested[:SHOWN]
    ]
    show_table(rows, heading=(mark("patient"), mark("practitioners")))
    if len(found.contested) > SHOWN:
        say(plural("… and {count} more.", "… and {count} more."), count=len(found.contested) - SHOWN)
