"""Days, months, years and moments, mixed in one dossier, go from store to unit to store, and come out unchanged."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings, strategies as st

from archiver.practice.store import open_store
from formats.model.dates import AnyMoment
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.reading import FileBody
from tests.dossiers import MOMENTS, PARTIAL_DATES, full_dossier, hints
from tests.unit.pdlgc.bodies import make, with_files

WHOLE, BODIES = with_files(full_dossier())
PARIS = ZoneInfo("Europe/Paris")
FIELDS = {
    kind.kind: [one.name for one in fields(kind) if hints(kind)[one.name] == AnyMoment | None]
    for kind in PATIENT_KINDS
}
"""By kind, the fields that hold a moment, or a date where no time is known."""
MIDNIGHTS = st.dates(date(1900, 1, 1)).map(lambda day: datetime.combine(day, time(), UTC))
VALUES = st.one_of(
    st.none(),
    st.dates(),
    PARTIAL_DATES,
    MIDNIGHTS,
    MOMENTS.filter(lambda one: not (one.utcoffset() or timedelta()).microseconds),
)


@st.composite
def mixed(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Dossier:
    """Draw a dossier with every kind of record, in which every such field is as precise as it may be."""
    records = {
        kind: tuple(replace(one, **{name: draw(VALUES) for name in names}) for one in getattr(WHOLE, kind))
        for kind, names in FIELDS.items()
        if names
    }
    return replace(WHOLE, **records)


def stored(dossier: Dossier, folder: Path) -> Dossier:
    """Return what a new store has of ``dossier``."""
    with open_store(folder / "practice.db", create=True) as store:
        for digest, data in BODIES.items():
            named = next(one for one in dossier.attachments() if one.sha256 == digest)
            store.keep_file(FileBody(attachment=named, open=lambda data=data: io.BytesIO(data)))
        for record in (dossier.practice, *dossier.practitioners, dossier.patient, *dossier.records()):
            store.put(record)
        return store.dossier(dossier.patient.id)


@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(mixed())
def test_a_dossier_of_days_and_moments_goes_from_store_to_store(dossier: Dossier) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        first = stored(dossier, Path(one))
        archive = make(first, BODIES).read()
        second = stored(archive.dossier, Path(other))
    assert archive.findings == ()
    for kind, names in FIELDS.items():
        for name in names:
            sent = [getattr(each, name) for each in sorted(getattr(dossier, kind), key=lambda each: each.id)]
            for got in (first, archive.dossier, second):
                found = [getattr(each, name) for each in sorted(getattr(got, kind), key=lambda each: each.id)]
                assert found == sent
                assert [type(each) for each in found] == [type(each) for each in sent]


def test_the_fields_are_those_of_the_model() -> None:
    found = {f"{kind}.{name}" for kind, names in FIELDS.items() for name in names}
    assert len(found) == 15
    assert {"notes.written_at", "appointments.starts_at", "image_studies.studied_at"} < found
    assert not any(datetime | None in hints(kind).values() for kind in PATIENT_KINDS)
