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
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.registry import SOURCES, reader_for
from formats.sources.mapped.language.targets import KINDS as MAPPED_KINDS, targets_of
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
    "dicom": ("formats/dicom",),
    "documents": ("formats/papers",),
    "cda": ("formats/cda",),
    "xdm": ("formats/xdm", "formats/cda"),
    "pdlgc": ("formats/portability", "formats/xdm", "formats/cda"),
}
"""Where the readers written by hand have their constructors."""
YES, NO = "●", ""
TITLE = Words("Ce que remplit chaque source", "What each source fills")
INTRO = Words(
    "● : le champ est rempli quand la source le dit. Toute ligne d’une source voyage en outre mot pour "
    "mot, que ce tableau le dise ou non. Les correspondances et les descriptions FHIR déclarent leurs "
    "champs ; des autres lecteurs, ce sont les constructeurs de leur code qui le disent, et d’Open Dental"
    " ce qui est lu du cabinet d’exemple. Pour `fhir`, un champ compte aussi quand seule une extension à "
    "nous le tient.",
    "●: the field is filled where the source says it. Every row of a source travels word for word "
    "besides, whether this table says so or not. Mappings and the descriptions of FHIR declare their "
    "fields; of the other readers the constructors in their code say it, and of Open Dental besides what "
    "is read of the sample practice. For `fhir` a field counts as well where only an extension of ours "
    "holds it.",
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
    made = {kind: frozenset(targets_of(kind)) for kind in MAPPED_KINDS.values()}
    values = {value for kind in made for value in values_in(kind)}
    return {kind: frozenset() for kind in described_kinds()} | {
        value: frozenset(targets_of(value)) for value in values if value in described_kinds()
    } | made  # fmt: skip


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
    columns = {source: fills(source) for source in SOURCES}
    lines = [f"# {getattr(TITLE, language)}", "", WRITTEN, "", getattr(INTRO, language), ""]
    for kind in described_kinds():
        entry = KINDS.get(getattr(kind, "kind", ""))
        heading = getattr(entry.heading, language) if entry else kind.__name__
        lines += [f"## {heading}" if entry else f"### `{kind.__name__}`", ""]
        lines.append("| " + " | ".join((getattr(HEAD, language), *(f"`{one}`" for one in SOURCES))) + " |")
        lines.append("|---" * (len(SOURCES) + 1) + "|")
        for name, field in entries_of(kind).items():
            if _follows(kind, name):
                continue
            cells = (YES if name in columns[source].get(kind, ()) else NO for source in SOURCES)
            lines.append(f"| `{name}` {getattr(field.label, language)} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


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
