"""Write the columns of lists in both languages from the code; ``--check`` compares.

Those of an archive stand in ``format/patient-archive.md``, those that people write or fill in have a page of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver import report_columns
from archiver.delivery import delivery_list
from archiver.identity import answer_list
from archiver.scope import claims_list
from archiver.scope.evidence_columns import EVIDENCE
from archiver.scope.rosters import roster
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
            "colonnes. Une colonne inconnue ne sert pas, et c’est dit ; une ligne qui a plus de cellules que l’en-tête "
            "est refusée. Pas à pas : [partir avec ses dossiers](../how-to/departing-practitioner.md).",
            "The patients who leave: `archiver export --roster` reads it, `archiver patients --roster` writes one of "
            "all patients. The list of those under a hold (`archiver export --hold`) has the same columns. An unknown "
            "column is not used, and that is said; a line with more cells than the heading is refused. Step by step: "
            "[leaving with one’s records](../how-to/departing-practitioner.md).",
        ),
        dictionary=roster.DICTIONARY,
    ),
    ListPart(
        title=Words("Indices d’une liste proposée", "Evidence of a proposed roster"),
        about=Words(
            "`archiver roster propose` les écrit à droite de la liste de départ, pour ceux qui décident ; qui lit la "
            "liste les laisse de côté. Les nombres et les sommes sont ceux du praticien de la colonne "
            "`evidence_about`. Pas à pas : [partir avec ses dossiers](../how-to/departing-practitioner.md).",
            "`archiver roster propose` writes them to the right of the roster, for those who decide; whoever reads the "
            "roster passes over them. Numbers and sums are those of the practitioner in the column `evidence_about`. "
            "Step by step: [leaving with one’s records](../how-to/departing-practitioner.md).",
        ),
        dictionary=EVIDENCE,
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
    ListPart(
        title=Words("Liste des dossiers remis", "List of delivered dossiers"),
        about=Words(
            "`PATIENTS.CSV`, à côté des répertoires ou ZIP de plusieurs personnes (`archiver deliver`) : une ligne par "
            "dossier. Aucun mot de passe n’y est. Pas à pas : [trouver, lire et remettre un dossier]"
            "(../how-to/dossier.md).",
            "`PATIENTS.CSV`, beside the folders or ZIPs of several persons (`archiver deliver`): one line a dossier. "
            "No passphrase is in it. Step by step: [finding, reading and handing over one dossier]"
            "(../how-to/dossier.md).",
        ),
        dictionary=delivery_list.DICTIONARY,
    ),
    ListPart(
        title=Words("Liste de réponses", "List of answers"),
        about=Words(
            "Ce qu’une personne répond aux questions sur l’identité des patients : `archiver people show --answers` "
            "l’écrit, comme le fait la page de `--page` ; `archiver people answer` la lit et l’enregistre, en entier "
            "ou pas du tout. Pas à pas : [reprendre des dossiers](../how-to/successor.md).",
            "What a person answers to questions of identity: `archiver people show --answers` writes it, as does the "
            "page of `--page`; `archiver people answer` reads and records it, whole or not at all. Step by step: "
            "[receiving and importing records](../how-to/successor.md).",
        ),
        dictionary=answer_list.DICTIONARY,
    ),
    ListPart(
        title=Words("Liste des demandes", "List of claims"),
        about=Words(
            "`demandes.csv`, à côté des paquets d’une personne chacun (`archiver export --situation orphan` ou "
            "`cessation-to-patients`). Qui répond aux demandes la remplit ; `archiver handover proof --claims` la "
            "lit et note les remises, toutes ou aucune. Elle nomme des patients, et donne les phrases secrètes de "
            "ceux qui n’ont pas de clé. Pas à pas : [partir avec ses "
            "dossiers](../how-to/departing-practitioner.md).",
            "`claims.csv`, beside the packages of one person each (`archiver export --situation orphan` or "
            "`cessation-to-patients`). Whoever answers claims fills it in; `archiver handover proof --claims` reads "
            "it and writes down what was handed over, all or nothing. It names patients, and gives the passphrases "
            "of those who have no key. Step by step: [leaving with one’s "
            "records](../how-to/departing-practitioner.md).",
        ),
        dictionary={**claims_list.DICTIONARY, **claims_list.BESIDE},
    ),
)
TITLES = {
    "fr": """\
# Les listes que l’on écrit ou remplit

<!-- Written by .ci/lists_page.py from the code; do not edit. -->

Des classeurs (`.xlsx`, `.ods`, `.xls`) ou des CSV, séparés par `;`, `,`, une tabulation ou ce que nomme une première
ligne `sep=`, en UTF-8, Windows-1252, MS-DOS (page de codes 850), ou UTF-16 avec marque d’ordre des octets. L’en-tête
est la première ligne qui a les colonnes obligatoires : jusqu’à 20 lignes de titre peuvent la précéder. D’un classeur,
c’est la feuille qui a cet en-tête ; deux qui l’ont sont refusées, les autres sont nommées. Les lignes masquées par un
filtre comptent ; une formule vaut par son résultat. Une cellule en erreur (`#REF!`) est refusée et
nommée ; dans un `.xls`, rien ne la distingue d’une cellule vide.

Un numéro devenu `12.0` dans un tableur est lu `12`, et c’est dit ; `9,99E+10` est une erreur : ses chiffres ont
disparu. Mettez la colonne au format texte avant d’y écrire ou d’ouvrir la liste. Une date d’un classeur est lue comme
telle ; en texte, l’année a quatre chiffres.

Une colonne vaut sous chacun de ses noms, sans égard aux majuscules, aux accents et à la ponctuation ; leur ordre est
libre. Une colonne obligatoire doit être dans l’en-tête ; le sens dit si une cellule peut être vide. Ce que le programme
écrit est en UTF-8, avec `;`, et une apostrophe devant ce qu’un tableur prendrait pour une formule : elle est ôtée à la
lecture. [Limites](limits.md).

Confidentialité : administrative, ou soin (dit quelque chose des soins du patient).
""",
    "en": """\
# Lists that people write or fill in

<!-- Written by .ci/lists_page.py from the code; do not edit. -->

Workbooks (`.xlsx`, `.ods`, `.xls`) or CSV, with `;`, `,`, a tab or what a first line `sep=` names in between, in UTF-8,
Windows-1252, MS-DOS (code page 850), or UTF-16 with a byte order mark. The headings are the first line that has the
required columns: up to 20 lines of titles may stand above. Of a workbook it is the sheet that has these headings; two
that have them are refused, the others are named. Lines that a filter hides count; a formula counts by its result. A
cell with an error (`#REF!`) is refused and named; in an `.xls` nobody can tell it from an empty one.

A number that became `12.0` in a spreadsheet is read as `12`, and that is said; `9,99E+10` is an error: its digits are
gone. Set the column to text before you write into it or open the list. A date of a workbook is read as one; in text,
the year has four digits.

A column may have any of its names, without regard to capitals, accents and punctuation; their order
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
STANDS_FOR = Words("peut remplacer", "may stand for")


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
        _necessity(entry, language),
        getattr(entry.form, language),
        getattr(PRIVACY_WORDS[entry.privacy], language),
        f"**{getattr(entry.label, language)}.** {translate(entry.meaning, language, 'archiver', 'formats')}",
    )
    return f"| {' | '.join(cells)} |"


def _necessity(entry: ListColumn, language: str) -> str:
    """Return whether the column has to be there, and in place of which it may be."""
    if entry.stands_for:
        return f"{getattr(STANDS_FOR, language)} `{entry.stands_for}`"
    return str(getattr(REQUIRED, language)) if entry.required else ""


if __name__ == "__main__":
    from generated_files import write_or_check

    pages = (write(language) for write in (archive_page, reference_page) for language in LANGUAGES)
    sys.exit(write_or_check(dict(pages)))
