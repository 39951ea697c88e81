"""A mapping proposed from names and contents, for a person to go through: it holds no value of any row."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from formats.databases.tables import SortedSource
from formats.errors import Fact, in_words
from formats.model.dictionary.kinds import KINDS as KIND_ENTRIES
from formats.sources.mapped.columns import credential_columns
from formats.sources.mapped.language.parse_values import UNDECIDED
from formats.sources.mapped.language.targets import KINDS as MADE, Form, targets_of
from formats.sources.mapped.proposal.known_names import (
    ADDRESS,
    CLOCK_COLUMNS,
    CONTACTS,
    DATES,
    KINDS,
    PATIENT_COLUMNS,
    PRACTITIONER_COLUMNS,
    STATES,
    KnownKind,
)
from formats.sources.mapped.proposal.suggestions import suggestions
from formats.sources.mapped.proposal.table_facts import ColumnFacts, TableFacts, table_facts
from formats.words import BilingualText, Counted, mark, plural

ALIKE = 0.9
"""Share of a column's values that are keys of patients, for it to be taken as the owner."""
ROWS = plural("{count} row", "{count} rows")
FILLED = mark("{column}: filled in {filled} of {rows}")
GO_THROUGH = mark(
    "Proposed from names and contents. Go through every line: none of it is known, all of it is likely."
)
NO_VALUE = mark("It holds no value of any row, and may be shared.")
AUTHOR = mark("to decide: your name")
DECIMAL = mark("the decimal sign of numbers written as text")
EMPTY = mark("values that mean: nothing entered")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SEXES = {
    frozenset("12"): '{ 1 = "M", 2 = "F" }',
    frozenset("HF"): '{ H = "M", F = "F" }',
    frozenset("MF"): '{ M = "M", F = "F" }',
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedMapping:
    """The text, and what it proposes: which table becomes which kind, which are left word for word."""

    text: str
    kinds: dict[str, str]
    undescribed: tuple[str, ...]

    @property
    def undecided(self) -> int:
        """Lines of which a person has to decide what is right; the mapping is refused until then."""
        return self.text.count(f'= "{UNDECIDED}"  #')


@dataclass(slots=True)
class _Proposal:
    tables: list[TableFacts]
    name: str
    translate: Callable[[str], str]
    patients: TableFacts | None = None
    practitioners: TableFacts | None = None
    kinds: dict[str, str] = field(default_factory=dict)

    def say(self, sentence: str, **facts: Fact) -> str:
        """Return a sentence in the language of whoever goes through the proposal."""
        return in_words(sentence, facts, self.translate)


def propose_mapping(
    source: SortedSource, *, name: str, software: str, translate: Callable[[str], str]
) -> ProposedMapping:
    """Return a mapping of ``source`` whose comments are in the language of ``translate``.

    Where a table of patients was found, its only faults are what a person has to decide.
    """
    tables = [one for one in table_facts(source) if one.rows]
    patients = max(tables, key=_likeness, default=None)
    if patients is not None and (not _likeness(patients) or patients.key is None):
        patients = None
    made = _Proposal(tables=tables, name=name, translate=translate, patients=patients)
    treating = [one for one in tables if one is not patients and _record(made, one)[0] == "practitioners"]
    made.practitioners = treating[0] if len(treating) == 1 else None
    parts = [*_head(made, software)]
    for table in tables:
        parts += _table(made, table)
    undescribed = tuple(one.table.name for one in tables if one.table.name not in made.kinds)
    return ProposedMapping(text="\n".join(parts) + "\n", kinds=made.kinds, undescribed=undescribed)


def _likeness(table: TableFacts) -> int:
    """Return how much a table looks like that of the patients; 0 where it cannot be."""
    needed = ("traits.birth_family_name", "traits.birth_given_names", "traits.birth_date")
    if not all(table.first(PATIENT_COLUMNS[one]) for one in needed):
        return 0
    return sum(table.first(names) is not None for names in PATIENT_COLUMNS.values())


def _head(made: _Proposal, software: str) -> Iterator[str]:
    patterns = Counter(
        pattern for one in made.tables for column in one.columns if (pattern := column.pattern())
    )
    yield f"# {made.say(GO_THROUGH)}\n# {made.say(NO_VALUE)}"
    yield f'\n[mapping]\nlanguage = 1\nname = {json.dumps(made.name)}\nversion = "0.1"'
    yield f'author = "{UNDECIDED}"  # {made.say(AUTHOR)}\nsoftware = {json.dumps(software, ensure_ascii=False)}'
    yield "\n[defaults]"
    if patterns:
        yield f"dates = {json.dumps([pattern for pattern, _ in patterns.most_common()])}"
    yield f'# decimal = ","  # {made.say(DECIMAL)}\n# empty = ["NR"]  # {made.say(EMPTY)}'
    if made.patients is not None and (key := made.patients.key):
        yield f"\n[source]\npatient_columns = {json.dumps([key.name], ensure_ascii=False)}"


def _table(made: _Proposal, table: TableFacts) -> Iterator[str]:
    name = table.table.name
    owner = None if table is made.patients else _owner(made, table)
    key = None if table.key is owner else table.key
    kind, lines, used = _record(made, table)
    yield f"\n[tables.{_toml_key(name)}]  # {made.say(ROWS, count=table.counted)}"
    yield f"key = {_quoted(key.name)}" if key else "# key = "
    if owner:
        yield f"owner = {_quoted(owner.name)}"
        used.add(owner.name)
    if secret := sorted(credential_columns(table.table)):
        yield f"credentials = {json.dumps(secret, ensure_ascii=False)}"
        used.update(secret)
    if kind:
        made.kinds[name] = kind
        called = made.say("{kind}", kind=BilingualText(KIND_ENTRIES[kind].one))
        yield f"\n[[tables.{_toml_key(name)}.records]]\nkind = {_quoted(kind)}  # {called}"
        yield f"[tables.{_toml_key(name)}.records.fields]"
        yield from lines
    rest = [one for one in table.columns if one.name not in used and one is not key]
    suggested = {column.name: one for column, one in suggestions(table, rest, made.tables)}
    for one in rest:
        comment = made.say(FILLED, column=one.name, filled=one.filled, rows=Counted(table.rows, ROWS))
        yield f"# {comment}"
        if one.name in suggested:
            sentence, facts = suggested[one.name]
            yield f"#   {made.say(sentence, **facts)}"


def _record(made: _Proposal, table: TableFacts) -> tuple[str, list[str], set[str]]:
    """Return the kind that a table is taken for, the lines of its fields, and the columns in them."""
    if table is made.patients:
        return "patients", *_patient(made, table)
    plain = "".join(letter for letter in table.table.name.upper() if letter.isalnum())
    for kind, known in KINDS.items():
        if any(plain.startswith(one) for one in known.tables):
            needs_owner = kind != "practitioners"
            if needs_owner and (made.patients is None or _owner(made, table) is None):
                return "", [], set()
            found = _fields(table, known)
            if all(one in found for one in known.needed) and table.key:
                values = {field: _value(kind, field, column) for field, column in found.items()}
                used = {column.name for column in found.values()}
                for field, column, value in _beside(made, kind, table, found):
                    values[field] = value
                    used.add(column.name)
                decide = [_to_decide(made, table, field, words) for field, words in known.decide.items()]
                return kind, [*decide, *(f"{field} = {value}" for field, value in values.items())], used
    return "", [], set()


def _value(kind: str, field: str, column: ColumnFacts) -> str:
    """Return the value of ``field`` from ``column``; of moments that all are at 0:00 the days are taken."""
    made: type = MADE[kind]
    target = targets_of(made).get(field)
    at_midnight = column.midnight_pattern() if target and target.form is Form.MOMENT else ""
    if not at_midnight:
        return _quoted(column.name)
    return f"{{ column = {_quoted(column.name)}, dates = {json.dumps([at_midnight, column.pattern()])} }}"


def _beside(
    made: _Proposal, kind: str, table: TableFacts, found: Mapping[str, ColumnFacts]
) -> Iterator[tuple[str, ColumnFacts, str]]:
    """Yield fields that more than a name tells: the clock beside a day, the practitioner; with column and value."""
    day = found.get("starts_at")
    clock = table.first(CLOCK_COLUMNS, beginning=True)
    dated = day and ("H" not in day.pattern() or day.midnight_pattern())
    if day and dated and clock and clock.is_clock():
        yield "starts_at", clock, f"{{ column = {_quoted(day.name)}, clock = {_quoted(clock.name)} }}"
    practitioner = _practitioner(made, table)
    if practitioner and kind != "practitioners":
        yield "practitioner", practitioner, _quoted(practitioner.name)


def _practitioner(made: _Proposal, table: TableFacts) -> ColumnFacts | None:
    """Return the column whose values are keys of practitioners, named like one."""
    key = made.practitioners.key if made.practitioners else None
    column = table.first(PRACTITIONER_COLUMNS, beginning=True)
    if key is None or column is None or not column.values:
        return None
    return column if len(column.values & key.values) >= len(column.values) / 2 else None


def _to_decide(made: _Proposal, table: TableFacts, field: str, words: Iterable[StrEnum]) -> str:
    """Return the line of a field that nothing tells: which word is right hangs on a column, or on the table."""
    states = [one.name for one in table.columns if one.plain.startswith(STATES)]
    listed = ", ".join(f'"={one.value}"' for one in words)
    comment = made.say(mark("to decide: one of {words}"), words=listed)
    if states:
        column = f"{{ column = {_quoted(states[0])}, codes = {{ … }} }}"
        comment = made.say(mark("to decide: {column}, or one of {words}"), column=column, words=listed)
    return f'{field} = "{UNDECIDED}"  # {comment}'


def _fields(table: TableFacts, known: KnownKind) -> dict[str, ColumnFacts]:
    found: dict[str, ColumnFacts] = {}
    for field_name, names in known.fields.items():
        dated = names[: len(DATES)] == DATES
        column = table.first(names, beginning=dated)
        if column is None or column in found.values() or (dated and not column.pattern()):
            continue
        found[field_name] = column
    return found


def _patient(made: _Proposal, table: TableFacts) -> tuple[list[str], set[str]]:
    lines: list[str] = []
    used: set[str] = set()
    for field_name, names in PATIENT_COLUMNS.items():
        column = table.first(names)
        if column is None or column.name in used:
            continue
        used.add(column.name)
        codes = _SEXES.get(frozenset(column.values)) if field_name == "traits.sex" else None
        value = f"{{ column = {_quoted(column.name)}, codes = {codes} }}" if codes else _quoted(column.name)
        lines.append(f"{field_name} = {value}")
    if table.key:
        number = (
            f'{{ type = "=LOCAL", system = "=urn:{made.name}:dossier", value = {_quoted(table.key.name)} }}'
        )
        lines.append(f"identifiers = [{number}]")
    attending = _practitioner(made, table)
    if attending:
        lines.append(f"attending = {_quoted(attending.name)}")
        used.add(attending.name)
    contacts = {kind: column for kind, names in CONTACTS.items() if (column := table.first(names))}
    if contacts:
        listed = ", ".join(
            f'{{ kind = "={kind}", value = {_quoted(one.name)} }}' for kind, one in contacts.items()
        )
        lines.append(f"contacts = [{listed}]")
        used |= {one.name for one in contacts.values()}
    address = {part: column for part, names in ADDRESS.items() if (column := table.first(names))}
    if address:
        parts = {part: _quoted(one.name) for part, one in address.items()}
        if "lines" in parts:
            parts["lines"] = f"[{parts['lines']}]"
        lines.append(f"addresses = [{{ {', '.join(f'{part} = {one}' for part, one in parts.items())} }}]")
        used |= {one.name for one in address.values()}
    return lines, used


def _owner(made: _Proposal, table: TableFacts) -> ColumnFacts | None:
    """Return the column whose values are keys of patients, named like their key or like a patient."""
    patients = made.patients
    key = patients.key if patients else None
    if patients is None or key is None:
        return None
    share = ALIKE if patients.rows == patients.counted else ALIKE / 2 * patients.rows / patients.counted
    named = [one for one in table.columns if one.plain == key.plain or "PAT" in one.plain]
    for one in named:
        known = sum(value in key.values for value in one.values)
        if one.values and known >= share * len(one.values):
            return one
    return None


def _toml_key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
