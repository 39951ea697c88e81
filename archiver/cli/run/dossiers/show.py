"""What ``show`` does."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import typer

from archiver.cli.clock import now
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.dossiers.find import show_persons
from archiver.cli.run.dossiers.source import OpenedSource, SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, print_line, say, show_findings, show_json
from archiver.cli.terminal.language import language, localize
from archiver.dossier_text.layout import INDENT, MAX_WIDTH, MIN_WIDTH, lines_of
from archiver.dossier_text.sections import ON_REQUEST, TextSection, known_sections, text_sections
from archiver.dossier_text.since import dossier_since
from archiver.handover.keyring_entry import patient_traits
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.dossiers.find import not_one, one_person, outcome_of, persons_in
from archiver.operations.dossiers.show import OpenedRecord, entry_places, open_record
from archiver.practice.registers.degraded_entries import REASON_WORDS, DegradedEntry, degraded_of, topic_words
from archiver.practice.registers.gone_records import gone_identities
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.search.search import SearchResult
from formats.model.dossier import Dossier
from formats.printable import printable
from formats.words import mark, plural

ROWS = 10
"""Rows of a table that are shown unless its section is asked for."""
LINES = 60
"""Lines of a section that are shown, likewise."""
USUAL_WIDTH = 80
"""Columns of a line where no terminal says how many it has."""
UNREAD = mark("! Not read as it was sent: {topic}: {text} ({why}); archiver dossier review has the original.")
GONE = plural(
    "! {count} record of this dossier is not in the software of the practice any more (archiver dossier gone).",
    "! {count} records of this dossier are not in the software of the practice any more (archiver dossier gone).",
)
LONGER = mark("… {option} shows all.")
MORE = mark("… and {count} more: {option} shows all.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowOptions:
    """Which sections are shown, and since when; nothing named is what anybody reads."""

    sections: tuple[str, ...]
    since: datetime | None

    def __post_init__(self) -> None:
        known = known_sections()
        for name in self.sections:
            if name not in known:
                reason = localize(mark("a dossier has these sections: {names}"), names=", ".join(known))
                raise typer.BadParameter(reason, param_hint="--section")


def show(source: SourceOptions, wanted: str, options: ShowOptions, output: OutputOptions) -> None:
    """Print the dossier of the one person whom ``wanted`` tells, record after record.

    Raises:
        PatientUnknown, PatientAmbiguous: when it tells none or several, who are listed.
    """
    with findings_report(output.report) as fill, open_source(source) as opened:
        records = chosen_records(opened, wanted, today=now().date(), as_json=output.as_json)
        findings = list(opened.findings)
        shown = []
        places = entry_places(opened.content)
        for number, record in enumerate(records, 1):
            with open_record(opened.content, record.id, places) as one:
                findings += one.findings
                unread = _unread(opened, record)
                if output.as_json:
                    more = {"degraded": list(map(asdict, unread)), "gone": _gone(opened, record)}
                    shown.append(_record_json(one, options) | more)
                    continue
                if len(records) > 1:
                    say(mark("Record {number} of {of} of the same person:"), number=number, of=len(records))
                print_line(printable(_title(one.dossier)))
                for entry in unread:
                    say(
                        UNREAD,
                        topic=topic_words(entry),
                        text=entry.text or "?",
                        why=REASON_WORDS[entry.reason],
                    )
                if gone := _gone(opened, record):
                    say(GONE, count=gone)
                _print_record(one, options)
                show_findings(one.findings)
        fill(findings)
    if output.as_json:
        show_json({"show": 1, "records": shown, "findings": findings_json(findings)})


def _unread(opened: OpenedSource, record: SearchRecord) -> list[DegradedEntry]:
    """Return what of a record in a store came in otherwise than it was sent, and nobody has looked at."""
    if not isinstance(opened.content, PracticeStore):
        return []
    return [one for one in degraded_of(opened.content, record.id) if not one.reviewed_at]


def _gone(opened: OpenedSource, record: SearchRecord) -> int:
    """Return how many records of a dossier in a store its source does not give any more."""
    return len(gone_identities(opened.content, record.id)) if isinstance(opened.content, PracticeStore) else 0


def chosen_records(
    opened: OpenedSource, wanted: str, *, today: date, as_json: bool
) -> tuple[SearchRecord, ...]:
    """Return the records of the one person whom ``wanted`` tells.

    Raises:
        PatientUnknown, PatientAmbiguous: when it tells none or several, who are listed.
    """
    chosen = one_person(persons_in(opened.content), wanted, today=today)
    if isinstance(chosen, SearchResult):
        if not as_json:
            show_persons(outcome_of(opened.content, chosen))
        raise not_one(wanted, chosen)
    return chosen


def _print_record(one: OpenedRecord, options: ShowOptions) -> None:
    width = USUAL_WIDTH
    if sys.stdout.isatty():
        width = min(max(shutil.get_terminal_size((USUAL_WIDTH, 0)).columns, MIN_WIDTH), MAX_WIDTH)
    rows = 0 if options.sections else ROWS
    absent = set(options.sections)
    for section in _sections(one, options):
        absent.discard(section.name)
        count = "" if section.count is None else f" ({section.count})"
        print_line("")
        print_line(f"{section.title}{count}")
        option = f"--section {section.name}"  # whole, or the name of a section would be translated
        more = localize(MORE, count="{count}", option=option)
        lines = lines_of(section.blocks, width=width, rows=rows, more=more)
        for line in lines if options.sections else islice(lines, LINES):
            print_line(line)
        if next(lines, None) is not None:
            print_line(INDENT + localize(LONGER, option=option))
    if absent:
        note(
            mark("The dossier has nothing of this: {names}."),
            names=" ".join(f"--section {one}" for one in sorted(absent)),
        )
    if not options.sections:
        note(mark("Shown when asked for with --section: {names}."), names=", ".join(ON_REQUEST))


def _title(dossier: Dossier) -> str:
    """Return who it is, in one line: the names in use, and the number of the practice."""
    traits = patient_traits(dossier.patient)
    family = traits.get("used_family") or traits.get("family", "")
    given = dossier.patient.traits.used_given_name or traits.get("given", "")
    parts = (
        f"{given} {family}".strip(),
        traits.get("birth_date"),
        traits.get("number"),
        dossier.practice.name,
    )
    return " · ".join(filter(None, parts))


def _sections(one: OpenedRecord, options: ShowOptions) -> Iterator[TextSection]:
    dossier = dossier_since(one.dossier, options.since.date()) if options.since else one.dossier
    return text_sections(dossier, language(), options.sections)


def _record_json(one: OpenedRecord, options: ShowOptions) -> dict[str, Any]:
    dossier = one.dossier
    return {
        "id": dossier.patient.id,
        "patient": patient_traits(dossier.patient),
        "practice": dossier.practice.name,
        "counts": dossier.counts(),
        "sections": [
            {
                "section": section.name,
                "title": section.title,
                "count": section.count,
                "text": list(lines_of(section.blocks, width=MAX_WIDTH, rows=0, more="")),
            }
            for section in _sections(one, options)
        ],
    }
