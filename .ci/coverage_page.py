"""Write reference/coverage.md of both languages, every field of the model and which source fills it, and the counts.

A mapping and the descriptions of FHIR declare their fields. Of a reader that is written by hand the constructors of
records and values in its code say which it fills, and of Open Dental besides what is read of the sample practice.
``tests/conformance/test_coverage.py`` compares them with what is read of an example.
"""

from __future__ import annotations

import ast
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # of ``samples``, which are not installed

from formats.fhir.kinds import RESOURCES
from formats.fhir.resources import never
from formats.model.dictionary.entries import entries_of
from formats.model.dictionary.kinds import KINDS
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS
from formats.model.imaging import ImageStudy
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.registry import SOURCES, reader_for
from formats.sources.mapped.language.declarations import Scalar, Several, Value
from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.language.targets import KINDS as MAPPED_KINDS, Form, targets_of
from formats.words import LANGUAGES, Words
from samples.story.book import build_sqlite

ROOT = Path(__file__).resolve().parents[1]
COUNTS = ROOT / "formats" / "registry" / "coverage.json"
SAMPLE = ROOT / "samples" / "practice"
EVERY: tuple[type[Record], ...] = (
    Practice, Practitioner, Patient, *(one for one in PATIENT_KINDS if one is not SourceRow)
)  # fmt: skip
"""Kinds of record; source rows are verbatim in every source."""
FOLLOWING = frozenset({"id", "patient", "practice"})
"""Fields that every record has, whatever the source says."""
CODE: Mapping[str, tuple[str, ...]] = {
    "opendental": ("formats/opendental",),
    "dicom": ("formats/dicom", "formats/papers"),
    "bridges": ("formats/dicom", "formats/papers"),
    "documents": ("formats/papers",),
    "cda": ("formats/cda",),
    "xdm": ("formats/xdm", "formats/cda"),
    "pdlgc": ("formats/portability", "formats/xdm", "formats/cda"),
}
"""Where the readers written by hand have their constructors."""
FILLED, VERBATIM, NO_PLACE = "●", "○", "–"
ROWS = frozenset(SOURCES) - {"dicom", "bridges", "documents"}
"""Sources whose rows, or entries that nothing understands, travel word for word."""
TABLES = frozenset({"opendental", "mapped"})
"""Sources that may have a table for anything, whether a kind of record comes of it or not."""
OF_NO_TABLE = frozenset({"earlier_traits", "linked"})
"""Fields that no table has: what a person was called in an earlier collection, and what people decided."""
MAPPINGS: Mapping[str, str] = {"openmolar": "openmolar.toml", "molaire": "molaire-3.toml"}
"""Mappings that have a column of their own, by the name of the source."""
TITLE = Words("Ce que remplit chaque source", "What each source fills")
INTRO = (
    Words(
        "● : le champ est rempli quand la source le dit. ○ : il reste vide, et ce que la source en dit "
        "voyage mot pour mot dans ses lignes (`source_rows`), sans être compris. – : la source n’a pas de "
        "place pour lui, ou ce qu’elle en dit reste dans un fichier qui voyage entier.",
        "●: the field is filled where the source says it. ○: it stays empty, and what the source says of "
        "it travels word for word in its rows (`source_rows`), not understood. –: the source has no place "
        "for it, or what it says of it stays inside a file that travels whole.",
    ),
    Words(
        "Les colonnes de droite sont des correspondances de `docs/mappings`, chacune avec les champs "
        "qu’elle remplit ; `mapped` est ce qu’une correspondance peut remplir. Les correspondances et les "
        "descriptions FHIR déclarent leurs champs ; des autres lecteurs, ce sont les constructeurs de "
        "leur code qui le disent, et d’Open Dental aussi ce qui est lu du cabinet d’exemple. Pour `fhir`, "
        "un champ compte aussi quand seule une extension à nous le tient.",
        "The columns on the right are mappings of `docs/mappings`, each with the fields that it fills; "
        "`mapped` is what a mapping can fill. Mappings and the descriptions of FHIR declare their fields; "
        "of the other readers the constructors in their code say it, and of Open Dental besides what is "
        "read of the sample practice. For `fhir` a field counts as well where only an extension of ours "
        "holds it.",
    ),
    Words(
        "Un titre avec un nom de code est une valeur à l’intérieur d’enregistrements. Numéro, patient et "
        "cabinet d’un enregistrement suivent de sa ligne et ne sont pas dans ce tableau, ni les lignes "
        "d’origine elles-mêmes.",
        "A heading with a name of the code is a value inside records. Number, patient and practice of a "
        "record follow from its row and are not in this table, nor are the rows of the source themselves.",
    ),
)
HEAD = Words("champ", "field")
WRITTEN = "<!-- Written by .ci/coverage_page.py from the code; do not edit. -->"


def values_in(kind: type) -> Iterator[type]:
    """Yield the kinds of value inside ``kind``, at every depth."""
    for hint in get_type_hints(kind).values():
        for part in _parts(hint):
            if isinstance(part, type) and is_dataclass(part) and not issubclass(part, Record):
                yield part
                yield from values_in(part)


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for inner in get_args(hint):
        yield from _parts(inner)


def described_kinds() -> tuple[type, ...]:
    """Return the kinds of record, each before the values inside it that were not named before."""
    found: dict[type, None] = {}
    for kind in EVERY:
        found.setdefault(kind)
        for value in values_in(kind):
            found.setdefault(value)
    return tuple(found)


# -- what a reader's code fills ------------------------------------------------------------


@cache
def constructor_fields(folder: str) -> Mapping[str, frozenset[str]]:
    """Return the names of the fields that the code in ``folder`` gives to constructors, by the name of the class."""
    names = {one.__name__ for one in described_kinds()}
    found: dict[str, set[str]] = {name: set() for name in names}
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / folder).rglob("*.py"))]
    returned = {
        function.name: keys
        for tree in trees
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and (keys := _returned_keys(function))
    }
    for tree in trees:
        for scope in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.Module)):
            known = _dictionaries(scope)
            for call in (one for one in ast.walk(scope) if isinstance(one, ast.Call)):
                name = _called(call.func)
                if name in names:
                    found[name] |= _keywords(call, known, returned)
    return {name: frozenset(keys) for name, keys in found.items()}


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _keys(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.Dict):
        return {
            one.value for one in node.keys if isinstance(one, ast.Constant) and isinstance(one.value, str)
        }
    if isinstance(node, ast.Call) and _called(node.func) == "dict":
        return {one.arg for one in node.keywords if one.arg}
    return set()


def _returned_keys(function: ast.FunctionDef) -> set[str]:
    return {key for one in ast.walk(function) if isinstance(one, ast.Return) for key in _keys(one.value)}


def _dictionaries(scope: ast.AST) -> Mapping[str, set[str]]:
    known: dict[str, set[str]] = {}
    for one in ast.walk(scope):
        if isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    known.setdefault(target.id, set()).update(_keys(one.value))
    return known


def _keywords(call: ast.Call, known: Mapping[str, set[str]], returned: Mapping[str, set[str]]) -> set[str]:
    keys = {one.arg for one in call.keywords if one.arg}
    for one in call.keywords:
        if one.arg is None:
            keys |= _keys(one.value)
            keys |= known.get(_called(one.value), set())
            keys |= returned.get(_called(one.value.func), set()) if isinstance(one.value, ast.Call) else set()
    return keys


# -- what sources declare ------------------------------------------------------------------


@cache
def fills(source: str) -> Mapping[type, frozenset[str]]:
    """Return the fields of each kind that ``source`` can fill.

    Raises:
        LookupError: for a source of which nothing says it.
    """
    if source == "archive":
        return {kind: frozenset(entries_of(kind)) for kind in described_kinds()}
    if source == "mapped":
        return _mapped()
    if source == "fhir":
        return _fhir()
    found = [constructor_fields(folder) for folder in CODE[source]]
    seen = _read_of_sample() if source == "opendental" else {}
    return {
        kind: frozenset().union(*(one[kind.__name__] for one in found), seen.get(kind, ()))
        & frozenset(entries_of(kind))
        for kind in described_kinds()
    }


@cache
def _read_of_sample() -> Mapping[type, frozenset[str]]:
    """Return the fields that say something in what is read of the sample practice."""
    seen: dict[type, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "opendental.sqlite"
        build_sqlite((SAMPLE / "opendental.sql").read_text("utf-8"), place)
        options = {"images": SAMPLE / "images", "practice_key": "tilleuls"}
        with reader_for("opendental")(str(place), **options) as items:
            for one in items:
                if isinstance(one, Record):
                    _note_filled(one, seen)
    return {kind: frozenset(names) for kind, names in seen.items()}


def _note_filled(value: Any, seen: dict[type, set[str]]) -> None:
    for one in fields(value):
        content = getattr(value, one.name)
        if content in ("", None, ()):
            continue
        seen.setdefault(type(value), set()).add(one.name)
        for inner in content if isinstance(content, tuple) else (content,):
            if is_dataclass(inner) and not isinstance(inner, type):
                _note_filled(inner, seen)


def _mapped() -> Mapping[type, frozenset[str]]:
    """Return the fields that a mapping can fill, and those of the values inside that it can reach."""
    made: dict[type, frozenset[str]] = {kind: frozenset() for kind in described_kinds()}
    made[Attachment] = frozenset(entries_of(Attachment))
    waiting: list[type] = list(MAPPED_KINDS.values())
    while waiting:
        kind = waiting.pop()
        made[kind] = frozenset(targets_of(kind))
        inside = (one.type for one in targets_of(kind).values() if one.form in {Form.VALUE, Form.VALUES})
        waiting += [one for one in inside if not made[one]]
    return made


@cache
def fills_by(mapping: str) -> Mapping[type, frozenset[str]]:
    """Return the fields that the mapping ``mapping`` fills."""
    made: dict[type, set[str]] = {kind: set() for kind in described_kinds()}
    made[Practice] |= {"name", "time_zone", "currency"}  # of every mapping, whether a table says them or not
    declared = load_mapping(ROOT / "docs" / "mappings" / MAPPINGS[mapping])
    for table in declared.tables.values():
        for record in table.records:
            _note_described(record.kind, record.fields, made)
            if record.none is not None:
                made[record.kind].add("presence")
    return {kind: frozenset(names) for kind, names in made.items()}


def _note_described(kind: type, described: Mapping[str, Value], made: dict[type, set[str]]) -> None:
    made[kind] |= set(described)
    for value in described.values():
        for one in value.values if isinstance(value, Several) else (value,):
            if not isinstance(one, Scalar | Several) and one.target.form is not Form.FILE:
                _note_described(one.target.type, one.fields, made)
            elif one.target.form is Form.FILE:
                made[Attachment] |= set(entries_of(Attachment))


def _fhir() -> Mapping[type, frozenset[str]]:
    made: dict[type, frozenset[str]] = {kind: frozenset() for kind in described_kinds()}
    for resource in RESOURCES:
        if resource.foreign is never:
            continue
        known = {name for part in resource.parts for name in part.fields}
        made[resource.record] |= known & set(entries_of(resource.record))
        for value in values_in(resource.record):
            made[value] = frozenset(entries_of(value))
    return made


# -- the page ------------------------------------------------------------------------------


def page(language: str) -> str:
    """Return the page in one language."""
    lines = [f"# {getattr(TITLE, language)}", "", WRITTEN, ""]
    lines += [part for words in INTRO for part in (getattr(words, language), "")]
    for kind in described_kinds():
        entry = KINDS.get(getattr(kind, "kind", ""))
        heading = getattr(entry.heading, language) if entry else kind.__name__
        lines += [f"## {heading}" if entry else f"### `{kind.__name__}`", ""]
        names = (*SOURCES, *MAPPINGS)
        lines.append("| " + " | ".join((getattr(HEAD, language), *(f"`{one}`" for one in names))) + " |")
        lines.append("|---" * (len(names) + 1) + "|")
        for name, field in entries_of(kind).items():
            if _follows(kind, name):
                continue
            cells = (mark_of(source, kind, name) for source in names)
            lines.append(f"| `{name}` {getattr(field.label, language)} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def mark_of(source: str, kind: type, field: str) -> str:
    """Return what the page says of a field of ``kind`` in the column of ``source``, which may be a mapping."""
    filled = fills_by(source) if source in MAPPINGS else fills(source)
    if field in filled.get(kind, ()):
        return FILLED
    if source in TABLES or source in MAPPINGS:
        return NO_PLACE if field in OF_NO_TABLE or kind in (ImageStudy, *values_in(ImageStudy)) else VERBATIM
    return VERBATIM if source in ROWS and filled.get(kind) else NO_PLACE


def counts() -> str:
    """Return how many fields each source fills, and the kinds of record, as ``archiver sources`` shows them."""
    rows = [
        (kind, name) for kind in described_kinds() for name in entries_of(kind) if not _follows(kind, name)
    ]
    sources = {}
    for source in SOURCES:
        filled = fills(source)
        names = [(kind, name) for kind, name in rows if name in filled.get(kind, ())]
        kinds = dict.fromkeys(kind.kind for kind, _ in names if issubclass(kind, Record))
        sources[source] = {"fields": len(names), "kinds": list(kinds)}
    return json.dumps({"fields": len(rows), "sources": sources}, indent=1) + "\n"


def _follows(kind: type, name: str) -> bool:
    return name in FOLLOWING and issubclass(kind, Record)


if __name__ == "__main__":
    from generated_files import write_or_check

    pages = {ROOT / "docs" / one / "reference" / "coverage.md": page(one) for one in LANGUAGES}
    sys.exit(write_or_check({**pages, COUNTS: counts()}))
