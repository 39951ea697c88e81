"""Write reference/mapping-opendental.md of each language from the reader; with ``--check`` say whether it is current.

Which kinds of record a table becomes, and which of its columns the mapping asks
for, is seen by reading the sample practice with a source that takes notes.
"""

from __future__ import annotations

import inspect
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # of ``samples``, which are not installed

from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import Cells, SourceTable
from formats.findings import Finding
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.opendental import readings as plan
from formats.opendental.joins.ownership import ALIASES, PATIENT_NUMBER, SUBJECTS, SWITCHES
from formats.opendental.joins.redaction import ONLY, is_secret_setting, redacted_columns
from formats.opendental.read import read
from formats.opendental.records.devices import DEVICE_FIELDS
from formats.opendental.records.papers import Papers
from formats.opendental.records.people import UNDERSTOOD
from formats.words import LANGUAGES, Words
from samples.story.book import build_sqlite

ROOT = Path(__file__).resolve().parents[1]
PAGES = {language: ROOT / "docs" / language / "reference" / "mapping-opendental.md" for language in LANGUAGES}
SAMPLE = ROOT / "samples" / "practice"
CREDENTIALS = ("Password", "PasswordHash", "SecretKey", "AuthToken", "ApiKey", "WebPin", "ResetCode")
SETTINGS = ("ConnectionPassword", "SmsToken", "RegistrationKey", "ProgramLicense")

HEADS = {
    "fr": """\
# Open Dental : quelle table va où

<!-- Written by .ci/mapping_page.py from the code; do not edit. -->

**Toute ligne qui touche un patient voyage mot pour mot**, avec le nom de sa table et de ses colonnes
(`source_rows`, `DATA/SOURCE.NDJ`), qu’une règle la comprenne ou non. Cette page dit ce que les règles
comprennent *en plus*. Les enregistrements et les colonnes sont ceux que l’on voit en lisant le cabinet
d’exemple (« – » : il n’a pas de telle ligne) ; une colonne absente d’une version d’Open Dental est
comptée vide, une colonne inconnue voyage avec sa ligne. La page anglaise dit en outre, table par table, ce
que la règle fait : [Open Dental: which table goes where](../../en/reference/mapping-opendental.md).
""",
    "en": """\
# Open Dental: which table goes where

<!-- Written by .ci/mapping_page.py from the code; do not edit. -->

**Every row that concerns a patient travels word for word**, with the names of its table and columns
(`source_rows`, `DATA/SOURCE.NDJ`), whether a rule understands it or not. This page says what the rules
understand *besides*. Records and columns are those seen while the sample practice is read (“–”: it has no
such row); a column that a version of Open Dental lacks counts as empty, an unknown column travels with
its row.
""",
}
WORDS = {
    "tables": Words("Tables comprises", "Tables that are understood"),
    "tables head": Words(
        "| table | enregistrement | colonnes |\n|---|---|---|",
        "| table | record | what is read | columns |\n|---|---|---|---|",
    ),
    "beside": Words("à côté de `{}`, par `{}`", "beside `{}`, by `{}`"),
    "records": Words(
        "Enregistrements : [la base du cabinet](store.md), tables de même nom.",
        "Records: [the practice store](store.md), tables of the same names.",
    ),
    "practice": Words("Tables du cabinet", "Tables of the practice"),
    "practice about": Words(
        "Elles voyagent mot pour mot avec le cabinet (`--all`) ; les règles y cherchent noms et libellés.",
        "They travel word for word with the practice (`--all`); rules look up names and wordings there.",
    ),
    "practice head": Words(
        "| table | enregistrement | colonnes consultées |", "| table | record | columns that are looked at |"
    ),
    "fields": Words("Noms de champs libres", "Names of free fields"),
    "fields about": Words(
        "Ce pour quoi Open Dental n’a pas de colonne, un cabinet l’écrit dans des champs de ces noms :",
        "What Open Dental has no column for, a practice writes into fields of these names:",
    ),
    "patfield": Words("`patfield` (patient) :", "`patfield` (patient):"),
    "sheetfield": Words("`sheetfield` (`sheet`) :", "`sheetfield` (`sheet`):"),
    "fields numbered": Words(
        "Un numéro derrière le nom (`DeviceLot2`) distingue plusieurs dispositifs d’une même feuille.",
        "A number behind the name (`DeviceLot2`) tells several devices of a sheet apart.",
    ),
    "rest": Words("Toutes les autres", "All others"),
    "rest about": Words(
        "Une table dont les lignes mènent à un patient voyage mot pour mot dans son dossier, sans être comprise ; "
        "une table qui ne mène à personne reste dans la base et est nommée à la collecte. Dans le cabinet d’exemple :",
        "A table whose rows lead to a patient travels word for word in their dossier, not understood; "
        "a table that leads to nobody stays in the database and is named when it is collected. "
        "In the sample practice:",
    ),
    "whose": Words("À qui est une ligne", "Whose a row is"),
    "whose number": Words("Une colonne de numéros de patient :", "A column of patient numbers:"),
    "whose key": Words(
        "Une colonne nommée comme la clé d’une table qui mène à un patient, si loin que ce soit.",
        "A column named like the key of a table that leads to a patient, however deep.",
    ),
    "whose switch": Words(
        "Une colonne dont une autre dit le sens :", "A column whose meaning another one decides:"
    ),
    "whose head": Words("| table | colonne | où | mène à |", "| table | column | where | points to |"),
    "whose several": Words(
        "Une ligne qui nomme plusieurs patients appartient au premier nommé, et la collecte le dit. Ordre propre à :",
        "A row that names several patients belongs to the first one named, and collecting says so. Own order in:",
    ),
    "left": Words("Ce qui ne quitte pas la base", "What never leaves the database"),
    "left columns": Words(
        "Les colonnes de mots de passe et de jetons, telles que", "Columns of passwords and tokens, such as"
    ),
    "left settings": Words(
        "Dans `preference`, la valeur de réglages tels que", "In `preference`, the value of settings such as"
    ),
    "left others": Words("De `{}` ne voyagent que :", "Of `{}` only these travel:"),
}


class NotedCells(dict[str, Any]):
    """Cells that remember which of them were asked for by name."""

    def __init__(self, cells: Cells, asked: set[str]) -> None:
        super().__init__(cells)
        self._asked = asked

    def get(self, column: str, default: Any = None) -> Any:
        """Return a cell, and remember its column where the table has it."""
        if column in self:
            self._asked.add(column)
        return super().get(column, default)


class NotedSource:
    """The sample practice, with notes of the columns that are asked for."""

    def __init__(self, source: SqliteSource) -> None:
        self._source = source
        self.asked: dict[str, set[str]] = {}

    @property
    def name(self) -> str:
        """What a person calls this database."""
        return self._source.name

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return self._source.tables()

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table``."""
        asked = self.asked.setdefault(table, set())
        for cells in self._source.rows(table, order_by):
            yield NotedCells(cells, asked)

    def count(self, table: str) -> int:
        """Return how many rows there are."""
        return self._source.count(table)

    def notices(self) -> tuple[Finding, ...]:
        """Return what is to be known of this database."""
        return self._source.notices()


def pages() -> dict[Path, str]:
    """Return the page of each language."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "practice.sqlite"
        build_sqlite((SAMPLE / "opendental.sql").read_text(encoding="utf-8"), path)
        with SqliteSource(path) as source:
            noted = NotedSource(source)
            items = list(read(noted, images=SAMPLE / "images", practice_key=None, time_zone="Europe/Paris"))
            becomes = _becomes(items)
            return {
                page: "\n".join(_page(noted, becomes, language)) + "\n" for language, page in PAGES.items()
            }


def _say(name: str, language: str) -> str:
    text: str = getattr(WORDS[name], language)
    return text


def _heading(name: str, language: str) -> Iterator[str]:
    yield from (f"## {_say(name, language)}", "")


def _becomes(items: list[Any]) -> dict[str, list[str]]:
    """Return the kinds of record that the rows of each table went into, in the order of their first row."""
    kinds = {item.id: item.kind for item in items if isinstance(item, Record)}
    found: dict[str, dict[str, None]] = {}
    for row in (item for item in items if isinstance(item, SourceRow)):
        kinds_of_table = found.setdefault(row.table, {})
        kinds_of_table.update(dict.fromkeys(kinds[record] for record in row.records if record in kinds))
    return {table: list(kinds_of_table) for table, kinds_of_table in found.items()}


def _page(source: NotedSource, becomes: Mapping[str, list[str]], language: str) -> Iterator[str]:
    yield HEADS[language]
    yield from _heading("tables", language)
    yield _say("tables head", language)
    understood = set()
    for reading in plan.readings(Papers(None)):
        yield _row(reading.table, _row_sentence(reading.read), source, becomes, language)
        understood.add(reading.table)
        for child in reading.children:
            beside = _say("beside", language).format(reading.table, child.column)
            yield _row(child.table, beside, source, becomes, language)
            understood.add(child.table)
    yield from ("", _say("records", language), "")
    yield from _practice(source, becomes, language)
    yield from _names(language)
    yield from _rest(becomes, understood, language)
    yield from _whose(language)
    yield from _left(language)


def _row(
    table: str, sentence: str, source: NotedSource, becomes: Mapping[str, list[str]], language: str
) -> str:
    """Return the row of one table; what is read of it is said in English, by the code."""
    records = ", ".join(f"`{kind}`" for kind in becomes.get(table, ()))
    columns = ", ".join(sorted(source.asked.get(table, ())))
    about = (sentence,) if language == "en" else ()
    return f"| {' | '.join((f'`{table}`', records or '–', *about, columns or '–'))} |"


def _row_sentence(function: Any) -> str:
    text = inspect.cleandoc(function.__doc__ or type(function).__call__.__doc__ or "")
    sentence = text.split("\n\n", 1)[0].replace("\n", " ").replace("``", "`")
    return sentence.removeprefix("Read ").split(": ", 1)[-1].rstrip(".")


def _practice(source: NotedSource, becomes: Mapping[str, list[str]], language: str) -> Iterator[str]:
    yield from _heading("practice", language)
    yield from (_say("practice about", language), "")
    yield ", ".join(f"`{table}`" for table in plan.PRACTICE_TABLES) + "."
    yield ""
    looked = sorted(table for table in source.asked if table in plan.PRACTICE_TABLES and source.asked[table])
    yield _say("practice head", language)
    yield "|---|---|---|"
    for table in looked:
        records = ", ".join(f"`{kind}`" for kind in becomes.get(table, ()))
        yield f"| `{table}` | {records} | {', '.join(sorted(source.asked[table]))} |"
    yield ""


def _names(language: str) -> Iterator[str]:
    yield from _heading("fields", language)
    yield from (_say("fields about", language), "")
    yield f"- {_say('patfield', language)} " + ", ".join(f"`{name}`" for name in sorted(UNDERSTOOD)) + "."
    yield f"- {_say('sheetfield', language)} " + ", ".join(f"`{name}`" for name in DEVICE_FIELDS) + "."
    yield from ("", _say("fields numbered", language), "")


def _rest(becomes: Mapping[str, list[str]], understood: set[str], language: str) -> Iterator[str]:
    rest = sorted(becomes.keys() - understood - set(plan.PRACTICE_TABLES))
    yield from _heading("rest", language)
    yield f"{_say('rest about', language)} " + ", ".join(f"`{table}`" for table in rest) + "."
    yield ""


def _whose(language: str) -> Iterator[str]:
    yield from _heading("whose", language)
    aliases = ", ".join(f"`{name}`" for name in ALIASES)
    yield f"1. {_say('whose number', language)} `{PATIENT_NUMBER}…`, {aliases}."
    yield f"2. {_say('whose key', language)}"
    yield f"3. {_say('whose switch', language)}"
    yield ""
    yield f"   {_say('whose head', language)}"
    yield "   |---|---|---|---|"
    for table, switches in sorted(SWITCHES.items()):
        for one in switches:
            yield f"   | `{table}` | `{one.key}` | `{one.column}` = {one.value} | `{one.table}` |"
    yield ""
    several = "; ".join(f"`{table}` ({', '.join(names)})" for table, names in sorted(SUBJECTS.items()))
    yield f"{_say('whose several', language)} {several}."
    yield ""


def _left(language: str) -> Iterator[str]:
    yield from _heading("left", language)
    redacted = redacted_columns(SourceTable(name="any", columns=(*CREDENTIALS, "LName")))
    columns = ", ".join(f"`{name}`" for name in CREDENTIALS if name in redacted)
    yield f"- {_say('left columns', language)} {columns}."
    secret = [name for name in SETTINGS if is_secret_setting({"PrefName": name, "ValueString": "x"})]
    yield f"- {_say('left settings', language)} " + ", ".join(f"`{name}`" for name in secret) + "."
    for table, only in sorted(ONLY.items()):
        names = ", ".join(f"`{name}`" for name in sorted(only))
        yield f"- {_say('left others', language).format(table)} {names}."


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check(pages()))
