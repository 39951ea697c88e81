"""What the ``verify`` command does of several packages: a table, a summary, and the worst status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.accepted_signers import AcceptedSigners
from archiver.cli.run.verify import Filing, file_report, status
from archiver.cli.terminal.console import progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize, translate_template
from archiver.examination.errors import NoPackage
from archiver.examination.examine_each import (
    ExaminedPlace,
    Result,
    count_results,
    examine_each,
    unexamined_place,
    worst,
)
from archiver.examination.find_packages import FoundPackages, find_packages
from archiver.examination.verdict_document import verdicts_document
from archiver.nouns import PACKAGES
from archiver.signing.keys.key_file import Signer
from archiver.verdict_words import answers_in_words
from formats.findings import Finding
from formats.words import Counted, mark, plural

RESULTS = {
    Result.PROVEN: mark("in order"),
    Result.UNDECIDED: mark("undecided"),
    Result.UNEXAMINED: mark("not examined"),
    Result.REFUSED: mark("refused"),
}
"""What a package comes to."""
COUNTS = {
    Result.PROVEN: plural("{count} in order", "{count} in order"),
    Result.UNDECIDED: plural("{count} undecided", "{count} undecided"),
    Result.UNEXAMINED: plural("{count} not examined", "{count} not examined"),
    Result.REFUSED: plural("{count} refused", "{count} refused"),
}


def several(
    packages: Sequence[Path], whom: AcceptedSigners, filed: tuple[Filing, Signer] | None, *, as_json: bool
) -> int:
    """Examine every package that is named or lies in a folder that is, and return the worst exit status."""
    found = find_packages(packages)
    with progress(mark("Verifying"), total=len(found.places)) as step:
        each = list(examine_each(found.places, whom.trust, whom.first_use, progress=step))
    each += [unexamined_place(path, NoPackage()) for path in found.empty]
    if filed:
        file_report(each, *filed, whom.trust)
    worst_status = _status(each, found)
    if as_json:
        show_json(verdicts_document(each, found.findings, at=whom.trust.at, status=worst_status))
    else:
        _show(each, found)
    return worst_status


def _status(each: Sequence[ExaminedPlace], found: FoundPackages) -> int:
    one = worst(each)
    return (status(one) if one else SUCCESS) or (INCOMPLETE if found.findings else SUCCESS)


def _show(each: Sequence[ExaminedPlace], found: FoundPackages) -> None:
    show_table([_row(one) for one in each], heading=(mark("package"), mark("result"), mark("answers"), ""))
    results = [localize(COUNTS[one], count=count) for one, count in count_results(each).items() if count]
    say(mark("{packages}: {results}."), packages=Counted(len(each), PACKAGES), results=", ".join(results))
    show_findings([*found.findings, *(one for place in each for one in _findings(place))])


def _row(one: ExaminedPlace) -> tuple[str, str, str, str]:
    code = f"[{one.refusal.code}]" if one.refusal else ""
    return (
        str(one.path),
        localize(RESULTS[one.result]),
        answers_in_words(one.examined.verdict, translate_template),
        code,
    )


def _findings(one: ExaminedPlace) -> list[Finding]:
    return [
        replace(finding, where=f"{one.path} {finding.where}".rstrip())
        for finding in one.examined.verdict.findings
    ]
