"""What CI-SIS wants of a document and a dossier does not know; such a document is written all the same."""

from __future__ import annotations

from collections.abc import Iterator

from formats.cda.writer.header import Issue, author_of
from formats.cda.writer.people import has_national_number, national_id
from formats.findings import Finding, Severity
from formats.mapping.ins import ins_findings
from formats.model.dossier import Dossier
from formats.words import mark

_PRACTICE = mark(
    "The practice has neither a FINESS nor a SIRET number, one of which a French clinical document must name: add it, "
    "or a strict recipient refuses the document."
)
_AUTHOR = mark(
    "Nobody with an RPPS or ADELI number answers for the document: name a practitioner who has one as its author."
)
_TRAITS = mark(
    "The family name, the given name or the birth date of the patient is not known, which a French clinical "
    "document must state: a strict recipient refuses it."
)


def lacking_facts(dossier: Dossier, issue: Issue) -> Iterator[Finding]:
    """Yield a finding for everything that a strict recipient will refuse a document of ``dossier`` for."""
    traits = dossier.patient.traits
    family = traits.birth_family_name.strip() or traits.used_family_name.strip()
    given = any(name.strip() for name in (*traits.birth_given_names, traits.used_given_name))
    author = author_of(dossier, issue)
    if national_id(dossier.practice) is None:
        yield _finding(dossier.practice.name, "cda-practice-number", _PRACTICE)
    if author is None or not has_national_number(author, dossier.practice):
        yield _finding(dossier.patient.id, "cda-author-number", _AUTHOR)
    if not (family and given and traits.birth_date):
        yield _finding(dossier.patient.id, "cda-traits", _TRAITS)
    yield from ins_findings(dossier.patient)


def _finding(where: str, code: str, sentence: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, where=where, sentence=sentence)
