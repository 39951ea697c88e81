"""Write reference/mappings.md of each language, the catalogue of mappings, from the mappings; ``--check`` compares."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from formats.model.dictionary.kinds import KINDS
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.language.references import kinds_made
from formats.words import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "docs" / "mappings"
COMPARED_WITH: Mapping[str, Words] = {
    "appointments-icalendar.toml": Words("rien : inventée", "nothing: invented"),
    "appointments-list.toml": Words("rien : inventée", "nothing: invented"),
    "closing-accounts.toml": Words("rien : inventée", "nothing: invented"),
    "logosw-odbc-unverified.toml": Words(
        "une base faite à la forme que disent des sources publiques ; aucune installation",
        "a database made in the shape that public sources tell; no installation",
    ),
    "molaire-3.toml": Words(
        "la note de son éditeur et ses tables, inventées toutes deux",
        "its vendor’s note and its tables, both invented",
    ),
    "openmolar.toml": Words(
        "les tables et la démonstration de son auteur ; aucun cabinet",
        "its author’s tables and demonstration; no practice",
    ),
}
"""What each mapping was tried with."""
HEADS = {
    "fr": """\
# Les correspondances du catalogue

<!-- Written by .ci/mappings_page.py from the mappings; do not edit. -->

Ce que contient `docs/mappings`, et avec quoi chaque correspondance a été essayée. Toutes passent les essais qu’elles
contiennent. [Comment on en écrit une](../how-to/mapping.md), et [la référence du langage](mapping-language.md).

| correspondance | logiciel | tables | essais | comparée à | ce qu’elle fait |
|---|---|---|---|---|---|
""",
    "en": """\
# The mappings of the catalogue

<!-- Written by .ci/mappings_page.py from the mappings; do not edit. -->

What lies in `docs/mappings`, and with what each mapping was tried. All pass the tests that they carry.
[How one is written](../how-to/mapping.md), and [the reference of the language](mapping-language.md).

| mapping | software | tables | tests | held against | what it makes |
|---|---|---|---|---|---|
""",
}
SOFTWARE: Mapping[str, Words] = {
    "appointments-icalendar.toml": Words("un agenda (iCalendar)", "a calendar (iCalendar)"),
    "appointments-list.toml": Words("une liste de rendez-vous", "a list of appointments"),
    "closing-accounts.toml": Words("des comptes de clôture", "accounts of closing"),
}
"""What a mapping is of, where its software has no name of its own."""


def page(language: str) -> str:
    """Return the page."""
    found = {path.name: load_mapping(path) for path in sorted(CATALOGUE.glob("*.toml"))}
    return HEADS[language] + "".join(_row(name, one, language) for name, one in found.items())


def _row(name: str, mapping: MappingDeclaration, language: str) -> str:
    software = getattr(SOFTWARE[name], language) if name in SOFTWARE else mapping.software
    made = ", ".join(getattr(KINDS[kind].heading, language).lower() for kind in kinds_made(mapping))
    cells = (
        f"[`{name}`](../../mappings/{name})",
        f"{software} {mapping.software_version}".strip(),
        str(len(mapping.tables)),
        str(len(mapping.tests)),
        getattr(COMPARED_WITH[name], language),
        made,
    )
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    from generated_files import write_or_check

    pages = {ROOT / "docs" / one / "reference" / "mappings.md": page(one) for one in LANGUAGES}
    sys.exit(write_or_check(pages))
