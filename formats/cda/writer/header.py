"""The header of a clinical document in the order of the schema, as the French minimal structure demands it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from formats.cda.codes import NAMESPACE, SDTC
from formats.cda.writer.kinds import DocumentKind
from formats.cda.writer.patient import record_target
from formats.cda.writer.people import (
    address_elements,
    custodian_element,
    has_national_number,
    name_element,
    professional_element,
    telecom_elements,
)
from formats.cda.writer.values import (
    CdaCode,
    code_element,
    entry_uuid,
    id_element,
    moment_stamp,
    null_element,
    templates,
    uuid_oid,
)
from formats.model.dossier import Dossier
from formats.model.people import Practice, Practitioner, RelatedPerson, Relation
from formats.xml_markup import DECLARATION, NOTHING, Markup, element, start_tag, text_element

LOINC_HISTORY = CdaCode(oid="2.16.840.1.113883.6.1", code="34117-2", label="Historique et clinique")
"""What a medical summary documents (CI-SIS, *Volet VSM*)."""
NORMAL = CdaCode(oid="2.16.840.1.113883.5.25", code="N", label="Normal")
OUTPATIENT = CdaCode(oid="2.16.840.1.113883.5.4", code="AMB", label="Ambulatoire (hors établissement)")
FACILITIES: Mapping[str, CdaCode] = {
    code: CdaCode(oid="1.2.250.1.71.4.2.4", code=code, label=label)
    for code, label in (
        ("SA05", "Centre de santé"),
        ("SA07", "Cabinet individuel"),
        ("SA08", "Cabinet de groupe"),
        ("SA09", "Exercice en société"),
    )
}
"""Kinds of practices (JDV_J02)."""
_COMPANIES = ("SEL", "SCP", "SCM", "SARL", "SAS", "SA ")
_INFORMANTS = {Relation.EMERGENCY: "ECON", Relation.FAMILY: "NOK", Relation.OTHER: "CON"}
"""classCode of a person around the patient; CI-SIS has none for who pays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """What a document is said to be when it is written: ``written_at`` (with a zone), a version, who answers for it.

    ``author`` is a practitioner of the dossier, else the one who attends the patient; ``replaces`` the OID of the
    document that this one takes the place of. ``service_at`` is when what is documented was done, as a time stamp;
    otherwise it is said to have been done when it is written.
    """

    written_at: datetime
    service_at: str = ""
    version: int = 1
    author: str | None = None
    replaces: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentFacts:
    """One document about to be written: ``key`` tells it from others of its kind in the dossier."""

    kind: DocumentKind
    title: str
    issue: Issue
    key: str = ""
    service: CdaCode | None = None
    service_at: str = ""

    @property
    def stamp(self) -> str:
        """When it is written, as a time stamp."""
        return moment_stamp(self.issue.written_at)

    def series(self, dossier: Dossier) -> str:
        """Return the OID of all versions of it."""
        return uuid_oid(self._uuid(dossier))

    def number(self, dossier: Dossier) -> str:
        """Return the OID of this version of it."""
        return uuid_oid(entry_uuid(self._uuid(dossier), str(self.issue.version), self.stamp))

    def _uuid(self, dossier: Dossier) -> str:
        return entry_uuid(dossier.practice.id, "cda", self.kind.type.code, dossier.patient.id, self.key)

    @property
    def service_stamp(self) -> str:
        """When what it documents was done: a time stamp."""
        return self.service_at or self.issue.service_at or self.stamp


def author_of(dossier: Dossier, issue: Issue) -> Practitioner | None:
    """Return who answers for a document; ``None`` where nobody is named, and the practice does."""
    wanted = issue.author or dossier.patient.attending
    return next((one for one in dossier.practitioners if one.id == wanted), None)


def facility(dossier: Dossier) -> CdaCode:
    """Return what kind of practice it is, by its legal form, else by who works there."""
    form = f"{dossier.practice.legal_form.strip().upper()} "
    if form.startswith(_COMPANIES):
        return FACILITIES["SA09"]
    if form.startswith("CENTRE DE SANT"):
        return FACILITIES["SA05"]
    persons = [one for one in dossier.practitioners if one.active and one.person]
    return FACILITIES["SA08" if len(persons) > 1 else "SA07"]


def document_start(dossier: Dossier, facts: DocumentFacts) -> Iterator[Markup]:
    """Yield the beginning of a document up to its body; ``DOCUMENT_END`` closes it."""
    practice, author = dossier.practice, author_of(dossier, facts.issue)
    stamp = element("time", value=facts.stamp)
    yield DECLARATION
    yield start_tag(
        "ClinicalDocument",
        {"xmlns": NAMESPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xmlns:sdtc": SDTC},
    )
    yield from _identification(dossier, facts)
    yield record_target(dossier)
    yield element("author", stamp, professional_element("assignedAuthor", author, practice, every_id=True))
    for one in dossier.related_persons:
        if one.relation in _INFORMANTS:
            yield _informant(one)
    yield element("custodian", element("assignedCustodian", custodian_element(practice)))
    yield element(
        "legalAuthenticator",
        stamp,
        element("signatureCode", code="S"),
        professional_element("assignedEntity", author, practice),
    )
    yield _attending_physician()
    yield from _what_is_documented(dossier, facts, author)
    yield Markup("\n<component>")


DOCUMENT_END = Markup("</component>\n</ClinicalDocument>\n")


def _identification(dossier: Dossier, facts: DocumentFacts) -> Iterator[Markup]:
    yield element("realmCode", code="FR")
    yield element("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    yield templates(*facts.kind.templates)
    yield id_element(facts.number(dossier))
    yield code_element("code", facts.kind.type)
    yield text_element("title", facts.title) or text_element("title", facts.kind.type.label)
    yield element("effectiveTime", value=facts.stamp)
    yield code_element("confidentialityCode", NORMAL)
    yield element("languageCode", code="fr-FR")
    yield element("setId", root=facts.series(dossier))
    yield element("versionNumber", value=str(facts.issue.version))


def _informant(one: RelatedPerson) -> Markup:
    return element(
        "informant",
        element(
            "relatedEntity",
            address_elements(one.addresses),
            telecom_elements(one.contacts),
            element("relatedPerson", name_element(one.family_name, one.given_name)),
            classCode=_INFORMANTS[one.relation],
        ),
    )


def _attending_physician() -> Markup:
    """Return the *médecin traitant*, whom the volume demands and a dental dossier does not know."""
    function = CdaCode(oid="2.16.840.1.113883.5.88", code="PCP", label="Médecin Traitant")
    return element(
        "participant",
        code_element("functionCode", function),
        null_element("time"),
        element("associatedEntity", classCode="PROV"),
        typeCode="INF",
    )


def _responsible(author: Practitioner | None, practice: Practice) -> Markup:
    """Return who is responsible for the care: somebody with a national number, or nobody is named."""
    if author is None or not has_national_number(author, practice):
        return NOTHING
    return element("responsibleParty", professional_element("assignedEntity", author, practice))


def _what_is_documented(
    dossier: Dossier, facts: DocumentFacts, author: Practitioner | None
) -> Iterator[Markup]:
    practice = dossier.practice
    done = element("low", value=facts.service_stamp)
    yield element(
        "documentationOf",
        element(
            "serviceEvent",
            code_element("code", facts.service or facts.kind.type),
            element("effectiveTime", done),
            element(
                "performer",
                professional_element("assignedEntity", author, practice),
                typeCode="PRF",
            ),
        ),
    )
    if facts.issue.replaces:
        replaced = element("parentDocument", id_element(facts.issue.replaces))
        yield element("relatedDocument", replaced, typeCode="RPLC")
    yield element(
        "componentOf",
        element(
            "encompassingEncounter",
            code_element("code", OUTPATIENT),
            element("effectiveTime", done),
            _responsible(author, practice),
            element(
                "location",
                element(
                    "healthCareFacility",
                    code_element("code", facility(dossier)),
                    element("location", text_element("name", practice.name))
                    if practice.name.strip()
                    else NOTHING,
                ),
            ),
        ),
    )
