"""List of claims: the packages of single persons, who claimed each, and to whom and when it was handed over.

An export of a package for each person writes it; whoever answers claims fills it in, and it comes back as the proof
of delivery. It names patients, and where they have no key it holds their passphrases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from archiver.scope.rosters.patient_index import patient_cells
from formats.findings import Finding
from formats.model.dictionary.entry import Privacy
from formats.model.people import Patient
from formats.tables.columns import FREE_TEXT, WRITTEN_DATE, Columns, ListColumn
from formats.tables.read import Line, ignored_columns, read_list
from formats.tables.write import list_bytes
from formats.words import Words, mark

CLAIMS = Words("demandes.csv", "claims.csv")
"""What the list of claims is called."""
DAY = Words("jour : `2026-11-29` ou `29/11/2026`", "day: `2026-11-29` or `29/11/2026`")


def _column(
    french: str, english: str, meaning: str, form: Words = FREE_TEXT, *, required: bool = False
) -> ListColumn:
    aliases = (french.lower(), english.lower())
    return ListColumn(
        Words(french, english), meaning, form, Privacy.ADMINISTRATIVE, aliases=aliases, required=required
    )


DICTIONARY: Mapping[str, ListColumn] = {
    "package": _column("Paquet", "Package", mark("File of the package, whose name says nothing.")),
    "patient_number": _column("Numéro", "Number", mark("Number of the patient in the practice.")),
    "birth_family_name": _column("Nom de naissance", "Birth name", mark("Birth name.")),
    "used_family_name": _column("Nom d’usage", "Family name in use", mark("Name in use.")),
    "given_name": _column("Prénom", "Given name", mark("Given name.")),
    "birth_date": _column("Date de naissance", "Birth date", mark("Birth date."), WRITTEN_DATE),
    "claimed_by": _column("Demandé par", "Claimed by", mark("Who claimed the package; to be filled in.")),
    "claimed_on": _column("Demandé le", "Claimed on", mark("When; to be filled in.")),
    "identity_check": _column(
        "Identité contrôlée comment, par qui", "Identity checked how, by whom",
        mark("How the identity of whoever claims was checked, and by whom; to be filled in."),
    ),
    "recipient": _column(
        "Remis à", "Handed over to",
        mark("To whom the package was handed over; empty as long as nobody has it."), required=True,
    ),
    "delivered_on": _column(
        "Remis le", "Handed over on", mark("On what day; a line needs both or neither."), DAY, required=True
    ),
    "identifier": _column(
        "Identifiant du paquet", "Package identifier",
        mark("Identifier of the package; never empty, and to be left as it is."), required=True,
    ),
}  # fmt: skip
"""Columns that are read again. Whom a line names must be whom the package is of."""
BESIDE: Mapping[str, ListColumn] = {
    "kept_until": _column(
        "À conserver jusqu’avant le", "To be kept until before",
        mark("First day on which the package may be destroyed; empty where nobody can tell."), WRITTEN_DATE,
    ),
    "passphrase": _column(
        "Phrase secrète", "Passphrase",
        mark("Passphrase that opens the package, where a patient gets it: by another way than the package."),
    ),
}  # fmt: skip
"""Columns for people alone."""
COLUMNS = Columns.of(DICTIONARY, passing_over=BESIDE)
OF_PATIENT = ("patient_number", "birth_family_name", "used_family_name", "given_name", "birth_date")
"""Columns that say whose the package is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPackage:
    """The package of one person: the record that stands for them, and when the dossier may be destroyed.

    ``passphrase`` opens it, where patients get their packages: they have no key.
    """

    name: str
    identifier: str
    patient: Patient
    destroy_from: date | None
    passphrase: str = field(default="", repr=False)


def claims_bytes(packages: Sequence[PersonPackage], language: str) -> bytes:
    """Return the list of claims, a line for each package, as a spreadsheet opens it."""
    columns = {**DICTIONARY, **BESIDE}
    if not any(one.passphrase for one in packages):
        del columns["passphrase"]
    heading = tuple(getattr(column.label, language) for column in columns.values())
    rows = (tuple(cells.get(name, "") for name in columns) for cells in map(_cells, packages))
    return list_bytes([heading, *rows])


def _cells(one: PersonPackage) -> dict[str, str]:
    return {
        **patient_cells(one.patient),
        "package": one.name,
        "kept_until": one.destroy_from.isoformat() if one.destroy_from else "",
        "identifier": one.identifier,
        "passphrase": one.passphrase,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimLine:
    """A line of the list: where it stands in the file, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    @property
    def answered(self) -> bool:
        """Whether somebody wrote that the package was handed over."""
        return bool(self.cells["recipient"] or self.cells["delivered_on"])


def read_claims(path: Path) -> tuple[tuple[ClaimLine, ...], tuple[Finding, ...]]:
    """Return the lines of the list of claims at ``path``, and what a person should know of how it was read.

    Raises:
        TableUnreadable, LimitExceeded: when it is no such list.
    """
    read = list(read_list(path, COLUMNS))
    lines = [one for one in read if not isinstance(one, Finding)]
    findings = (*(one for one in read if isinstance(one, Finding)), *ignored_columns(lines, path.name))
    return tuple(map(_claim_line, lines)), findings


def _claim_line(line: Line) -> ClaimLine:
    return ClaimLine(line=line.number, cells={name: line[name] for name in DICTIONARY})
