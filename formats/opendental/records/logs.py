"""Calls and letters (`commlog`), warnings (`popup`), the access log (`securitylog`)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.care import Note, NoteKind
from formats.model.provenance import AccessEvent
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.opendental.permissions import permission


def call(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``commlog``: a call, a letter, a conversation."""
    row = joined.row
    practitioner, author = context.author(row)
    yield Note(
        id=context.id("commlog", row.key),
        patient=context.patient(joined.patient),
        note=NoteKind.COMMUNICATION,
        text=row.text("Note"),
        written_at=row.moment("CommDateTime"),
        practitioner=practitioner,
        author=author,
        signed=bool(row.text("Signature")),
    )


def popup(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``popup``: a warning the software shows when the dossier is opened."""
    row = joined.row
    practitioner, author = context.author(row)
    yield Note(
        id=context.id("popup", row.key),
        patient=context.patient(joined.patient),
        note=NoteKind.ADMINISTRATIVE,
        text=row.text("Description"),
        written_at=row.moment("DateTimeEntry"),
        practitioner=practitioner,
        author=author,
    )


def access(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``securitylog``: who opened or changed the dossier."""
    row = joined.row
    _, actor = context.author(row)
    yield AccessEvent(
        id=context.id("securitylog", row.key),
        patient=context.patient(joined.patient),
        happened_at=row.moment("LogDateTime"),
        actor=actor,
        action=permission(row.number("PermType")),
        detail=row.text("LogText"),
        device=row.text("CompName"),
    )
