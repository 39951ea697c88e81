"""What a person reads in a section of a document (XHTML, R4 narrative.html): a line for each record, in French."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import Any, cast

from formats.model.dates import PartialDate
from formats.model.dictionary.entries import code_words, labels
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.imaging import ImageSeries
from formats.model.mouth import PerioExam, PerioMeasure
from formats.model.record import Record
from formats.xml_markup import Markup, element, text_element

MAX_LINES = 200
"""Records of one section that are written out; all of them are in the document as resources."""
MAX_CHARACTERS = 400
"""Characters of what is said of one record; a note may have thousands, and its resource has all."""
NAMESPACE = "http://www.w3.org/1999/xhtml"
SEPARATOR = "\u202f; "
_NOT_SHOWN = frozenset({"id", "patient", "attachment", "topic", "code_system"})


def narrative(pieces: Iterable[Markup]) -> dict[str, str]:
    """Return the Narrative of ``pieces``."""
    return {"status": "generated", "div": str(element("div", *pieces, xmlns=NAMESPACE, lang="fr"))}


def record_lines(records: Sequence[Record], dossier: Dossier) -> Iterator[Markup]:
    """Yield the records of a section as a list; of more than ``MAX_LINES`` the number of the others."""
    names = {
        one.id: " ".join(filter(None, (one.given_name, one.family_name))) for one in dossier.practitioners
    }
    lines = [text_element("li", record_text(one, names) or "–") for one in records[:MAX_LINES]]
    yield element("ul", *lines)
    if rest := len(records) - len(lines):
        yield text_element("p", f"Et {rest} de plus, dans les ressources du document.")


def paragraph(text: str) -> Markup:
    """Return a paragraph."""
    return text_element("p", text)


def record_text(record: Record, names: Mapping[str, str]) -> str:
    """Return what a person is told of a record: each field that says something, behind its label."""
    text = SEPARATOR.join(_statements(record, names))
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"


def _statements(value: Any, names: Mapping[str, str]) -> Iterator[str]:
    called = labels(type(value))
    for name, shown in _shown_fields(cast("Any", type(value))):
        found = getattr(value, name)
        text = names.get(found, "") if shown == "practitioners" else _text(found, name, names)
        if text and not (shown and shown != "practitioners"):
            yield f"{called[name].fr}\u00a0: {text}"
    if isinstance(value, PerioExam):
        yield from _measures(value.measures)


@cache
def _shown_fields(kind: type) -> tuple[tuple[str, str], ...]:
    """Return the fields of a kind that a person is shown, each with the kind of record that it names, if any."""
    return tuple(
        (one.name, one.metadata.get("refers", ""))
        for one in fields(kind)
        if one.name not in _NOT_SHOWN and not (kind is PerioExam and one.name == "measures")
    )


def _measures(measures: Sequence[PerioMeasure]) -> Iterator[str]:
    """Yield the periodontal measures of each tooth, one kind of measure after the other."""
    ordered = sorted(measures, key=lambda one: (one.tooth, one.measure))
    for (tooth, measure), group in groupby(ordered, key=lambda one: (one.tooth, one.measure)):
        sites = ", ".join(f"{code_words(one.site).fr} {one.value}" for one in group)
        yield f"{tooth} {code_words(measure).fr}\u00a0: {sites}"


def _text(value: Any, name: str, names: Mapping[str, str]) -> str:
    if value in ("", None, ()) or isinstance(value, Attachment):
        return ""
    if name.endswith("_cents"):
        return f"{'-' if value < 0 else ''}{abs(value) // 100},{abs(value) % 100:02}"
    if isinstance(value, tuple):
        if isinstance(value[0], ImageSeries):
            return str(len(value))
        return ", ".join(filter(None, (_text(one, name, names) for one in value)))
    if is_dataclass(value) and not isinstance(value, PartialDate):
        inner = SEPARATOR.join(_statements(value, names))
        return f"({inner})" if inner else ""
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, StrEnum):
        return code_words(value).fr
    if isinstance(value, PartialDate):
        return f"{value.year:04}" if value.month is None else f"{value.month:02}/{value.year:04}"
    if isinstance(value, datetime):
        return f"{value:%d/%m/}{value.year:04}{value: %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/}{value.year:04}"
    return " ".join(str(value).split())
