"""The national health identity (INS) as it may leave: of a qualified identity alone, with all traits that belong to it.

RNIV (ANS, référentiel national d'identitovigilance, volume 1): health data are exchanged under the INS only where the
identity has the status *identité qualifiée*; of any other the number and its OID are not passed on as an INS.
CI-SIS, *Structuration minimale*: the INS goes with the strict traits.
"""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Finding, Severity
from formats.model.identity import Identifier, IdentifierType, InsStatus, Sex, Traits
from formats.model.people import Patient
from formats.words import mark

NOT_QUALIFIED = mark(
    "The INS of this patient is not that of a qualified identity (RNIV), or a strict trait is not known: it is not "
    "passed on as an INS, and the number of the practice stands in its place. The dossier keeps it with its status."
)


def has_strict_traits(traits: Traits) -> bool:
    """Tell whether all traits are known without which no INS may travel."""
    return bool(
        traits.birth_family_name.strip()
        and any(name.strip() for name in traits.birth_given_names)
        and traits.birth_date
        and traits.birth_place.strip()
        and traits.sex in {Sex.MALE, Sex.FEMALE}
    )


def travelling_ins(patient: Patient) -> Iterator[Identifier]:
    """Yield the INS of a patient where it may leave as one."""
    if patient.ins_status is InsStatus.QUALIFIED and has_strict_traits(patient.traits):
        yield from _known_ins(patient)


def ins_findings(patient: Patient) -> Iterator[Finding]:
    """Yield a finding where a patient has an INS that may not leave as one."""
    if any(_known_ins(patient)) and not any(travelling_ins(patient)):
        yield Finding(
            severity=Severity.WARNING, code="ins-not-qualified", where=patient.id, sentence=NOT_QUALIFIED
        )


def _known_ins(patient: Patient) -> Iterator[Identifier]:
    """Yield what stands for an INS, under whichever OID; the billing NIR shares that of the INS, and is never one."""
    for one in patient.identifiers:
        if one.type is IdentifierType.INS and one.value.strip():
            yield one
