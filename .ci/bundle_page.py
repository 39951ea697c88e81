"""Write docs/en/format/patient-bundle.md from the code; with ``--check`` say whether it is current."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from formats.fhir import codes
from formats.fhir.extensions import EXTENSIONS
from formats.fhir.groups import FieldGroup
from formats.fhir.kinds import RESOURCES
from formats.fhir.records.people import ENGAGEMENT, ROLE_KIND
from formats.fhir.resources import Resource
from formats.model.dictionary.entries import entries_of
from formats.model.dictionary.kinds import meaning_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "en" / "format" / "patient-bundle.md"
HEAD = f"""\
# The FHIR bundle of a dossier

<!-- Written by .ci/bundle_page.py from the code; do not edit. -->

**Status: draft.** What [`DATA/DOSSIER.JSO`](patient-archive.md) and `DATA/PRACTICE.JSO` hold: HL7 FHIR R4
(4.0.1), with the French conventions of FR Core where they exist. French summary: *où va chaque champ du
dossier dans le Bundle FHIR, et ce que veut dire chaque extension.*

- Every resource says what kind of record it is: `meta.tag`, system `{codes.KIND}`. Its `id` is the
  identity of the record in the practice store.
- Addresses below `{codes.BASE}` are names; nothing answers there.
- A path reads like FHIRPath: `note[0]` is the first of a list, `name[use=official]` the one that says so,
  `~fee` the value of the extension *fee* below.
- Amounts are Money in the practice's currency. A dossier that is not in this bundle is named by a logical
  reference (an identifier of `{codes.RECORD}`).
- What FHIR demands and nobody knows carries `data-absent-reason` *unknown*. What FHIR cannot hold as it
  is (blank text, control characters, numbers out of range) stands word for word in the extension
  *exact-text*, as JSON string literals to be joined.
- Every date may be partial, as FHIR has them (`1983`, `1983-05`), where no more is known; it is none of its
  days. An end that FHIRPath does not find to be its start or later stands in *end-date*, not in the Period.
- A health statement of presence *none* has no code, text, status or end of its own. Read from elsewhere, one
  that is inactive, resolved or has ended is an entry of presence *present*.
- Elements marked “for other readers” are written and never read back.
"""


def page() -> str:
    """Return the page."""
    roles = _section(
        f"{ROLE_KIND}: PractitionerRole",
        f"One for every engagement. {meaning_of(ENGAGEMENT.made)}",
        ENGAGEMENT,
    )
    sections = (*map(_resource, RESOURCES), roles, _codes(), _extensions())
    return "\n\n".join([HEAD.rstrip("\n"), *map("\n".join, sections)]) + "\n"


def _resource(resource: Resource) -> Iterator[str]:
    implied = [part for part in resource.parts if type(part).__name__ == "ImpliedField"]
    which = "".join(f", {part.field} {part.value.value}" for part in implied)
    title = f"{resource.record.kind}{which}: {resource.name}"
    yield from _section(title, meaning_of(resource.record), resource.group)


def _section(title: str, about: str, group: FieldGroup) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if about:
        yield about
        yield ""
    yield "| field | meaning | element |"
    yield "|---|---|---|"
    yield from _rows(group, "", "")


def _rows(group: FieldGroup, before: str, path: str) -> Iterator[str]:
    for part in group.parts:
        kind = type(part).__name__
        names = ", ".join(f"`{before}{name}`" for name in part.fields)
        inner = getattr(part, "group", None)
        if kind in {"ImpliedField", "RequiredElement", "LeftOut"}:
            continue
        if isinstance(inner, FieldGroup):
            there = getattr(part, "path", "")
            yield from _rows(inner, f"{before}{part.fields[0]}.", _joined(path, there))
        else:
            meaning = " ".join(entries_of(group.made)[name].meaning for name in part.fields)
            yield f"| {names or 'for other readers'} | {meaning} | {_element(part, path)} |"


def _joined(path: str, more: str) -> str:
    return f"{path}.{more}".strip(".")


def _element(part: Any, path: str) -> str:
    kind = type(part).__name__
    where = f"`{_joined(path, part.path)}`" if hasattr(part, "path") else ""
    if kind == "RepeatedField":
        return f"`{_joined(path, '~' + part.name)}`, one each"
    if kind == "FixedValue":
        return f"{where} = {_shown(part.value)}" + (" (where it applies)" if part.when else "")
    if kind in {"Both", "WriteOnly"}:
        told = _sentence(part.write.__doc__) or f"{part.fields[0]}, as a CodeableConcept `bodySite`"
        return told + (f" (in `{path}`)" if path else "")
    exact = f"; the exact word `{_joined(path, '~' + part.exact)}`" if getattr(part, "exact", "") else ""
    if where:
        return where + exact
    return _sentence(type(part).__doc__) + (f" (in `{path}`)" if path else "")


def _sentence(text: str | None) -> str:
    first = inspect.cleandoc(text or "").split("\n\n", 1)[0].replace("\n", " ").replace("``", "`")
    return first.rstrip(".").replace("|", "\\|")


def _shown(value: Any) -> str:
    coded = [one.get("code") or one.get("coding", [{}])[0].get("code") for one in _objects(value)]
    return f"`{', '.join(map(str, filter(None, coded))) or json.dumps(value)}`"


def _objects(value: Any) -> list[dict[str, Any]]:
    return [value] if isinstance(value, dict) else value if isinstance(value, list) else []


def _codes() -> Iterator[str]:
    yield "## Codes"
    yield ""
    yield "The first coding decides; the others are for other readers."
    yield ""
    yield "| words of | word | codings |"
    yield "|---|---|---|"
    for name, table in sorted(vars(codes).items()):
        if not isinstance(table, dict) or not all(isinstance(word, StrEnum) for word in table):
            continue
        for word, held in table.items():
            if isinstance(held, tuple) and held:
                told = ", ".join(f"`{one.system}` `{one.code}`" for one in held)
                yield f"| {name.replace('_', ' ').lower()} | `{word.value}` | {told} |"


def _extensions() -> Iterator[str]:
    yield "## Extensions"
    yield ""
    yield f"Below `{codes.BASE}/StructureDefinition/`, unless an address is given."
    yield ""
    yield "| name | value | français | English |"
    yield "|---|---|---|---|"
    for one in EXTENSIONS.values():
        address = f" (`{one.url}`)" if one.standard else ""
        yield f"| `{one.name}`{address} | {one.value or 'nested'} | {one.french} | {one.english} |"


def main(check: bool) -> int:
    """Write the page, or complain when it differs."""
    text = page()
    if not check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is out of date: python .ci/bundle_page.py")
    return 1


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
