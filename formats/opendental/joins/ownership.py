"""Which rows of a database belong to whom: every way a row carries a patient.

The ways are found in the database itself, so that a table of a version
nobody has seen yet is followed too:

1. a column of patient numbers: ``PatNum``, any name beginning with it
   (``PatNumTo`` …), and the few other names Open Dental uses for one;
2. a column named like the key of a table that carries patients
   (``ClaimNum`` in ``claimattach``): the row is that row's child, however deep;
3. a key that is also the key of such a table (``files`` beside ``document``);
4. a column whose meaning another column decides (``task.KeyNum``).

A row that names several patients belongs to its *subject*: the first filled
column in the order of ``OwnershipKeys.patients``. A row that names none itself takes
the subject of the first parent that has one, even in a table that has a
column of patients (an insurer's message about a claim, without ``PatNum``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from formats.databases.owners import Owners, key_number
from formats.databases.tables import SourceTable, Value

PATIENT = "patient"
PATIENT_NUMBER = "PatNum"
ALIASES = ("Subscriber", "Guarantor", "ResponsParty", "SuperFamily")
"""Other names of columns that hold a patient number."""

SUBJECTS = {
    "patientlink": ("PatNumFrom", "PatNumTo"),
    "guardian": ("PatNumChild", "PatNumGuardian"),
    "custrefentry": ("PatNumCust", "PatNumRef"),
    "emailmessage": ("PatNum", "PatNumSubj"),
}
"""Whom a row is about where ``PatNum`` does not say it: the merged one, the child, the customer, …"""

KEY_ALIASES = {"ApptNum": "AptNum"}
"""Columns that hold the key of another table under another name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """A column that points to ``table`` where ``column`` holds ``value``."""

    key: str
    column: str
    value: str
    table: str


SWITCHES: Mapping[str, tuple[Switch, ...]] = {
    **{
        name: (
            Switch(key="KeyNum", column="ObjectType", value="1", table=PATIENT),
            Switch(key="KeyNum", column="ObjectType", value="2", table="appointment"),
        )
        for name in ("task", "taskhist")
    },
    **{
        name: (Switch(key="FKey", column="VerifyType", value="2", table="patplan"),)
        for name in ("insverify", "insverifyhist")
    },
    "inseditpatlog": (
        Switch(key="FKey", column="LogType", value="0", table="patplan"),
        Switch(key="FKey", column="LogType", value="1", table="inssub"),
        Switch(key="FKey", column="LogType", value="2", table="claimproc"),
    ),
    "securitylog": (Switch(key="FKey", column="PermType", value="75", table=PATIENT),),
    "userweb": (Switch(key="FKey", column="FKeyType", value="1", table=PATIENT),),
    "oidexternal": (Switch(key="IDInternal", column="IDType", value="Patient", table=PATIENT),),
}
"""Tables where another column decides what a key points to; in the access log, the patient portal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnershipKeys:
    """How the rows of one table carry a patient: own columns, parents (column, table), switched keys."""

    table: str
    patients: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    switches: tuple[Switch, ...] = ()

    def points_to(self) -> frozenset[str]:
        """Return the tables whose owners must be known before this one is read, patients apart."""
        switched = (switch.table for switch in self.switches)
        return frozenset((*(table for _, table in self.parents), *switched)) - {PATIENT, self.table}


def ownership_closure(tables: Mapping[str, SourceTable]) -> dict[str, OwnershipKeys]:
    """Return every table whose rows can carry a patient, parents before their children."""
    found = {name: direct for name, table in tables.items() if (direct := _direct(name, table))}
    while more := _children(tables, found):
        found |= more
    ownership_keys = {name: _with_parents(tables, found, name) for name in found}
    return {name: ownership_keys[name] for name in _in_order(ownership_keys)}


def patient_columns(ownership_keys: Mapping[str, OwnershipKeys]) -> frozenset[tuple[str, str]]:
    """Return every table and column that holds a patient number, some only where another column says so."""
    plain = {(name, column) for name, keys in ownership_keys.items() for column in keys.patients}
    switched = ((name, switch) for name, keys in ownership_keys.items() for switch in keys.switches)
    return frozenset(plain | {(name, switch.key) for name, switch in switched if switch.table == PATIENT})


def _direct(name: str, table: SourceTable) -> OwnershipKeys | None:
    columns = _patient_columns(name, table)
    switches = tuple(
        switch for switch in SWITCHES.get(name, ()) if {switch.key, switch.column} <= set(table.columns)
    )
    return OwnershipKeys(table=name, patients=columns, switches=switches) if columns or switches else None


def _patient_columns(name: str, table: SourceTable) -> tuple[str, ...]:
    first = (*SUBJECTS.get(name, ()), PATIENT_NUMBER)
    named = [column for column in first if column in table.columns]
    named += [column for column in table.columns if column.startswith(PATIENT_NUMBER)]
    named += [column for column in ALIASES if column in table.columns]
    return tuple(dict.fromkeys(named))


def _keys(tables: Mapping[str, SourceTable], found: Iterable[str]) -> dict[str, str]:
    """Return the tables that carry patients by the name of their key; of two, the first found."""
    keys: dict[str, str] = {}
    for name in found:
        key = tables[name].key
        if key and key != PATIENT_NUMBER:
            keys.setdefault(key, name)
    return keys


def _children(
    tables: Mapping[str, SourceTable], found: Mapping[str, OwnershipKeys]
) -> dict[str, OwnershipKeys]:
    keys = _keys(tables, found)
    others = (table for name, table in tables.items() if name not in found)
    return {
        table.name.lower(): OwnershipKeys(table=table.name.lower())
        for table in others
        if any(KEY_ALIASES.get(column, column) in keys for column in table.columns)
    }


def _with_parents(
    tables: Mapping[str, SourceTable], found: Mapping[str, OwnershipKeys], name: str
) -> OwnershipKeys:
    keys = _keys(tables, found)
    parents = (
        (column, keys[KEY_ALIASES.get(column, column)])
        for column in tables[name].columns
        if KEY_ALIASES.get(column, column) in keys
    )
    ownership = found[name]
    own = tuple((column, table) for column, table in parents if table != name)
    return OwnershipKeys(table=name, patients=ownership.patients, parents=own, switches=ownership.switches)


def _in_order(ownership_keys: Mapping[str, OwnershipKeys]) -> Iterator[str]:
    """Yield the tables so that each comes after those it points to; a circle is cut where it is met."""
    done: set[str] = set()

    def visit(name: str, above: frozenset[str]) -> Iterator[str]:
        if name in done or name in above or name not in ownership_keys:
            return
        for needed in sorted(ownership_keys[name].points_to()):
            yield from visit(needed, above | {name})
        if name not in done:
            done.add(name)
            yield name

    for name in (PATIENT, *sorted(ownership_keys)):
        yield from visit(name, frozenset())


@dataclass(frozen=True, kw_only=True, slots=True)
class Ownership:
    """To whom a row belongs, whom else it names, and whether it named anyone at all."""

    patient: int | None = None
    others: tuple[int, ...] = ()
    named: bool = False


def ownership_of(
    ownership_keys: OwnershipKeys, cells: Mapping[str, Value], owners: Mapping[str, Owners]
) -> Ownership:
    """Return to whom a row belongs; ``owners`` knows the rows of the tables read before, patients included.

    ``named`` without ``patient`` is a row that points to a patient, or to a
    row, that the database no longer has.
    """
    if len(ownership_keys.patients) == 1 and not ownership_keys.switches:  # most tables
        only = key_number(cells.get(ownership_keys.patients[0]))
        if only and PATIENT in owners and owners[PATIENT].get(only) == only:
            return Ownership(patient=only, named=True)
    own = [
        (PATIENT, number) for column in ownership_keys.patients if (number := key_number(cells.get(column)))
    ]
    if ownership_keys.switches:
        own += _switched(ownership_keys, cells)
    patient = _subject(own, owners)
    inherited: list[tuple[str, int]] = []
    if patient is None and ownership_keys.parents:
        inherited = [
            (table, number)
            for column, table in ownership_keys.parents
            if (number := key_number(cells.get(column)))
        ]
        patient = _subject(inherited, owners)
    if len(own) == 1 and own[0][1] == patient:
        return Ownership(patient=patient, named=True)
    others = dict.fromkeys(number for table, number in own if table == PATIENT and number != patient)
    named = bool(own) or bool(inherited and not ownership_keys.patients)
    return Ownership(patient=patient, others=tuple(others), named=named)


def _subject(named: Iterable[tuple[str, int]], owners: Mapping[str, Owners]) -> int | None:
    """Return the patient of the first of these rows (table, key) that has one."""
    for table, number in named:
        if table in owners and (found := owners[table].get(number)) is not None:
            return found
    return None


def _switched(ownership_keys: OwnershipKeys, cells: Mapping[str, Value]) -> Iterator[tuple[str, int]]:
    for switch in ownership_keys.switches:
        if str(cells.get(switch.column)) == switch.value and (number := key_number(cells.get(switch.key))):
            yield switch.table, number
