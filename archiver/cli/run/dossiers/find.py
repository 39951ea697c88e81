"""What ``find`` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import SUCCESS, status_of
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import complain, note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.dossiers import find as operation
from archiver.operations.dossiers.find import FindOutcome, not_one
from archiver.search.persons import Fit, TermFit, Trait
from archiver.search.search import FoundPerson
from formats.findings import Finding
from formats.names import comparable
from formats.words import mark, plural

TRAIT_WORDS: Mapping[Trait, str] = {
    Trait.FAMILY: mark("family name"),
    Trait.GIVEN: mark("given name"),
    Trait.EARLIER: mark("earlier name"),
    Trait.BIRTH: mark("born"),
    Trait.NUMBER: mark("number"),
    Trait.TELEPHONE: mark("telephone"),
    Trait.INS: mark("INS"),
}
"""What of a person fits, for a person; the codes are in the JSON."""
HEADING = (
    mark("number"),
    mark("family name"),
    mark("given name"),
    mark("born"),
    mark("last seen"),
    mark("found by"),
)
_VALUES = frozenset({Trait.TELEPHONE, Trait.INS, Trait.EARLIER})
"""Traits whose value stands in no other column."""


def find(source: SourceOptions, words: Sequence[str], *, limit: int, output: OutputOptions) -> int:
    """List the persons who fit; where nobody does, those who come nearest, and say that nobody does."""
    today = now().date()
    with findings_report(output.report) as fill, open_source(source) as opened:
        fill(opened.findings)
        outcome = operation.find(opened.content, words, today=today, limit=limit)
    result = outcome.result
    if output.as_json:
        show_json(_document(" ".join(words), outcome, opened.findings))
    else:
        show_persons(outcome)
    if result.count:
        return SUCCESS
    failure = not_one(" ".join(words), result)
    complain(failure)
    return status_of(failure)


def show_persons(outcome: FindOutcome) -> None:
    """Print who fits, or who comes nearest, one person a line."""
    result = outcome.result
    shown = result.found or result.nearest
    if shown:
        show_table([_row(one, outcome.last_seen) for one in shown], heading=HEADING)
    if result.count:
        say(plural("{count} person fits.", "{count} persons fit."), count=result.count)
    if result.count > len(result.found):
        note(mark("The first {shown} are shown; --limit shows more."), shown=len(result.found))
    merged = sum(len(one.records) > 1 for one in shown)
    if merged:
        note(
            plural(
                "{count} person has several records, whose numbers stand together (archiver people list).",
                "{count} persons have several records, whose numbers stand together (archiver people list).",
            ),
            count=merged,
        )


def _row(person: FoundPerson, seen: Mapping[str, str]) -> tuple[str, ...]:
    first = person.records[0]
    names = first.names
    return (
        " = ".join(record.number or "–" for record in person.records),
        _family(person),
        names.used_given or " ".join(names.birth_givens),
        names.birth_date,
        max((seen.get(record.id, "") for record in person.records), default=""),
        ", ".join(dict.fromkeys(filter(None, map(_found_by, person.fits)))),
    )


def _family(person: FoundPerson) -> str:
    """Return the name in use, and the birth name where it is another."""
    names = person.records[0].names
    used, birth = names.used_family or names.birth_family, names.birth_family
    return used if not birth or comparable(birth) == comparable(used) else f"{used} ({birth})"


def _found_by(one: TermFit) -> str:
    if one.trait is None:
        return one.term if one.fit is not Fit.NONE else ""
    word = localize(TRAIT_WORDS[one.trait])
    return f"{word} {one.value}" if one.trait in _VALUES else word


def _document(words: str, outcome: FindOutcome, findings: Sequence[Finding]) -> dict[str, Any]:
    result = outcome.result
    return {
        "find": 1,
        "words": words,
        "count": result.count,
        "found": [_person(one, outcome.last_seen) for one in result.found],
        "nearest": [_person(one, outcome.last_seen) for one in result.nearest],
        "findings": findings_json(findings),
    }


def _person(person: FoundPerson, seen: Mapping[str, str]) -> dict[str, Any]:
    first = person.records[0]
    names = first.names
    return {
        "id": first.id,
        "number": first.number,
        "family_name": names.used_family or names.birth_family,
        "birth_family_name": names.birth_family,
        "given_name": names.used_given or " ".join(names.birth_givens),
        "birth_date": names.birth_date,
        "last_seen": max((seen.get(record.id, "") for record in person.records), default=""),
        "records": [
            {
                "id": record.id,
                "numbers": list(record.numbers),
                "practice": record.practice,
                "status": record.status,
            }
            for record in person.records
        ],
        "fits": [
            {"word": one.term, "fit": one.fit.name.lower(), "trait": one.trait or "", "value": one.value}
            for one in person.fits
        ],
    }
