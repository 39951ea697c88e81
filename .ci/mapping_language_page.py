"""Write reference/mapping-language.md of each language and the JSON Schema of a mapping; ``--check`` compares.

The keys come from the parser's own table, the fields from the data dictionary.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from formats.model.dictionary.entries import CODES, entries_of
from formats.model.dictionary.kinds import KINDS as KIND_ENTRIES, meaning_of
from formats.sources.decoders import DECODERS
from formats.sources.mapped.language import keys
from formats.sources.mapped.language.key_entries import SHAPES, KeyEntry, Shape
from formats.sources.mapped.language.parse_values import OPTIONS, options_of
from formats.sources.mapped.language.targets import KINDS, FieldTarget, Form, targets_of
from formats.words import LANGUAGES, Words, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "mapping-language.md" for language in LANGUAGES}
SCHEMA = ROOT / "docs" / "schemas" / "mapping.schema.json"
ADDRESS = "https://archiver.example/schemas/mapping.schema.json"
HEADS = {
    "fr": """\
# Le langage des correspondances

<!-- Written by .ci/mapping_language_page.py from the code; do not edit. -->

Une correspondance est un fichier TOML qui dit ce que contiennent les tables d’un logiciel de cabinet. `archiver mapping
check` en nomme toutes les fautes, avec leur ligne ; [le mode d’emploi](../how-to/mapping.md) montre comment on en écrit
une. [Le schéma JSON](../../schemas/mapping.schema.json) dit la même chose à un éditeur de texte.

Un texte seul est le nom d’une colonne : `family_name = "NOM"`. Un texte qui commence par `=` vaut pour lui-même :
`kind = "=phone"`. `JOINTURE.COLONNE` est une colonne de la ligne que désigne une jointure.

Avec les mots de SQL : un enregistrement est un `SELECT` de sa table, dont chaque ligne voyage aussi entière.

| ici | en SQL |
|---|---|
| `key` | la clé primaire |
| `owner` | la clé étrangère vers le patient, ou vers une ligne qui lui appartient |
| `joins`, puis `JOINTURE.COLONNE` | un `LEFT JOIN` sur la clé de l’autre table, qui trouve une ligne ou aucune |
| `children` | les lignes du côté multiple d’une relation un à plusieurs, en liste dans l’enregistrement |
| `when` | le `WHERE` d’un enregistrement |
| `fields` | les colonnes du `SELECT`, sous les noms de l’enregistrement |
| `codes`, `otherwise` | `CASE … ELSE` |
| `first_of` ; `if_empty` | `COALESCE` sur des colonnes ; son dernier argument |
| `columns` avec `join` ; d’un montant ; `less` | `CONCAT` ; `+` ; `-` |
| `empty` | `NULLIF` |
""",
    "en": """\
# The mapping language

<!-- Written by .ci/mapping_language_page.py from the code; do not edit. -->

A mapping is a TOML file that says what the tables of a practice software hold. `archiver mapping check` names all its
faults, with their lines; [the how-to](../how-to/mapping.md) shows how one is written. [The JSON
Schema](../../schemas/mapping.schema.json) tells a text editor the same.

A text alone is the name of a column: `family_name = "NOM"`. A text that begins with `=` stands for itself:
`kind = "=phone"`. `JOIN.COLUMN` is a column of the row that a join leads to.

In the words of SQL: a record is a `SELECT` from its table, of which every row also travels whole.

| here | in SQL |
|---|---|
| `key` | the primary key |
| `owner` | the foreign key to the patient, or to a row that belongs to one |
| `joins`, then `JOIN.COLUMN` | a `LEFT JOIN` on the key of the other table, which finds one row or none |
| `children` | the rows on the many side of a one-to-many relation, as a list in the record |
| `when` | the `WHERE` of a record |
| `fields` | the columns of the `SELECT`, by the names of the record |
| `codes`, `otherwise` | `CASE … ELSE` |
| `first_of`; `if_empty` | `COALESCE` over columns; its last argument |
| `columns` with `join`; of an amount; `less` | `CONCAT`; `+`; `-` |
| `empty` | `NULLIF` |
""",
}
SECTIONS: tuple[tuple[str, str, Words, Mapping[str, KeyEntry]], ...] = (
    ("sections", "", Words("Les parties", "The parts"), keys.SECTIONS),
    ("mapping", "[mapping]", Words("Ce qu’elle est", "What it is"), keys.MAPPING),
    ("source", "[source]", Words("La source", "The source"), keys.SOURCE),
    ("defaults", "[defaults]", Words("Les valeurs en général", "Values in general"), keys.DEFAULTS),
    ("practice", "[practice]", Words("Le cabinet", "The practice"), keys.PRACTICE),
    ("table", "[tables.NAME]", Words("Une table", "A table"), keys.TABLE),
    (
        "link",
        "[tables.NAME.joins.NAME]",
        Words("Un lien : propriétaire, jointure", "A link: owner, join"),
        keys.LINK,
    ),
    (
        "decoded",
        "[tables.NAME.decoded.NAME]",
        Words("Ce qu’un décodeur trouve", "What a decoder finds"),
        keys.DECODED,
    ),
    ("record", "[[tables.NAME.records]]", Words("Un enregistrement", "A record"), keys.RECORD),
    ("condition", "when", Words("Une condition", "A condition"), keys.CONDITION),
    ("none", "none", Words("« Aucun », dit expressément", "“None”, said explicitly"), keys.NONE),
    ("value", "fields.NAME", Words("Une valeur", "A value"), keys.VALUE),
    ("children", "fields.NAME", Words("Une liste de lignes filles", "A list of child rows"), keys.CHILDREN),
    (
        "each",
        "fields.NAME",
        Words("Une liste de parties trouvées", "A list of parts that were found"),
        keys.EACH,
    ),
    ("pieces", "fields.NAME", Words("Un fichier en morceaux", "A file in pieces"), keys.PIECES),
    ("test", "[[tests]]", Words("Un essai", "A test"), keys.TEST),
)
"""Sections of the page: what examples call it, where its keys stand, what it is."""
EXAMPLES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    (ROOT / ".ci" / "mapping_examples.toml").read_text(encoding="utf-8")
)
KEYS = {
    "fr": "| clé | contenu | signification | exemple |",
    "en": "| key | holds | meaning | example |",
}
FIELDS = {"fr": "| champ | forme | signification |", "en": "| field | form | meaning |"}
REQUIRED = {"fr": "obligatoire", "en": "required"}
WORDS_OF = {"fr": "un de", "en": "one of"}
OF = {"fr": "clés de plus", "en": "more keys"}
KIND_HEADS = {
    "fr": """
## Ce que devient une ligne

Chaque sorte d’enregistrement, avec les champs qu’une correspondance remplit. Il n’y a pas d’images DICOM : elles sont
collectées de leurs fichiers (`archiver collect dicom`). Derrière la forme d’un champ : les clés qu’une valeur peut
avoir de plus.
""",
    "en": """
## What a row becomes

Every kind of record, with the fields that a mapping fills. DICOM images are not among them: they are collected from
their files (`archiver collect dicom`). Behind the form of a field: the keys that a value may have besides.
""",
}
DECODER_HEADS = {
    "fr": """
## Les décodeurs

Un décodeur lit une cellule qu’un seul logiciel sait lire, et en fait de petites lignes. La liste est close : une
correspondance en demande un par son nom et sa version, et dit où vont ses colonnes. `chart.tooth` est alors la colonne
`tooth` de ce que `decoded.chart` a trouvé, là où `each = "chart"` fait un enregistrement, ou une valeur, de chaque
partie. Ce qu’un décodeur ne comprend pas voyage dans sa ligne, et une remarque le dit (`mapped-value-unreadable`).
[OpenMolar](../../mappings/openmolar.toml) est l’exemple.
""",
    "en": """
## The decoders

A decoder reads a cell that one software alone can read, and makes small rows of it. The list is closed: a mapping asks
for one by its name and version, and says where its columns go. `chart.tooth` is then the column `tooth` of what
`decoded.chart` found, wherever `each = "chart"` makes a record, or a value, of each part. What a decoder does not
understand travels in its row, and a finding says so (`mapped-value-unreadable`).
[OpenMolar](../../mappings/openmolar.toml) is the example.
""",
}
DECODER_FACTS = {
    "fr": ("version", "Colonnes qu’il lit", "| colonne | signification |", "Mots de"),
    "en": ("version", "Columns that it reads", "| column | meaning |", "Words of"),
}
VALUE_HEADS = {"fr": "Valeurs à l’intérieur d’un enregistrement", "en": "Values inside a record"}
CODE_HEADS = {
    "fr": (
        "Les mots",
        "Les mots qu’une table de codes peut donner, par vocabulaire.",
        "| mot | ce que c’est |",
    ),
    "en": ("The words", "The words that a code table can give, by vocabulary.", "| word | what it is |"),
}
FORMS: Mapping[Form, Words] = {
    Form.TEXT: Words("texte", "text"),
    Form.CODE: Words("mot", "word"),
    Form.DATE: Words("date", "date"),
    Form.MOMENT: Words("date, avec son heure", "date, with its time"),
    Form.MONEY: Words("montant", "amount"),
    Form.WHOLE: Words("nombre entier", "whole number"),
    Form.REAL: Words("nombre", "number"),
    Form.DECIMAL: Words("nombre", "number"),
    Form.BOOLEAN: Words("oui ou non", "yes or no"),
    Form.TOOTH: Words("dent", "tooth"),
    Form.TEETH: Words("dents", "teeth"),
    Form.SURFACES: Words("faces", "surfaces"),
    Form.TEXTS: Words("textes", "texts"),
    Form.WHOLES: Words("nombres entiers", "whole numbers"),
    Form.REFERENCE: Words("renvoi", "reference"),
    Form.FILE: Words("fichier", "file"),
    Form.VALUE: Words("valeur", "value"),
    Form.VALUES: Words("liste de valeurs", "list of values"),
}


def page(language: str) -> str:
    """Return the page."""
    lines = [HEADS[language]]
    for section, place, title, entries in SECTIONS:
        lines += [_heading(title, place, language), "", KEYS[language], "|---|---|---|---|"]
        lines += [_key(name, entry, EXAMPLES[section][name], language) for name, entry in entries.items()]
        lines.append("")
    lines.append(KIND_HEADS[language])
    for name, kind in KINDS.items():
        title = KIND_ENTRIES[name].heading
        lines += [
            f"### `{name}`{_colon(language)} {_word(title, language)}",
            "",
            *_fields(kind, language),
            "",
        ]
    lines += [DECODER_HEADS[language].strip(), "", *_decoders(language)]
    lines += [f"## {VALUE_HEADS[language]}", ""]
    for inside in _values():
        lines += [
            f"### {inside.__name__}",
            "",
            translate(meaning_of(inside), language),
            "",
            *_fields(inside, language),
            "",
        ]
    title, sentence, head = CODE_HEADS[language]
    lines += [f"## {title}", "", sentence, ""]
    for vocabulary in _vocabularies():
        lines += [f"### {vocabulary.__name__}", "", head, "|---|---|"]
        lines += [f"| `{one.value}` | {_word(CODES[vocabulary][one], language)} |" for one in vocabulary]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _decoders(language: str) -> Iterator[str]:
    version, reads, head, words = DECODER_FACTS[language]
    colon = _colon(language)
    for name, decoder in DECODERS.items():
        yield from (
            f"### `{name}`, {version} {decoder.version}",
            "",
            translate(decoder.meaning, language),
            "",
        )
        yield from (f"{reads}{colon} {translate(decoder.reads, language)}.", "", head, "|---|---|")
        for column, meaning in decoder.columns.items():
            yield f"| `{column}` | {translate(meaning, language)} |"
        yield ""
        for column, listed in decoder.words.items():
            yield from (f"{words} `{column}`{colon} {', '.join(f'`{one}`' for one in listed)}.", "")


def _heading(title: Words, place: str, language: str) -> str:
    return f"## {_word(title, language)}" + (f"{_colon(language)} `{place}`" if place else "")


def _colon(language: str) -> str:
    return "\u00a0:" if language == "fr" else ":"


def _word(words: Words, language: str) -> str:
    return words.fr if language == "fr" else words.en


def _key(name: str, entry: KeyEntry, example: str, language: str) -> str:
    shape = translate(SHAPES[entry.shape], language)
    if entry.choices:
        shape = " · ".join(f"`{one}`" for one in entry.choices)
    if entry.required:
        shape += f" ({REQUIRED[language]})"
    shown = example.replace("|", "\\|")
    return f"| `{name}` | {shape} | {translate(entry.meaning, language)} | `{shown}` |"


def _fields(kind: type, language: str) -> Iterator[str]:
    yield FIELDS[language]
    yield "|---|---|---|"
    for name, target in targets_of(kind).items():
        meaning = translate(entries_of(kind)[name].meaning, language)
        yield f"| `{name}` | {_form(target, language)} | {meaning} |"


def _form(target: FieldTarget, language: str) -> str:
    form = _word(FORMS[target.form], language)
    if target.form in {Form.CODE, Form.VALUE, Form.VALUES}:
        form += f" [{target.type.__name__}](#{target.type.__name__.lower()})"
    if target.refers:
        form += f" `{target.refers}`"
    if target.required:
        form += f" ({REQUIRED[language]})"
    options = sorted(options_of(target))
    return form + (f" + {', '.join(f'`{one}`' for one in options)}" if options else "")


def _all_targets() -> Iterator[FieldTarget]:
    waiting: list[type] = list(KINDS.values())
    seen: set[type] = set()
    while waiting:
        kind = waiting.pop(0)
        for target in targets_of(kind).values():
            yield target
            if target.form in {Form.VALUE, Form.VALUES} and target.type not in seen:
                seen.add(target.type)
                waiting.append(target.type)


def _values() -> list[type]:
    found = {one.type for one in _all_targets() if one.form in {Form.VALUE, Form.VALUES}}
    return sorted(found, key=lambda one: str(one.__name__))


def _vocabularies() -> list[Any]:
    found = {one.type for one in _all_targets() if one.form is Form.CODE}
    return sorted(found, key=lambda one: str(one.__name__))


# -- the schema -------------------------------------------------------------------------------


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a mapping."""
    kinds = [
        {
            "if": {"properties": {"kind": {"const": name}}},
            "then": {"properties": {"fields": {"$ref": f"#/$defs/{kind.__name__}"}}},
        }
        for name, kind in KINDS.items()
    ]
    record = _object(keys.RECORD, kind={"enum": list(KINDS)}, none=_object(keys.NONE)) | {"allOf": kinds}
    table = _object(
        keys.TABLE,
        joins={"type": "object", "additionalProperties": _object(keys.LINK)},
        decoded={"type": "object", "additionalProperties": _object(keys.DECODED)},
        records={"type": "array", "items": record},
    )
    rows = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}}
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    parts = {
        "mapping": _object(keys.MAPPING),
        "source": _object(keys.SOURCE),
        "defaults": _object(keys.DEFAULTS),
        "practice": _object(keys.PRACTICE),
        "codes": {"type": "object", "additionalProperties": texts},
        "left_out": texts,
        "tables": {"type": "object", "additionalProperties": table},
        "tests": {"type": "array", "items": _object(keys.TEST, rows=rows, records=rows)},
    }
    inside = (*KINDS.values(), *_values())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Mapping of a practice software, language version 1",
        **_object(keys.SECTIONS, **parts),
        "$defs": {
            "children": _object(keys.CHILDREN),
            "each": _object(keys.EACH),
            **{form.value: _form_schema(form) for form in Form if form not in {Form.VALUE, Form.VALUES}},
            **{kind.__name__: _fields_schema(kind) for kind in inside},
        },
    }


def _object(entries: Mapping[str, KeyEntry], **known: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            name: {"description": entry.meaning, **known.get(name, _shape(entry))}
            for name, entry in entries.items()
        },
        "required": [name for name, entry in entries.items() if entry.required],
        "additionalProperties": False,
    }


def _shape(entry: KeyEntry) -> dict[str, Any]:
    texts: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    condition = _object(keys.CONDITION) if entry.shape is Shape.CONDITIONS else {}
    shapes: dict[Shape, dict[str, Any]] = {
        Shape.NAME: {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
        Shape.WHOLE: {"type": "integer"},
        Shape.WHOLES: {"type": "array", "items": {"type": "integer"}},
        Shape.BOOLEAN: {"type": "boolean"},
        Shape.CHOICE: {"enum": list(entry.choices)},
        Shape.TEXTS: texts,
        Shape.COLUMNS: texts,
        Shape.OWNER: {"anyOf": [*texts["anyOf"], _object(keys.LINK) if entry.shape is Shape.OWNER else {}]},
        Shape.CODES: {
            "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]
        },
        Shape.CONDITIONS: {"anyOf": [condition, {"type": "array", "items": condition}]},
        Shape.SCALAR: {"type": ["string", "number", "boolean"]},
        Shape.SECTION: {"type": "object"},
        Shape.SECTIONS: {"type": "array", "items": {"type": "object"}},
        Shape.FIELDS: {"type": "object"},
    }
    return shapes.get(entry.shape, {"type": "string"})


def _fields_schema(kind: type) -> dict[str, Any]:
    targets = targets_of(kind)
    return {
        "type": "object",
        "properties": {
            name: {"description": entries_of(kind)[name].meaning, **_target_schema(target)}
            for name, target in targets.items()
        },
        "additionalProperties": False,
    }


def _target_schema(target: FieldTarget) -> dict[str, Any]:
    if target.form is Form.VALUE:
        return {"$ref": f"#/$defs/{target.type.__name__}"}
    if target.form is Form.VALUES:
        inside = {"$ref": f"#/$defs/{target.type.__name__}"}
        children = {"$ref": "#/$defs/children", "properties": {"fields": inside}}
        each = {"$ref": "#/$defs/each", "properties": {"fields": inside}}
        return {"anyOf": [{"type": "array", "items": inside}, children, each]}
    return {"$ref": f"#/$defs/{target.form.value}"}


def _form_schema(form: Form) -> dict[str, Any]:
    options = {"column", "columns", "constant", "empty", *OPTIONS.get(form, ())}
    options |= {"since"} if form is Form.WHOLE else set()
    described = _object({name: entry for name, entry in keys.VALUE.items() if name in options})
    value = [{"type": ["string", "number", "boolean"]}, described]
    if form in {Form.TEXTS, Form.TEETH, Form.SURFACES, Form.WHOLES}:
        return {"anyOf": [*value, {"type": "array", "items": {"anyOf": value}}]}
    return {"anyOf": [*value, _object(keys.PIECES)] if form is Form.FILE else value}


if __name__ == "__main__":
    from generated_files import write_or_check

    made: dict[Path, str | bytes] = {PAGES[language]: page(language) for language in LANGUAGES}
    made[SCHEMA] = json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
    sys.exit(write_or_check(made))
