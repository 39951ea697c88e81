"""Write reference/store.md of each language from the practice store; with ``--check`` say whether it is current."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

from sqlite_utils import Database

from archiver.practice import schema
from archiver.practice.columns import StoreTable, table_of
from formats.model.dictionary.entries import CODES, entries_of
from formats.model.dictionary.entry import PRIVACY_WORDS, FieldEntry, Privacy
from formats.model.dictionary.kinds import KINDS
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS
from formats.words import LANGUAGES, Words, translate

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "store.md" for language in LANGUAGES}
HEADS = {
    "fr": f"""\
# La base du cabinet

<!-- Written by .ci/store_page.py from the code; do not edit. -->

Une base est un fichier SQLite (`practice.db`) et, à côté, le répertoire du même nom (`practice.files`) où
chaque pièce jointe est rangée une fois, sous son empreinte : `<deux premiers chiffres>/<SHA-256>`. Les
deux vont ensemble. Rien n’y est chiffré. N’importe quel outil SQLite la lit ; n’y écrivez pas. Chaque
base contient cette description, en anglais (`about_tables`). Une base d’une version plus ancienne est amenée à
celle-ci dès qu’on l’ouvre, entièrement ou pas du tout ; celle d’une version plus récente est refusée (`store-newer`).

- `PRAGMA application_id` = {schema.APPLICATION_ID} (`DARC`), `PRAGMA user_version` =
  {schema.SCHEMA_VERSION}.
- `id` est un UUID en minuscules, le même pour la même ligne du même cabinet (UUIDv5).
- Les dates sont à la norme ISO 8601 (`2024-09-03`), d’une date partielle ce que l’on en sait (`2024`, `2024-09`) ;
  les heures portent leur décalage (`2024-09-03T10:15:00+02:00`), les montants sont des centimes entiers, les
  nombres mesurés sont des textes qui gardent leurs chiffres, oui et non sont 1 et 0, les dents sont en notation
  FDI (une surnuméraire : `18S`), les listes sont des tableaux JSON.
- Une valeur à l’intérieur d’un enregistrement porte devant elle le nom de son champ (`traits_birth_date`). Une
  liste de telles valeurs est une table à part, dont la clé est son `owner` et sa place, à partir de 0.
- Un texte vide et `NULL` veulent dire tous deux que rien n’est noté. « Demandé, et il n’y en a pas » a ses
  propres mots (`health_statements.presence` = `none`).
- Confidentialité de chaque colonne : administrative, soin, tiers (quelqu’un d’autre que le patient), note
  personnelle (peut être une note que le praticien a prise pour lui seul).
""",
    "en": f"""\
# The practice store

<!-- Written by .ci/store_page.py from the code; do not edit. -->

A store is a SQLite file (`practice.db`) and, beside it, the folder of the same name (`practice.files`)
where every attachment is kept once, under its digest: `<first two digits>/<SHA-256>`. The two belong
together. Nothing in it is encrypted. Any SQLite tool reads it; do not write. Every store holds this
description (`about_tables`). A store of an older version is brought to this one as soon as it is opened, wholly or
not at all; one of a newer version is refused (`store-newer`).

- `PRAGMA application_id` = {schema.APPLICATION_ID} (`DARC`), `PRAGMA user_version` =
  {schema.SCHEMA_VERSION}.
- `id` is a UUID in lower case, the same for the same row of the same practice (UUIDv5).
- Dates are ISO 8601 (`2024-09-03`), of a partial date as much as is known (`2024`, `2024-09`); times
  carry an offset (`2024-09-03T10:15:00+02:00`), amounts are integer cents, measured numbers are text that
  keeps its digits, yes and no are 1 and 0, teeth are FDI numbers (a supernumerary one `18S`), lists are
  JSON arrays.
- A value inside a record has its field's name in front (`traits_birth_date`). A list of such values is a
  table of its own, keyed by its `owner` and its position from 0.
- An empty text and `NULL` both mean that nothing is recorded. “Asked, and there is none” has words of its
  own (`health_statements.presence` = `none`).
- Privacy of each column: administrative, care, third party (somebody other than the patient), personal note
  (can be a note that the practitioner made for themselves).
""",
}
COLUMNS = {
    "fr": "| colonne | type | | confidentialité | sens |",
    "en": "| column | type | | privacy | meaning |",
}
NEEDS = {"fr": ("clé", "obligatoire"), "en": ("key", "required")}
OWN: Mapping[str, tuple[str, Mapping[str, Words]]] = {
    "files": (
        "Chaque pièce jointe une fois ; ses octets sont à côté, sous <deux premiers chiffres>/<sha256>.",
        {},
    ),
    "header_facts": (
        "Enregistrements de répertoire des fichiers DICOM, faits à la collecte ; sans eux, l’en-tête est relu.",
        {
            "sha256": Words("SHA-256 de la pièce jointe.", "SHA-256 of the attachment."),
            "facts": Words(
                "Empreinte de contrôle (16 octets), puis du JSON sur une ligne, puis les éléments DICOM.",
                "Check (16 bytes), then JSON on one line, then the DICOM elements.",
            ),
        },
    ),
    "settings": (
        "Ce que la base sait d’elle-même.",
        {"name": Words("Nom du fait.", "Name of the fact."), "value": Words("Sa valeur.", "Its value.")},
    ),
    "identity_links": (
        "Quelles fiches de patient sont une personne (la fiche qui les réunit) ; supprimer une ligne défait le lien.",
        {
            "patient": Words("La fiche liée.", "The linked patient record."),
            "person": Words(
                "La fiche sous laquelle se range la personne.", "The record the person stands under."
            ),
            "rule": Words("Règle d’après laquelle c’est une personne.", "Rule by which they are one person."),
            "decided_by": Words("Qui a décidé.", "Who decided."),
            "decided_at": Words("Moment de la décision.", "Moment of the decision."),
        },
    ),
    "identity_questions": (
        "Paires de fiches qui sont peut-être une personne ; un humain répond *same* ou *different*.",
        {
            "patient": Words("L’une des deux fiches.", "One of the two records."),
            "candidate": Words("L’autre fiche.", "The other record."),
            "reason": Words("Ce qui fait poser la question.", "What raises the question."),
            "asked_at": Words("Moment de la question.", "Moment of the question."),
            "answer": Words(
                "`same` ou `different` ; vide sans réponse.",
                "`same` or `different`; empty without an answer.",
            ),
            "answered_at": Words("Moment de la réponse.", "Moment of the answer."),
        },
    ),
    "number_holders": (
        "Fiches qui ont un numéro en commun parce que plusieurs personnes l’ont eu, et depuis quand chacune l’a.",
        {
            "number": Words(
                "La fiche dont l’identité vient du numéro.",
                "The record whose identity comes from the number.",
            ),
            "patient": Words("Une fiche qui a ce numéro.", "A record that has the number."),
            "since": Words(
                "Depuis quand ; vide pour qui l’avait d’abord.", "Since when; empty for who had it first."
            ),
        },
    ),
    "imports": (
        "Quelle unité de quel paquet est entrée quand, avec ses décomptes (JSON).",
        {
            "package": Words("Identifiant du paquet.", "Identifier of the package."),
            "unit": Words("Identifiant de l’unité.", "Identifier of the unit."),
            "patient": Words("Identité du patient de l’unité.", "Identity of the patient of the unit."),
            "plain_sha256": Words("SHA-256 de l’archive en clair.", "SHA-256 of the plain archive."),
            "imported_at": Words("Moment de l’import.", "Moment of the import."),
            "counts": Words("Décomptes par sorte d’enregistrement.", "Counts by kind of record."),
        },
    ),
    "journal": (
        "Ce qui a changé cette base : une ligne par opération qui y a changé quelque chose (`detail` est du JSON).",
        {
            "id": Words("Numéro de la ligne.", "Number of the line."),
            "at": Words("Moment de l’opération.", "Moment of the operation."),
            "operation": Words("L’opération.", "The operation."),
            "detail": Words("Ce qu’elle a fait.", "What it did."),
        },
    ),
    "about_tables": (
        "Cette description de chaque table.",
        {
            "table": Words("Nom de la table.", "Name of the table."),
            "about": Words("Ce qu’elle contient.", "What it holds."),
        },
    ),
}
"""French of the store's own tables, and what their columns mean."""
OWNER = Words("L’enregistrement auquel la ligne appartient.", "The record the row belongs to.")
POSITION = Words("Place dans la liste, à partir de 0.", "Position in the list, from 0.")
NOT_SHOWN = Words("Pas sur INDEX.HTM", "Not on INDEX.HTM")
TITLES = {
    "shared": Words(
        "Le cabinet, ses praticiens, ses patients", "The practice, its practitioners, its patients"
    ),
    "patient": Words("Le dossier", "The dossier"),
    "own": Words("Ce que la base sait d’elle-même", "What the store knows of itself"),
}


def page(language: str) -> str:
    """Return the page in ``language``."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create(connection)
    db = Database(connection)
    about = dict(schema.descriptions())
    kinds = {kind.kind for kind in PATIENT_KINDS}
    parts = [HEADS[language]]
    names: dict[str, list[str]] = {part: [] for part in TITLES}
    for name in about:
        top = max((kind.kind for kind in schema.KINDS if _of(name, kind.kind)), key=len, default="")
        names["own" if name in schema.OWN_TABLES else "patient" if top in kinds else "shared"].append(name)
    for part, title in TITLES.items():
        parts.append(f"## {getattr(title, language)}")
        parts += ["\n".join(_table(db, name, about[name], language)) for name in names[part]]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _of(name: str, kind: str) -> bool:
    return name == kind or name.startswith(f"{kind}_")


def _table(db: Database, name: str, about: str, language: str) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    own = OWN[name][0] if name in OWN else translate(about, "fr")
    yield f"{_title(name, language)}{own if language == 'fr' else about}"
    yield ""
    yield COLUMNS[language]
    yield "|---|---|---|---|---|"
    key, required = NEEDS[language]
    refers = {one.column: f" → `{one.other_table}.{one.other_column}`" for one in db.table(name).foreign_keys}
    meanings = dict(_meanings(name))
    for column in db.table(name).columns:
        need = key if column.is_pk else required if column.notnull else ""
        privacy, texts = meanings[column.name]
        cells = (
            f"`{column.name}`",
            column.type,
            f"{need}{refers.get(column.name, '')}".strip(),
            getattr(PRIVACY_WORDS[privacy], language) if privacy else "",
            texts[LANGUAGES.index(language)],
        )
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _title(name: str, language: str) -> str:
    if name not in KINDS:
        return ""
    title = getattr(KINDS[name].one, language)
    return f"**{title[:1].upper()}{title[1:]}.** "


def _meanings(name: str) -> Iterator[tuple[str, tuple[Privacy | None, tuple[str, str]]]]:
    """Yield the columns of a table, each with its privacy class and what it means in both languages."""
    if name in OWN:
        yield from ((column, (None, words)) for column, words in OWN[name][1].items())
    if name == "files":
        yield from ((field, _described(Attachment, field)) for field in entries_of(Attachment))
    for table in (one for kind in schema.KINDS for one in table_of(kind).family if one.name == name):
        yield from _columns(table)


def _columns(table: StoreTable) -> Iterator[tuple[str, tuple[Privacy | None, tuple[str, str]]]]:
    if table.owner:
        yield "owner", (None, OWNER)
        yield from ((position, (None, POSITION)) for position in table.key[1:])
    yield from ((one.name, _described(table.record_type, one.name)) for one in table.columns)
    for name, inner, columns, _ in table.values:
        holder = entries_of(table.record_type)[name].label
        for column in columns:
            yield column.name, _described(inner, column.name[len(name) + 1 :], holder)


def _described(kind: type, field: str, holder: Words | None = None) -> tuple[Privacy, tuple[str, str]]:
    entry = entries_of(kind)[field]
    words = _codes(get_type_hints(kind)[field])
    french, english = (" ".join(_sentences(entry, words, holder, language)) for language in LANGUAGES)
    return entry.privacy, (french, english)


def _sentences(
    entry: FieldEntry, words: Mapping[StrEnum, Words], holder: Words | None, language: str
) -> Iterator[str]:
    """Yield label, meaning, code list or unit of one column, and why a page does not show it."""
    between, colon = (" : ", "\u00a0:") if language == "fr" else (": ", ":")
    label = between.join(getattr(one, language) for one in (holder, entry.label) if one)
    yield f"**{label}.** {translate(entry.meaning, language)}"
    yield from (f"({getattr(one, language)})" for one in (entry.codes, entry.unit) if one)
    if words:
        yield ", ".join(f"`{code.value}` {getattr(one, language)}" for code, one in words.items()) + "."
    if entry.left_out:
        yield f"*{getattr(NOT_SHOWN, language)}{colon} {translate(entry.left_out, language)}*"


def _codes(hint: Any) -> Mapping[StrEnum, Words]:
    """Return the words of the vocabulary in the type of a field, where there is one."""
    return next((CODES[part] for part in (hint, *get_args(hint)) if part in CODES), {})


def main(check: bool) -> int:
    """Write the pages, or complain about each that differs."""
    stale = 0
    for language, path in PAGES.items():
        text = page(language)
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(ROOT)} is out of date: python .ci/store_page.py")
            stale += 1
    return 1 if stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main("--check" in sys.argv[1:]))
    except sqlite3.Error as fault:
        sys.exit(f"the store cannot be made: {fault}")
