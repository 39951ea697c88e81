"""Number under which a practice knows a patient (``LOCAL``): the key of the row where a mapping names no other."""

from __future__ import annotations

from formats.model.identity import Identifier, IdentifierType
from formats.sources.mapped.language.declarations import Column, RecordDeclaration, Scalar, Several, Value
from formats.sources.mapped.rows.choices import Read
from formats.sources.mapped.rows.compile_values import ValueCompiler
from formats.sources.mapped.rows.row import MappedRow

IDENTIFIERS = "identifiers"
"""The field of a patient."""


def names_number(record: RecordDeclaration) -> bool:
    """Tell whether ``record``, a patient, may have an identifier of the type ``LOCAL`` from the mapping.

    One whose row lacks it gets no other: two series of numbers in one list are taken for one another.
    """
    return _may_be_number(record.fields.get(IDENTIFIERS))


def _may_be_number(value: Value | None) -> bool:
    if isinstance(value, Several):
        return any(map(_may_be_number, value.values))
    kind = None if value is None or isinstance(value, Scalar) else value.fields.get("type")
    if not isinstance(kind, Scalar):
        return False
    words = [kind.constant, *kind.options.get("codes", {}).values(), kind.options.get("otherwise")]
    known = [word for word in words if word is not None]
    return IdentifierType.LOCAL.value in known or not known


def with_key_as_number(values: ValueCompiler, others: Read | None) -> Read:
    """Return the reader of a patient's identifiers: the key of the row, as it is written, before the ``others``."""
    parts = [values.text(Column(name)) for name in values.table.key]
    system = f"urn:uuid:{values.found.practice}"

    def read(row: MappedRow) -> tuple[Identifier, ...]:
        written = [part(row) for part in parts]
        rest = (others(row) if others else None) or ()
        if not all(written):
            return tuple(rest)
        return Identifier(type=IdentifierType.LOCAL, system=system, value="/".join(written)), *rest

    return read
