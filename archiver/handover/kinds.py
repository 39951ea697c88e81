"""What people call the kinds of record that counts speak of."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.handover.errors import CountsDiffer
from formats.words import mark

KIND_WORDS = {
    "access_events": mark("access events"),
    "acts": mark("acts"),
    "added_cents": mark("sum of adjustments that add"),
    "adjustments": mark("adjustments"),
    "appointments": mark("appointments"),
    "chart_findings": mark("chart findings"),
    "consents": mark("consents"),
    "coverages": mark("coverages"),
    "credited_cents": mark("sum of credit notes"),
    "deducted_cents": mark("sum of adjustments that take away"),
    "documents": mark("documents"),
    "empty_files": mark("files without content"),
    "file_bytes": mark("bytes of files"),
    "files": mark("files"),
    "health_statements": mark("health statements"),
    "image_files": mark("pictures"),
    "image_studies": mark("imaging studies"),
    "invoiced_cents": mark("sum of invoices"),
    "invoices": mark("invoices"),
    "missing": mark("lines about missing content"),
    "notes": mark("notes"),
    "paid_cents": mark("sum of payments"),
    "patients": mark("patients"),
    "payments": mark("payments"),
    "perio_exams": mark("periodontal exams"),
    "practice_rows": mark("source rows of the practice as a whole"),
    "practices": mark("practices"),
    "practitioners": mark("practitioners"),
    "prescriptions": mark("prescriptions"),
    "questionnaires": mark("questionnaires"),
    "quotes": mark("quotes"),
    "recalls": mark("recalls"),
    "refunded_cents": mark("sum of refunds"),
    "related_persons": mark("related persons"),
    "retention": mark("retention periods"),
    "roster": mark("patients on the roster"),
    "source_rows": mark("source rows"),
    "treatment_plans": mark("treatment plans"),
    "unread_amounts": mark("amounts that could not be read"),
    "without_file": mark("documents and pictures without their file"),
}


def kind_words(kind: str) -> str:
    """Return the words (a gettext sentence) for ``kind``; a kind of another program's stays as it is."""
    return KIND_WORDS.get(kind, kind)


def require_counts(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Compare two counts by kind; a kind that is not named counts nothing.

    Raises:
        CountsDiffer: for the first kind, by its name, of which there are more or fewer.
    """
    for kind in sorted(expected.keys() | found.keys()):
        if expected.get(kind, 0) != found.get(kind, 0):
            raise CountsDiffer(
                kind=kind_words(kind), expected=expected.get(kind, 0), found=found.get(kind, 0)
            )
