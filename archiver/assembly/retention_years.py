"""Which volume of one year a dossier belongs to.

A volume is of one year so that it can be destroyed whole when that year is over. What nobody
can tell the end of, or a hold keeps beyond it, would keep the others: it lies apart, last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from archiver.assembly.request import ExportContext
from archiver.compliance.retention import destroy_from
from archiver.scope.retention_period import retention_of


def by_year(course: ExportContext, patients: Sequence[str]) -> Sequence[str]:
    """Return ``patients`` year after year, in the given order within each; dossiers are read one by one."""
    years = {patient: retention_year(course, patient, _term(course, patient)) for patient in patients}
    return sorted(patients, key=lambda patient: (years[patient] is None, years[patient] or 0))


def _term(course: ExportContext, patient: str) -> date | None:
    return destroy_from(retention_of(course.store, course.store.dossier(patient), course.at.date()))


def retention_year(course: ExportContext, patient: str, term: date | None) -> int | None:
    """Return the year of the volume for the dossier of ``patient`` with ``term``, where volumes have one."""
    request = course.request
    if not request.by_retention_year or term is None or patient in request.on_hold:
        return None
    return term.year - 1
