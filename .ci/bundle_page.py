"""Write format/patient-bundle.md of each language from the code; with ``--check`` say whether it is current."""

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
from formats.fhir.parts import Value
from formats.fhir.primitives import INSTANT
from formats.fhir.records.people import ENGAGEMENT, ROLE_KIND
from formats.fhir.resources import Resource
from formats.model.dictionary.entries import entries_of
from formats.model.dictionary.kinds import meaning_of
from formats.words import LANGUAGES, Words, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "format" / "patient-bundle.md" for language in LANGUAGES}
_PLAIN_INSTANTS = (
    f"`{one.name}.{part.path}`"
    for one in RESOURCES
    for part in one.parts
    if isinstance(part, Value) and part.primitive is INSTANT
)
INSTANTS = ", ".join(dict.fromkeys(("`Appointment.start`", *_PLAIN_INSTANTS)))
"""Elements that take no date alone."""
HEADS = {
    "fr": f"""\
# Le Bundle FHIR d’un dossier

<!-- Written by .ci/bundle_page.py from the code; do not edit. -->

**État : brouillon.** Ce que contiennent [`DATA/DOSSIER.JSO`](patient-archive.md) et `DATA/PRACTICE.JSO` : du HL7
FHIR R4 (4.0.1), avec les conventions françaises de FR Core là où elles existent. Pour les auteurs d’autres programmes.

- Chaque ressource dit quelle sorte d’enregistrement elle est : `meta.tag`, système `{codes.KIND}`. Son `id` est
  l’identité de l’enregistrement dans la base du cabinet.
- Les adresses qui commencent par `{codes.BASE}` sont des noms ; rien n’y répond.
- Un chemin se lit comme FHIRPath : `note[0]` est le premier d’une liste, `name[use=official]` celui qui le dit,
  `~fee` la valeur de l’extension *fee* ci-dessous.
- Un instant dont on ne sait que le jour, le mois ou l’année est un `dateTime` de cette précision, sans heure ; 0:00 est
  une heure comme une autre. Là où FHIR veut un `instant` ({INSTANTS}), l’élément n’a alors pas de valeur, et
  *exact-text* contient la date ; la fin d’un rendez-vous est inconnue.
- Les montants sont des Money dans la monnaie du cabinet. Un dossier qui n’est pas dans ce Bundle est nommé par une
  référence logique (un identifiant de `{codes.RECORD}`).
- Ce que FHIR exige et que personne ne sait porte `data-absent-reason` *unknown*. Ce que FHIR ne peut pas contenir tel
  quel (texte blanc, caractères de contrôle, nombres hors limites) est mot pour mot dans l’extension *exact-text*, en
  chaînes JSON à mettre bout à bout.
- Toute date peut être partielle, comme FHIR les a (`1983`, `1983-05`), quand on n’en sait pas plus ; elle n’est alors
  aucun de ses jours. Une fin que FHIRPath ne trouve pas égale ou postérieure à son début est dans *end-date*, et non
  dans la Period.
- Une déclaration de santé de présence *none* n’a ni code, ni texte, ni statut, ni fin. Lue d’ailleurs, celle qui est
  inactive, résolue ou terminée est une entrée de présence *present*.
- Les éléments « pour d’autres lecteurs » sont écrits et jamais relus. Là où un champ prend plusieurs éléments, la règle
  est dite sur la [page anglaise](../../en/format/patient-bundle.md).
""",
    "en": f"""\
# The FHIR bundle of a dossier

<!-- Written by .ci/bundle_page.py from the code; do not edit. -->

**Status: draft.** What [`DATA/DOSSIER.JSO`](patient-archive.md) and `DATA/PRACTICE.JSO` hold: HL7 FHIR R4
(4.0.1), with the French conventions of FR Core where they exist.

- Every resource says what kind of record it is: `meta.tag`, system `{codes.KIND}`. Its `id` is the
  identity of the record in the practice store.
- Addresses below `{codes.BASE}` are names; nothing answers there.
- A path reads like FHIRPath: `note[0]` is the first of a list, `name[use=official]` the one that says so,
  `~fee` the value of the extension *fee* below.
- A moment of which only the day, the month or the year is known is a `dateTime` of that precision, without a time;
  0:00 is a time like any other. Where FHIR takes an `instant` ({INSTANTS}), the element then has no
  value, and *exact-text* holds the date; the end of an appointment is unknown.
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
""",
}
WORDS = {
    "roles": Words("Un par engagement.", "One for every engagement."),
    "head": Words("| champ | sens | élément |", "| field | meaning | element |"),
    "others": Words("pour d’autres lecteurs", "for other readers"),
    "each": Words(", un par valeur", ", one each"),
    "applies": Words(" (s’il y a lieu)", " (where it applies)"),
    "exact": Words(" ; le mot exact", "; the exact word"),
    "inside": Words(" (dans `{}`)", " (in `{}`)"),
    "rule": Words("une règle", ""),
    "codes": Words("Codes", "Codes"),
    "codes about": Words(
        "Le premier code décide ; les autres sont pour d’autres lecteurs.",
        "The first coding decides; the others are for other readers.",
    ),
    "codes head": Words("| mots de | mot | codes |", "| words of | word | codings |"),
    "extensions": Words("Extensions", "Extensions"),
    "extensions about": Words(
        "Sous `{}`, sauf si une adresse est donnée.", "Below `{}`, unless an address is given."
    ),
    "extensions head": Words("| nom | valeur | sens |", "| name | value | meaning |"),
    "nested": Words("imbriquée", "nested"),
}


def _say(name: str, language: str) -> str:
    text: str = getattr(WORDS[name], language)
    return text


def page(language: str) -> str:
    """Return the page in ``language``."""
    roles = _section(
        f"{ROLE_KIND}: PractitionerRole",
        f"{_say('roles', language)} {translate(meaning_of(ENGAGEMENT.made), language)}",
        ENGAGEMENT,
        language,
    )
    resources = (_resource(one, language) for one in RESOURCES)
    sections = (*resources, roles, _codes(language), _extensions(language))
    return "\n\n".join([HEADS[language].rstrip("\n"), *map("\n".join, sections)]) + "\n"


def _resource(resource: Resource, language: str) -> Iterator[str]:
    implied = [part for part in resource.parts if type(part).__name__ == "ImpliedField"]
    which = "".join(f", {part.field} {part.value.value}" for part in implied)
    title = f"{resource.record.kind}{which}: {resource.name}"
    yield from _section(title, translate(meaning_of(resource.record), language), resource.group, language)


def _section(title: str, about: str, group: FieldGroup, language: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if about:
        yield about
        yield ""
    yield _say("head", language)
    yield "|---|---|---|"
    yield from _rows(group, "", "", language)


def _rows(group: FieldGroup, before: str, path: str, language: str) -> Iterator[str]:
    for part in group.parts:
        kind = type(part).__name__
        names = ", ".join(f"`{before}{name}`" for name in part.fields)
        inner = getattr(part, "group", None)
        if kind in {"ImpliedField", "RequiredElement", "LeftOut"}:
            continue
        if isinstance(inner, FieldGroup):
            there = getattr(part, "path", "")
            yield from _rows(inner, f"{before}{part.fields[0]}.", _joined(path, there), language)
        else:
            entries = entries_of(group.made)
            meaning = " ".join(translate(entries[name].meaning, language) for name in part.fields)
            element = _element(part, path, language)
            yield f"| {names or _say('others', language)} | {meaning} | {element} |"


def _joined(path: str, more: str) -> str:
    return f"{path}.{more}".strip(".")


def _element(part: Any, path: str, language: str) -> str:
    kind = type(part).__name__
    where = f"`{_joined(path, part.path)}`" if hasattr(part, "path") else ""
    inside = _say("inside", language).format(path) if path else ""
    if kind == "RepeatedField":
        return f"`{_joined(path, '~' + part.name)}`{_say('each', language)}"
    if kind == "FixedValue":
        return f"{where} = {_shown(part.value)}" + (_say("applies", language) if part.when else "")
    if kind in {"Both", "WriteOnly"}:
        sentence = _sentence(part.write.__doc__) or f"{part.fields[0]}, as a CodeableConcept `bodySite`"
        return (_say("rule", language) or sentence) + inside
    exact = getattr(part, "exact", "")
    if where:
        return where + (f"{_say('exact', language)} `{_joined(path, '~' + exact)}`" if exact else "")
    return (_say("rule", language) or _sentence(type(part).__doc__)) + inside


def _sentence(text: str | None) -> str:
    first = inspect.cleandoc(text or "").split("\n\n", 1)[0].replace("\n", " ").replace("``", "`")
    return first.rstrip(".").replace("|", "\\|")


def _shown(value: Any) -> str:
    coded = [one.get("code") or one.get("coding", [{}])[0].get("code") for one in _objects(value)]
    return f"`{', '.join(map(str, filter(None, coded))) or json.dumps(value)}`"


def _objects(value: Any) -> list[dict[str, Any]]:
    return [value] if isinstance(value, dict) else value if isinstance(value, list) else []


def _codes(language: str) -> Iterator[str]:
    yield f"## {_say('codes', language)}"
    yield ""
    yield _say("codes about", language)
    yield ""
    yield _say("codes head", language)
    yield "|---|---|---|"
    for name, table in sorted(vars(codes).items()):
        if not isinstance(table, dict) or not all(isinstance(word, StrEnum) for word in table):
            continue
        for word, codings in table.items():
            if isinstance(codings, tuple) and codings:
                codings_text = ", ".join(f"`{one.system}` `{one.code}`" for one in codings)
                yield f"| {name.replace('_', ' ').lower()} | `{word.value}` | {codings_text} |"


def _extensions(language: str) -> Iterator[str]:
    yield f"## {_say('extensions', language)}"
    yield ""
    yield _say("extensions about", language).format(f"{codes.BASE}/StructureDefinition/")
    yield ""
    yield _say("extensions head", language)
    yield "|---|---|---|"
    for one in EXTENSIONS.values():
        address = f" (`{one.url}`)" if one.standard else ""
        meaning = one.french if language == "fr" else one.english
        yield f"| `{one.name}`{address} | {one.value or _say('nested', language)} | {meaning} |"


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check({path: page(language) for language, path in PAGES.items()}))
