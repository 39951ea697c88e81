"""What the ``verify`` command does of several packages: a table, a summary, and the worst status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archiver.cli.acceptance import Accepted
from archiver.cli.console import progress, say, show_findings, show_json, show_table
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.language import tell
from archiver.cli.verification import STATES, Filing, file_report, status
from archiver.operations.examine_each import ExaminedPlace, Result, count_results, examine_each, worst
from archiver.operations.find_packages import FoundPackages, find_packages
from archiver.operations.verdict_document import verdicts_document
from archiver.signing.keys import Signer
from archiver.verdict import State
from formats.findings import Finding
from formats.words import mark

RESULTS = {
    Result.PROVEN: mark("proven"),
    Result.UNDECIDED: mark("undecided"),
    Result.UNEXAMINED: mark("not examined"),
    Result.REFUSED: mark("refused"),
}


def several(
    packages: Sequence[Path], whom: Accepted, filed: tuple[Filing, Signer] | None, *, as_json: bool
) -> int:
    """Examine every package that is named or lies in a folder that is, and return the worst exit status."""
    found = find_packages(packages)
    with progress(mark("Verifying"), total=len(found.places)) as step:
        each = list(examine_each(found.places, whom.trust, whom.first_use, progress=step))
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
    for result, count in count_results(each).items():
        if count:
            say("  {result}: {count}", result=RESULTS[result], count=count)
    say(mark("Packages: {count}."), count=len(each))
    show_findings([*found.findings, *(one for place in each for one in _findings(place))])


def _row(one: ExaminedPlace) -> tuple[str, str, str, str]:
    code = f"[{one.refusal.code}]" if one.refusal else ""
    return str(one.path), tell(RESULTS[one.result]), _answers(one), code


def _answers(one: ExaminedPlace) -> str:
    counted = Counter(answer.state for _, answer in one.examined.verdict.answers())
    return ", ".join(f"{counted[state]} {tell(STATES[state])}" for state in State if counted[state])


def _findings(one: ExaminedPlace) -> list[Finding]:
    return [
        replace(finding, where=f"{one.path} {finding.where}".rstrip())
        for finding in one.examined.verdict.findings
    ]
