"""The corpus: archives that conform, and archives with one flaw each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tests.vectors.generator.pdlgc import flawed_clinical, flawed_metadata, flawed_statements, flawed_tree
from tests.vectors.generator.pdlgc.archive import Plan
from tests.vectors.generator.pdlgc.flaw import ArchiveFlaw, without
from tests.vectors.generator.pdlgc.people import INSURED, PATIENTS

GOOD: Mapping[str, Plan] = {
    "two patients of the practice": Plan(),
    "everything": Plan(kind="MASSIF"),
    "one patient, nothing beside": Plan(kind="UNITAIRE", patients=PATIENTS[:1]),
    "a patient with an INS of tests": Plan(patients=(INSURED,)),
}
"""Archives that conform; the last one leaves remarks that the INS is one of tests."""
TOLERATED: Mapping[str, Plan] = {
    "no transverse archive of one patient": Plan(
        kind="UNITAIRE", patients=PATIENTS[:1], root=without("TRANSVERSE.ZIP")
    ),
}
"""Archives that conform by one of two readings of the guide."""


@cache
def flaws() -> tuple[ArchiveFlaw, ...]:
    """Return every flaw."""
    return (
        *flawed_tree.cases(),
        *flawed_statements.cases(),
        *flawed_metadata.cases(),
        *flawed_clinical.cases(),
    )
