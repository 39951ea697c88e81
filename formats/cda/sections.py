"""The body of a clinical document: sections as notes, entries as records, both word for word as source rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from formats import xml
from formats.cda.care import read_care
from formats.cda.codes import ENTIRE_TOPIC, SECTIONS, SectionCode, SectionKind
from formats.cda.elements import attribute, child, elements_at, instance_identifier, local_name
from formats.cda.files import embedded_file, embedded_values
from formats.cda.health import read_health
from formats.cda.narrative import plain_lines, title_of
from formats.cda.reading import STATEMENTS, Reading, Unrecorded
from formats.cda.results import read_results
from formats.findings import Finding, Severity
from formats.model.care import Note, NoteKind
from formats.model.documents import Document
from formats.model.health import HealthStatement, HealthTopic, Presence
from formats.model.provenance import Cell, SourceRow
from formats.model.record import Record
from formats.reading import Item, Tally
from formats.words import mark, plural
from formats.xml import Element

_RESULTS = frozenset({SectionKind.RESULT, SectionKind.VITAL_SIGN})
_UNREAD = plural(
    "{count} entry of the section “{section}” is of a kind that is not read: it is kept word for word.",
    "{count} entries of the section “{section}” are of a kind that is not read: they are kept word for word.",
)
_PARTS = plural(
    "{count} statement within the entries of the section “{section}” is kept word for word only.",
    "{count} statements within the entries of the section “{section}” are kept word for word only.",
)
_NOT_ASKED = mark("The section “{section}” says that nobody asked or knows: nothing is recorded of it.")
_NO_PLACE = mark(
    "The section “{section}” says that there is none; no record can say so, and its words are kept in a note."
)
_CONTRADICTION = mark("The document says that there is none and names one ({topic}): both are kept.")
_NO_BASE64 = mark("A file within the document cannot be taken: it is not whole.")
_CHANGED = mark("A file within the document is refused: it has not the digest that stands beside it.")
_TOPICS: Mapping[HealthTopic, str] = {
    HealthTopic.ALLERGY: mark("allergies"),
    HealthTopic.CONDITION: mark("conditions"),
    HealthTopic.MEDICATION: mark("medication"),
}


@dataclass(slots=True)
class _Course:
    """What was found so far: answers about each topic, and what was not read in the section at hand."""

    reading: Reading
    present: set[HealthTopic] = field(default_factory=set)
    none: set[HealthTopic] = field(default_factory=set)
    unread: int = 0
    parts: int = 0
    unrecorded: Counter[Unrecorded] = field(default_factory=Counter)


def body_items(reading: Reading, *, superseded: bool = False) -> Iterator[Item]:
    """Yield what the structured body holds: notes, records, files, rows and findings, then what it counts.

    Of a ``superseded`` document there are rows alone: the one that replaces it tells how things are.
    """
    root = reading.document.root
    course = _Course(reading)
    number = 0
    every = [one for one in root.iter() if local_name(one) == "section"]
    for place, section in enumerate(every, 1):
        yield from _section(section, place, reading, superseded=superseded)
        for entry in elements_at(section, "entry"):
            number += 1
            yield from _entry(entry, section, number, course, superseded=superseded)
        if not superseded:
            yield from _remarks(section, course)
    for topic in sorted(course.present & course.none):
        words = _TOPICS.get(topic, topic.value)
        yield _finding(reading, Severity.WARNING, "cda-contradiction", _CONTRADICTION, topic=words)
    yield Tally(table="section", rows=len(every))
    yield Tally(table="entry", rows=len([one for one in root.iter() if local_name(one) == "entry"]))


def _section(section: Element, place: int, reading: Reading, *, superseded: bool) -> Iterator[Item]:
    text, title = plain_lines(child(section, "text")), title_of(section)
    records: tuple[str, ...] = ()
    if text and not superseded:
        identity = reading.identity_of("notes", str(place))
        records = (identity,)
        yield Note(
            id=identity,
            patient=reading.patient,
            note=NoteKind.CLINICAL,
            text=f"{title}\n{text}" if title else text,
            written_at=reading.made_at,
            practitioner=reading.author,
        )
    narrative = child(section, "text")
    columns: dict[str, Cell] = {
        "code": attribute(child(section, "code"), "code"),
        "title": title,
        "templates": _templates(section),
        "text": xml.xml_text(narrative) if narrative is not None else None,
    }
    yield _row("section", place, columns, records, reading)


def _entry(
    entry: Element, section: Element, number: int, course: _Course, *, superseded: bool
) -> Iterator[Item]:
    reading = course.reading
    reading.begin(number)
    statement = next((one for one in entry if local_name(one) in STATEMENTS), None)
    code = SECTIONS.get(attribute(child(section, "code"), "code"))
    records: list[str] = []
    if statement is not None and not superseded:
        for one in _records(statement, code, reading):
            if isinstance(one, Unrecorded):
                course.unrecorded[one] += 1
                continue
            records.append(one.id)
            _note_answer(one, course)
            yield one
    for item in _files(entry, title_of(section), reading, superseded=superseded):
        if isinstance(item, Record):
            records.append(item.id)
        yield item
    left = 0 if superseded else len(reading.unread(entry))
    if records:
        course.parts += left
    elif left:
        course.unread += 1
    columns: dict[str, Cell] = {
        "section": attribute(child(section, "code"), "code"),
        "statement": "" if statement is None else local_name(statement),
        "id": instance_identifier(child(statement, "id")),
        "templates": "" if statement is None else _templates(statement),
        "xml": xml.xml_text(entry),
    }
    yield _row("entry", number, columns, tuple(records), reading)


def _records(
    statement: Element, section: SectionCode | None, reading: Reading
) -> Iterator[Record | Unrecorded]:
    if section is None:
        return
    if section.kind in ENTIRE_TOPIC:
        yield from read_health(statement, section, reading)
    elif section.kind in _RESULTS:
        yield from read_results(statement, section, reading)
    else:
        yield from read_care(statement, section, reading)


def _note_answer(one: Record, course: _Course) -> None:
    if isinstance(one, HealthStatement):
        answers = course.none if one.presence is Presence.NONE else course.present
        if one.presence is not Presence.REFUTED:
            answers.add(one.topic)


# -- files --------------------------------------------------------------------------------


def _files(entry: Element, title: str, reading: Reading, *, superseded: bool) -> Iterator[Item]:
    """Yield the files that an entry holds, each with its document; in the rows their digests stand for them."""
    for node in embedded_values(entry):
        found = embedded_file(node, unreadable=_NO_BASE64, changed=_CHANGED)
        for one in node.iterancestors():
            if local_name(one) in STATEMENTS:
                reading.read(one)
        if found.body is None:
            yield _finding(reading, Severity.ERROR, "cda-file", found.fault)
            continue
        node.text = f"sha256:{found.body.attachment.sha256}"
        if superseded:
            continue
        yield found.body
        yield Document(
            **reading.base(),
            title=_file_title(entry, reading) or title,
            category=title,
            created_at=reading.made_at,
            practitioner=reading.author,
            attachment=found.body.attachment,
        )


def _file_title(entry: Element, reading: Reading) -> str:
    """Return what the observation beside a file says that it is (IHE PCC, CI-SIS *Document attaché*)."""
    for one in entry.iter():
        if local_name(one) == "observation":
            wording = reading.value_text(child(one, "value"))
            if wording:
                reading.read(one)
                return wording
    return ""


# -- rows and findings --------------------------------------------------------------------


def _row(
    table: str, number: int, columns: Mapping[str, Cell], records: tuple[str, ...], reading: Reading
) -> SourceRow:
    return SourceRow(
        id=reading.row_identity(f"{table}/{number}"),
        patient=reading.patient,
        system=reading.system,
        table=table,
        key=f"{reading.document.key}#{number}",
        columns=columns,
        records=records,
    )


def _templates(node: Element) -> str:
    return " ".join(instance_identifier(one) for one in elements_at(node, "templateId"))


def _remarks(section: Element, course: _Course) -> Iterator[Finding]:
    reading, title = course.reading, title_of(section)
    if course.unread:
        yield _finding(
            reading, Severity.WARNING, "cda-entry-unread", _UNREAD, count=course.unread, section=title
        )
    if course.parts:
        yield _finding(reading, Severity.NOTE, "cda-entry-parts", _PARTS, count=course.parts, section=title)
    if course.unrecorded[Unrecorded.NOT_ASKED]:
        yield _finding(reading, Severity.NOTE, "cda-not-asked", _NOT_ASKED, section=title)
    if course.unrecorded[Unrecorded.NO_PLACE]:
        yield _finding(reading, Severity.NOTE, "cda-none-known", _NO_PLACE, section=title)
    course.unread = course.parts = 0
    course.unrecorded.clear()


def _finding(reading: Reading, severity: Severity, code: str, sentence: str, **facts: str | int) -> Finding:
    return Finding(severity=severity, code=code, where=reading.place, sentence=sentence, facts=facts)
