"""What a split says: as sentences for a person, and as a document for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from archiver.handover.missing_lines import content_sentences
from archiver.operations.splitting.plan_export import DISK_LARGE_ENOUGH, DISK_TOO_SMALL
from archiver.operations.splitting.plan_split import SplitPlan
from archiver.operations.splitting.split_request import SplitOutcome
from archiver.scope.rosters.roster_agreement import (
    agreement_document,
    agreement_sentences,
    planned_sentences,
)
from formats.errors import Fact
from formats.words import BYTES, Counted, mark, plural

PACKAGE = plural(
    "{path}: {count} patient for {receiver}, unchanged, {size}.",
    "{path}: {count} patients for {receiver}, unchanged, {size}.",
)
WHOLE = plural(
    "{count} patient in the package that was split.", "{count} patients in the package that was split."
)
LEFT_OUT = plural("Left out: {count} patient.", "Left out: {count} patients.")
SHARED = plural("{count} patient goes to several receivers.", "{count} patients go to several receivers.")
LINKED = plural(
    "{count} record goes along with another of the same person.",
    "{count} records go along with others of the same persons.",
)
ROWS = plural(
    "{count} row of the practice as a whole goes to nobody (--practice-rows).",
    "{count} rows of the practice as a whole go to nobody (--practice-rows).",
)
PLANNED = plural(
    "{file}: {count} patient for {receiver}, at most {size}.",
    "{file}: {count} patients for {receiver}, at most {size}.",
)
DESTROYED = plural(
    "{count} unit of the package was lawfully destroyed before, and goes to nobody.",
    "{count} units of the package were lawfully destroyed before, and go to nobody.",
)
STILL = mark("Whoever could open the package before still can, and opens everybody's dossier.")


def plan_sentences(plan: SplitPlan) -> Iterator[tuple[str, Mapping[str, Fact]]]:
    """Yield which packages a split would make, what they would hold, and whether the disk has room."""
    yield mark("Nothing was written."), {}
    for one in plan.parts:
        size = Counted(one.size, BYTES)
        yield (
            PLANNED,
            {"file": one.file, "count": one.patients, "receiver": one.receiver, "size": size},
        )
        for sentence, facts in content_sentences(one.counts):
            yield sentence, facts
    yield WHOLE, {"count": plan.patients}
    yield from planned_sentences(plan.agreement)
    for sentence, count in _notes(plan.left_out, plan.shared, plan.linked).items():
        if count:
            yield sentence, {"count": count}
    free, needed = Counted(plan.free, BYTES), Counted(plan.needed, BYTES)
    if plan.feasible:
        yield DISK_LARGE_ENOUGH, {"free": free, "needed": needed}
    else:
        yield DISK_TOO_SMALL, {"free": free, "needed": needed}


def _notes(left_out: int, shared: int, linked: int) -> Mapping[str, int]:
    return {LEFT_OUT: left_out, SHARED: shared, LINKED: linked}


def plan_document(plan: SplitPlan, folder: Path) -> dict[str, Any]:
    """Return what a split into ``folder`` would make, and of whom nobody would have anything."""
    return {
        "split_planned": 1,
        "package": plan.source,
        "patients": plan.patients,
        "packages": [
            {
                "receiver": one.receiver,
                "path": str(folder / one.file),
                "size": one.size,
                "patients": one.patients,
                "counts": dict(one.counts),
            }
            for one in plan.parts
        ],
        "left_out": {"patients": plan.left_out},
        "linked": plan.linked,
        "shared": plan.shared,
        "needed": plan.needed,
        "free": plan.free,
        "feasible": plan.feasible,
        "roster": agreement_document(plan.agreement),
    }


def split_sentences(outcome: SplitOutcome) -> Iterator[tuple[str, Mapping[str, Fact]]]:
    """Yield the packages that were made, how many patients there are in all, and who agreed on the roster."""
    for one in outcome.packages:
        yield (
            PACKAGE,
            {
                "path": str(one.path),
                "count": one.manifest.handover.patients_commitment.size,
                "receiver": one.receiver,
                "size": Counted(one.size, BYTES),
            },
        )
    yield WHOLE, {"count": outcome.patients}
    yield from agreement_sentences(outcome.agreement)


def split_notes(outcome: SplitOutcome) -> Iterator[tuple[str, Mapping[str, Fact]]]:
    """Yield what a person should know besides."""
    counts = {
        **_notes(outcome.left_out, outcome.shared, outcome.linked),
        ROWS: outcome.practice_rows,
        DESTROYED: len(outcome.destroyed),
    }
    for sentence, count in counts.items():
        if count:
            yield sentence, {"count": count}
    yield STILL, {}


def split_document(outcome: SplitOutcome) -> dict[str, Any]:
    """Return what was made, and of whom and what nobody has anything."""
    return {
        "split": 1,
        "package": outcome.source,
        "patients": outcome.patients,
        "packages": [
            {
                "receiver": one.receiver,
                "package": one.manifest.package_id,
                "path": str(one.path),
                "size": one.size,
                "patients": one.manifest.handover.patients_commitment.size,
                "left_out": dict(one.manifest.handover.scope.left_out),
            }
            for one in outcome.packages
        ],
        "left_out": {"patients": outcome.left_out, "practice_rows": outcome.practice_rows},
        "linked": outcome.linked,
        "shared": outcome.shared,
        "destroyed": list(outcome.destroyed),
        "roster": agreement_document(outcome.agreement),
    }
