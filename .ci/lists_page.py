"""Write the columns of lists in both languages from the code; ``--check`` compares.

Those of an archive stand in ``format/patient-archive.md``, those that people write or fill in have a page of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver import report_columns
from archiver.scope import roster
from formats.model.dictionary.entry import PRIVACY_WORDS
from formats.papers import listing
from formats.pdlgc.columns import LISTS
from formats.tables.columns import ListColumn
from formats.words import LANGUAGES, Words, translate

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEADS = {"fr": "| liste | colonne | sens |", "en": "| list | column | meaning |"}
BEGIN, END = "<!-- Columns written by .ci/lists_page.py; do not edit. -->\n", "<!-- End of the columns. -->\n"


@dataclass(frozen=True, kw_only=True)
class ListPart:
    """Part of the page: a list, what it is for, its columns."""

    title: Words
    about: Words
    dictionary: Mapping[str, ListColumn]


PARTS = (
    ListPart(
        title=Words("Liste de départ", "Roster"),
        about=Words(
            "Les patients qui partent : `archiver export --roster` la lit, `archiver patients --roster` en écrit une "
            "de tous les patients. La liste de ceux que retient un litige (`archiver export --hold`) a les mêmes "
            "colonnes. Une colonne inconnue est ignorée ; une ligne qui a plus de cellules que l’en-tête est "
            "refusée. Pas à pas : [partir avec ses dossiers](../how-to/departing-practitioner.md).",
            "The patients who leave: `archiver export --roster` reads it, `archiver patients --roster` writes one of "
            "all patients. The list of those under a hold (`archiver export --hold`) has the same columns. An unknown "
            "column is ignored; a line with more cells than the heading is refused. Step by step: "
            "[leaving with one’s records](../how-to/departing-practitioner.md).",
        ),
        dictionary=roster.DICTIONARY,
    ),
    ListPart(
        title=Words("Liste de documents", "List of documents"),
        about=Words(
            "Décrit un répertoire de documents (`archiver collect documents`) : dans le répertoire, ou à côté sous le "
            "même nom. Une ligne par fichier. Ce que contient une colonne inconnue devient la remarque du document.",
            "Describes a folder of documents (`archiver collect documents`): inside the folder, or beside it under "
            "the same name. One line a file. What an unknown column holds becomes the note of the document.",
        ),
        dictionary=listing.DICTIONARY,
    ),
    ListPart(
        title=Words("Rapport des constats", "Report of findings"),
        about=Words(
            "Écrit par `--report` ([commandes](output.md)) ; vous seul pouvez le lire. Une personne remplit la "
            "dernière colonne de ce qui attend un patient, et le redonne : `archiver collect --assign` n’en lit que "
            "les deux colonnes obligatoires.",
            "Written by `--report` ([commands](output.md)); you alone can read it. A person fills in the last column "
            "of what waits for a patient, and hands it back: `archiver collect --assign` reads the two required "
            "columns only.",
        ),
        dictionary=report_columns.DICTIONARY,
    ),
)
TITLES = {
    "fr": """\
# Les listes que l’on écrit ou remplit

<!-- Written by .ci/lists_page.py from the code; do not edit. -->

Des CSV comme en écrit un tableur : séparés par `;`, `,` ou une tabulation, avec un en-tête ; UTF-8, Windows-1252, ou
UTF-16 avec marque d’ordre des octets. Une colonne vaut sous chacun de ses noms, sans égard aux majuscules, aux accents
et à la ponctuation ; leur ordre est libre. Une colonne obligatoire doit être dans l’en-tête ; le sens dit si une
cellule peut être vide. Ce que le programme écrit est en UTF-8, avec `;`, et une apostrophe devant ce qu’un tableur
prendrait pour une formule : elle est ôtée à la lecture. [Limites](limits.md).

Confidentialité : administrative, ou soin (dit quelque chose des soins du patient).
""",
    "en": """\
# Lists that people write or fill in

<!-- Written by .ci/lists_page.py from the code; do not edit. -->

CSV as a spreadsheet writes it: with `;`, `,` or a tab in between, and a heading; UTF-8, Windows-1252, or UTF-16 with
a byte order mark. A column may have any of its names, without regard to capitals, accents and punctuation; their order
is free. A required column must be in the heading; the meaning says whether a cell may be empty. What the program
writes is UTF-8, with `;`, and with an apostrophe in front of what a spreadsheet would take for a formula: it is taken
away when the list is read. [Limits](limits.md).

Privacy: administrative, or care (says something about the care of the patient).
""",
}
COLUMNS = {
    "fr": "| colonne | aussi appelée | | à y mettre | confidentialité | sens |",
    "en": "| column | also called | | what to put there | privacy | meaning |",
}
REQUIRED = Words("obligatoire", "required")


def table(language: str) -> Iterator[str]:
    """Yield the lines of the table of an archive's lists in ``language``."""
    yield HEADS[language]
    yield "|---|---|---|"
    for place, columns in LISTS.items():
        for column, meaning in columns.items():
            yield f"| `{Path(place).name}` | `{column}` | {translate(meaning, language)} |"


def archive_page(language: str) -> tuple[Path, str]:
    """Return the page about the archive of a patient, and its text with the table of today."""
    page = DOCS / language / "format" / "patient-archive.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return page, f"{before}{BEGIN}\n" + "".join(f"{line}\n" for line in table(language)) + f"\n{END}{after}"


def reference_page(language: str) -> tuple[Path, str]:
    """Return the page about lists that people write or fill in, and its text."""
    lines = [TITLES[language]]
    for part in PARTS:
        lines += [f"## {getattr(part.title, language)}", "", getattr(part.about, language), ""]
        lines += [COLUMNS[language], "|---|---|---|---|---|---|"]
        lines += [_row(name, entry, language) for name, entry in part.dictionary.items()]
        lines.append("")
    return DOCS / language / "reference" / "lists.md", "\n".join(lines).rstrip("\n") + "\n"


def _row(name: str, entry: ListColumn, language: str) -> str:
    cells = (
        f"`{name}`",
        ", ".join(f"`{alias}`" for alias in entry.aliases),
        getattr(REQUIRED, language) if entry.required else "",
        getattr(entry.form, language),
        getattr(PRIVACY_WORDS[entry.privacy], language),
        f"**{getattr(entry.label, language)}.** {translate(entry.meaning, language, 'archiver', 'formats')}",
    )
    return f"| {' | '.join(cells)} |"


def main(check: bool) -> int:
    """Write the pages, or complain about each that differs."""
    faults = 0
    for page, made in (write(language) for write in (archive_page, reference_page) for language in LANGUAGES):
        if page.exists() and made == page.read_text(encoding="utf-8"):
            continue
        if check:
            print(f"{page.relative_to(DOCS.parent)} is out of date: python .ci/lists_page.py")
            faults += 1
        else:
            page.write_text(made, encoding="utf-8")
    return faults


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
