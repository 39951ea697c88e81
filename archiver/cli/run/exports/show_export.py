"""What an export says when it is done."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.assembly.request import ExportOutcome
from archiver.cli.run.exports.situation import show_situation
from archiver.cli.terminal.console import note, say, show_findings, show_table
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import SEALED_UNITS
from archiver.scope.legal_ground import LegalGround
from archiver.scope.rosters.roster_agreement import agreement_sentences
from formats.words import BYTES, Counted, mark, plural


def show_export(outcome: ExportOutcome, *, volume_size: int, by_retention_year: bool) -> None:
    """Say what an export wrote, and what it did not take."""
    say(
        mark("{package}: {units}, {size}."),
        package=str(outcome.path),
        units=Counted(outcome.units, SEALED_UNITS),
        size=Counted(outcome.size, BYTES),
    )
    if outcome.set_file:
        _show_volumes(outcome, volume_size, by_retention_year=by_retention_year)
    show_table(
        sorted((localize(kind_words(kind)), count) for kind, count in outcome.counts.items() if count),
        heading=(mark("kind"), mark("sealed")),
    )
    for sentence, facts in content_sentences(outcome.counts):
        say(sentence, **facts)
    show_left_out(outcome.left_out)
    show_linked(outcome.linked)
    if outcome.on_hold:
        say(
            plural(
                "Under a hold, to be kept beyond its term: {count} dossier.",
                "Under a hold, to be kept beyond their term: {count} dossiers.",
            ),
            count=outcome.on_hold,
        )
    show_situation(outcome.terms, outcome.redactions)
    for sentence, facts in agreement_sentences(outcome.agreement) if outcome.agreement else ():
        say(sentence, **facts)
    show_findings(outcome.findings)
    if outcome.volumes[0].manifest.handover.legal_ground == LegalGround.NOT_STATED:
        note(mark("No legal ground is recorded; --ground states one."))


def _show_volumes(outcome: ExportOutcome, volume_size: int, *, by_retention_year: bool) -> None:
    """Say which volumes there are, and why; all of them and the file that ties them go together."""
    say(
        plural(
            "{count} volume lies beside it; {package} ties them: hand both over.",
            "{count} volumes lie beside it; {package} ties them: hand all of them over.",
        ),
        count=len(outcome.volumes),
        package=str(outcome.path),
    )
    rows = [
        (one.path.name, str(one.retention_year or ""), len(one.manifest.units) - 1, one.size)
        for one in outcome.volumes
    ]
    show_table(rows, heading=(mark("volume"), mark("retention ends"), mark("dossiers"), mark("bytes")))
    if by_retention_year:
        say(
            mark(
                "Cut by the year in which retention ends (--by-retention-year); a volume without a year "
                "holds dossiers whose end nobody can tell, or which are under a hold."
            )
        )
    years = {one.retention_year for one in outcome.volumes}
    if volume_size and len(years) < len(outcome.volumes):
        say(mark("Cut at {size} (--volume-size)."), size=Counted(volume_size, BYTES))
    for one in outcome.volumes:
        if 0 < volume_size < one.size:
            note(
                mark("{volume} has more than {size}: one dossier alone is that large."),
                volume=one.path.name,
                size=Counted(volume_size, BYTES),
            )


def show_left_out(left_out: Mapping[str, int]) -> None:
    """Say how much of each kind an export does not take."""
    for kind, count in left_out.items():
        if count:
            say(mark("Not taken ({kind}): {count}."), count=count, kind=kind_words(kind))


def show_linked(linked: Mapping[str, str]) -> None:
    """Say which records leave because they are of the same persons as those named, by their names."""
    if linked:
        say(
            plural(
                "Taken as well, because it is of the same person as a patient of the roster: {count} record ({names}).",
                "Taken as well, because they are of the same persons as patients of the roster: {count} records "
                "({names}).",
            ),
            count=len(linked),
            names=", ".join(linked.values()),
        )
