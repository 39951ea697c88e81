"""Write docs/reference/store.md from the practice store; with ``--check`` say whether it is current."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from archiver.practice import schema
from formats.model.dossier import PATIENT_KINDS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "store.md"
HEAD = f"""\
# La base du cabinet · The practice store

<!-- Written by .ci/store_page.py from the code; do not edit. -->

Une base est un fichier SQLite (`practice.db`) et, à côté, le dossier du même nom (`practice.files`) où
chaque pièce jointe est rangée une fois, sous son empreinte : `<deux premiers chiffres>/<SHA-256>`. Les
deux vont ensemble. Rien n'y est chiffré. N'importe quel outil SQLite la lit ; n'y écrivez pas. Chaque
base contient cette description (`about_tables`).

A store is a SQLite file (`practice.db`) and, beside it, the folder of the same name (`practice.files`)
where every attachment is kept once, under its digest: `<first two digits>/<SHA-256>`. The two belong
together. Nothing in it is encrypted. Any SQLite tool reads it; do not write. Every store holds this
description (`about_tables`).

- `PRAGMA application_id` = {schema.APPLICATION_ID} (`DARC`), `PRAGMA user_version` =
  {schema.SCHEMA_VERSION}.
- `id` is a UUID in lower case, the same for the same row of the same practice (UUIDv5).
- Dates are ISO 8601 (`2024-09-03`), of a partial date as much as is known (`2024`, `2024-09`); times
  carry an offset (`2024-09-03T10:15:00+02:00`), amounts are integer cents, yes and no are 1 and 0, teeth
  are FDI numbers (a supernumerary one `18S`), lists are JSON arrays.
- A value inside a record has its field's name in front (`traits_birth_date`). A list of such values is a
  table of its own, keyed by its `owner` and its position from 0.
- An empty text and `NULL` both mean that nothing is recorded. “Asked, and there is none” has words of its
  own (`health_statements.presence` = `none`).
"""
TITLES = {
    "own": "## Ce que la base sait d'elle-même · What the store knows of itself",
    "shared": "## Le cabinet, ses praticiens, ses patients · The practice, its practitioners, its patients",
    "patient": "## Le dossier · The dossier",
}


def page() -> str:
    """Return the page."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create(connection)
    db = Database(connection)
    about = dict(schema.descriptions())
    kinds = {kind.kind for kind in PATIENT_KINDS}
    parts = [HEAD]
    names: dict[str, list[str]] = {part: [] for part in TITLES}
    for name in about:
        top = max((kind.kind for kind in schema.KINDS if _of(name, kind.kind)), key=len, default="")
        names["own" if name in schema.OWN_TABLES else "patient" if top in kinds else "shared"].append(name)
    for part in ("shared", "patient", "own"):
        parts.append(TITLES[part])
        parts += ["\n".join(_table(db, name, about[name])) for name in names[part]]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _of(name: str, kind: str) -> bool:
    return name == kind or name.startswith(f"{kind}_")


def _table(db: Database, name: str, about: str) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    yield about
    yield ""
    yield "| column | type | | |"
    yield "|---|---|---|---|"
    refers = {key.column: f"→ `{key.other_table}.{key.other_column}`" for key in db.table(name).foreign_keys}
    for column in db.table(name).columns:
        need = "key" if column.is_pk else "required" if column.notnull else ""
        yield f"| `{column.name}` | {column.type} | {need} | {refers.get(column.name, '')} |"


def main(check: bool) -> int:
    """Write the page, or complain when it differs."""
    text = page()
    if not check:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is out of date: python .ci/store_page.py")
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main("--check" in sys.argv[1:]))
    except sqlite3.Error as fault:
        sys.exit(f"the store cannot be made: {fault}")
