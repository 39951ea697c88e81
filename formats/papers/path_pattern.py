"""Pattern of paths: where the folders and names of documents say whose they are, and what.

``PATIENTS/{number}`` reads the patient's number from the second folder; all that lies below is
this patient's. ``{family} {given} {birth_date:dd-MM-yyyy}/{date:yyyyMMdd} {title}`` reads a name,
a birth date, the date and the title of a document. What is no field stands in the path as it is,
without regard to capitals; ``*`` stands for anything within a part of the path.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from formats.errors import FormatFailure
from formats.model.dates import AnyMoment
from formats.papers.paper import PaperPatient, birth_date_of, moment_in
from formats.words import mark

MAX_PATTERN = 500
"""Characters of a pattern."""
FIELDS = ("number", "family", "given", "name", "birth_date", "title", "kind", "date", "practitioner")
"""What a pattern can read; ``name`` is the whole name, in either order."""
UNKNOWN = mark(
    "its fields are number, family, given, name, birth_date, title, kind, date and practitioner, and no others"
)
TELLING = frozenset({"number", "family", "name"})
"""Fields of which a pattern needs one, or it names nobody."""
DATES = frozenset({"birth_date", "date"})

_TOKEN = re.compile(r"\{(?P<field>[^{}:]*)(?::(?P<form>[^{}]*))?\}|(?P<any>\*)|(?P<text>[^{}*]+)|[{}]")
_WIDTH = re.compile(r"0(?P<digits>[1-9]\d?)")
_DATE_FORM = re.compile(r"(?=.*yyyy)(?:(yyyy|MM|dd|[ ._-])(?!.*\1(?<=[yMd])))+")
_DATE_PART = re.compile(r"yyyy|MM|dd|.")
_PARTS = {
    "yyyy": r"(?P<{field}_year>\d{{4}})",
    "MM": r"(?P<{field}_month>\d\d)",
    "dd": r"(?P<{field}_day>\d\d)",
}
_BESIDE = re.compile(r"\{family\} +\{given\}|\{given\} +\{family\}")


class PatternUnusable(FormatFailure):
    """A pattern of paths that cannot be read, or names nobody."""

    code = "path-pattern"
    sentence = mark("The pattern {pattern} cannot be used: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class PathFacts:
    """What a path says of a document, in its own words."""

    patient: PaperPatient
    title: str = ""
    kind: str = ""
    dated: AnyMoment | None = None
    practitioner: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PathPattern:
    """A pattern, understood: an expression for each part of a path."""

    text: str
    parts: tuple[re.Pattern[str], ...]
    with_ending: bool
    """Whether the last part speaks of the ending of a file."""

    def read(self, path: str) -> PathFacts | None:
        """Return what ``path`` (with ``/``) says; ``None`` where the pattern does not fit it, or a date is none."""
        found = path.split("/")
        if len(found) < len(self.parts):
            return None
        if len(found) == len(self.parts) and not self.with_ending:
            found[-1] = PurePosixPath(found[-1]).stem
        cells: dict[str, str] = {}
        for pattern, part in zip(self.parts, found, strict=False):
            matched = pattern.fullmatch(unicodedata.normalize("NFC", part))
            if matched is None:
                return None
            cells |= {field: (text or "").strip() for field, text in matched.groupdict().items()}
        born, dated = birth_date_of(_day(cells, "birth_date")), moment_in(_day(cells, "date"))
        if (cells.get("birth_date") and born is None) or (cells.get("date") and dated is None):
            return None
        return PathFacts(
            patient=PaperPatient(
                number=cells.get("number", ""),
                family=cells.get("name") or cells.get("family", ""),
                given=cells.get("given", ""),
                birth_date=born,
            ),
            title=cells.get("title", ""),
            kind=cells.get("kind", ""),
            dated=dated,
            practitioner=cells.get("practitioner", ""),
        )


def parse_pattern(text: str) -> PathPattern:
    """Return the pattern that ``text`` writes.

    ``{family} {given}`` with blanks alone in between are one ``{name}``: where a family name ends, no
    blank can say. ``{number:08}`` are eight digits whose zeros in front do not count. A date is written
    with ``yyyy``, ``MM`` and ``dd`` (``{date:yyyyMMdd}``), or without a form as lists write it.

    Raises:
        PatternUnusable: when it has an unknown field, one twice, or none that names a patient.
    """
    if len(text) > MAX_PATTERN:
        raise PatternUnusable(pattern=f"{text[:40]}…", reason=mark("it is too long"))
    plain = unicodedata.normalize("NFC", _BESIDE.sub("{name}", text.replace("\\", "/").strip("/")))
    fields: list[str] = []
    expressions = ["".join(_expressions(part, fields, text)) for part in plain.split("/")]
    if len(set(fields)) < len(fields):
        raise PatternUnusable(pattern=text, reason=mark("it has a field twice"))
    if TELLING.isdisjoint(fields):
        raise PatternUnusable(pattern=text, reason=mark("it names no patient: number, family or name"))
    ending = PurePosixPath(re.sub(r"\{[^{}]*\}", "x", plain)).suffix
    parts = tuple(re.compile(one, re.IGNORECASE) for one in expressions)
    return PathPattern(text=text, parts=parts, with_ending=bool(ending))


def _expressions(part: str, fields: list[str], pattern: str) -> Iterator[str]:
    """Yield the expressions of one part of a path, and add its fields."""
    if not part:
        raise PatternUnusable(pattern=pattern, reason=mark("a part of it is empty"))
    for token in _TOKEN.finditer(part):
        if token["text"]:
            yield re.escape(token["text"])
        elif token["any"]:
            yield ".*"
        elif token["field"] is None:
            raise PatternUnusable(pattern=pattern, reason=mark("a brace stands alone"))
        else:
            fields.append(token["field"])
            yield _expression(token["field"], token["form"] or "", pattern)


def _expression(field: str, form: str, pattern: str) -> str:
    """Return the expression that finds a field as its form says that it is written."""
    if field not in FIELDS:
        raise PatternUnusable(pattern=pattern, reason=UNKNOWN)
    width = _WIDTH.fullmatch(form)
    if field == "number" and width:
        return rf"(?=\d{{{width['digits']}}}(?!\d))0*(?P<number>[1-9]\d*)"
    if field in DATES and _DATE_FORM.fullmatch(form) and ("MM" in form or "dd" not in form):
        pieces = (
            _PARTS[one].format(field=field) if one in _PARTS else re.escape(one)
            for one in _DATE_PART.findall(form)
        )
        return f"(?P<{field}>{''.join(pieces)})"
    if form:
        raise PatternUnusable(pattern=pattern, reason=mark("a field is written in no known way"))
    plain = {"number": r"[^\s\d]*\d\S*?", **dict.fromkeys(DATES, r"\d[\d .-]*\d")}
    return f"(?P<{field}>{plain.get(field, '.+?')})"


def _day(cells: dict[str, str], field: str) -> str:
    """Return a date as ISO 8601 writes it; as it stands where the pattern has no form for it."""
    parts = [cells[f"{field}_{part}"] for part in ("year", "month", "day") if cells.get(f"{field}_{part}")]
    return "-".join(parts) or cells.get(field, "")
