"""What the entries of one document share: identities, who recorded something when, comments, statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from formats.cda.codes import COMMENT, LOINC, SNOMED, STATUS_OBSERVATION
from formats.cda.writer.people import name_element, professional_id, professional_ids
from formats.cda.writer.values import (
    CdaCode,
    Cell,
    code_element,
    entry_uuid,
    id_element,
    null_element,
    templates,
    text_lines,
    text_reference,
    time_element,
    time_stamp,
)
from formats.model.dates import AnyMoment
from formats.model.dossier import Dossier
from formats.model.health import HealthStatus
from formats.model.people import Practitioner
from formats.xml_markup import NOTHING, Markup, element, join_markup

PCC = "1.3.6.1.4.1.19376.1.5.3.1"
"""Templates of IHE Patient Care Coordination begin so."""
CCD = "2.16.840.1.113883.10.20.1"
FR = "1.2.250.1.213.1.1"
"""Templates of CI-SIS begin so."""
_COMMENT = (f"{CCD}.40", f"{PCC}.4.2", f"{FR}.3.32")
_PROBLEM_STATUS = (f"{CCD}.50", f"{CCD}.57", f"{PCC}.4.1.1", f"{FR}.3.30")
_CCD_STATUS = (f"{CCD}.57",)
"""A status of which the French volumes have no value set (HL7 CCD, 3.5.4.3)."""
COMPLETED = element("statusCode", code="completed")
STATUS_LABELS: Mapping[HealthStatus, str] = {
    HealthStatus.ACTIVE: "Actif",
    HealthStatus.INACTIVE: "Inactif",
    HealthStatus.RESOLVED: "Résolu",
}
_SNOMED_STATUSES: Mapping[HealthStatus, str] = {
    HealthStatus.ACTIVE: "55561003",
    HealthStatus.INACTIVE: "73425007",
    HealthStatus.RESOLVED: "413322009",
}


@dataclass(frozen=True)
class EntryContext:
    """The dossier whose records become entries, and how they are told apart."""

    dossier: Dossier

    @cached_property
    def _practitioners(self) -> dict[str, Practitioner]:
        return {one.id: one for one in self.dossier.practitioners}

    def practitioner(self, identity_of: str | None) -> Practitioner | None:
        """Return a practitioner of the dossier."""
        return self._practitioners.get(identity_of or "")

    def shown_practitioner(self, identity_of: str | None) -> str:
        """Return the name of a practitioner as a person reads it."""
        one = self.practitioner(identity_of)
        return " ".join(filter(None, (one.given_name, one.family_name))) if one else ""

    def made_id(self, *parts: str) -> Markup:
        """Return the identifier of an entry that no record has."""
        return id_element(entry_uuid(self.dossier.practice.id, "entry", self.dossier.patient.id, *parts))

    def author(self, practitioner: str | None, at: AnyMoment | None) -> Markup:
        """Return who recorded a statement and when, or that nobody knows: it is not said of the document's author."""
        return element(
            "author",
            time_element("time", time_stamp(at) if at else ""),
            element("assignedAuthor", *self._assigned(practitioner)),
        )

    def performer(self, practitioner: str | None, *, elsewhere: bool = False) -> Markup:
        """Return who did something, or that nobody knows; ``elsewhere``: for another organisation than this one."""
        other = element("representedOrganization", null_element("id", "OTH")) if elsewhere else NOTHING
        return element("performer", element("assignedEntity", *self._assigned(practitioner), other))

    def _assigned(self, practitioner: str | None) -> Iterator[Markup]:
        one = self.practitioner(practitioner)
        if one is None:
            yield null_element("id")
            return
        yield professional_id(*professional_ids(one, self.dossier.practice)[0])
        yield null_element("addr", "NAV")
        yield null_element("telecom", "NAV")
        yield element("assignedPerson", name_element(one.family_name, one.given_name, one.title))


def comments(text: str, place: str) -> Markup:
    """Return a comment for each line of ``text``, which lies in the narrative as ``comment_cell`` puts it there."""
    acts = (
        element(
            "act",
            templates(*_COMMENT),
            code_element("code", CdaCode(oid=LOINC, code=COMMENT, label="Commentaire")),
            text_reference(f"{place}-c{number}"),
            COMPLETED,
            classCode="ACT",
            moodCode="EVN",
        )
        for number, _ in enumerate(text_lines(text), 1)
    )
    return join_markup(
        element("entryRelationship", act, typeCode="SUBJ", inversionInd="true") for act in acts
    )


def comment_cell(text: str, place: str) -> Cell:
    """Return the cell with the lines of a comment."""
    return Cell(tuple((line, f"{place}-c{number}") for number, line in enumerate(text_lines(text), 1)))


def status_cell(status: HealthStatus, place: str) -> Cell:
    """Return the cell with a status."""
    return Cell.of(STATUS_LABELS.get(status, "Non précisé"), f"{place}-s")


def problem_status(status: HealthStatus, place: str, value_set: str) -> Markup:
    """Return the clinical status of a problem or an allergy: a code of ``value_set``, or that it is unknown."""
    known = status in STATUS_LABELS
    value = NOTHING
    if known:
        code = CdaCode(oid=value_set, code=status.value, label=STATUS_LABELS[status])
        value = code_element("value", code, xsi_type="CE")
    return _status(_PROBLEM_STATUS if known else _CCD_STATUS, value, place)


def medication_status(status: HealthStatus, place: str) -> Markup:
    """Return the status of a treatment (HL7 CCD, 3.9.2.4), which the French volume leaves out."""
    value = NOTHING
    if status in _SNOMED_STATUSES:
        code = CdaCode(oid=SNOMED, code=_SNOMED_STATUSES[status], label=STATUS_LABELS[status])
        value = code_element("value", code, xsi_type="CE")
    return _status((f"{CCD}.47",), value, place)


def _status(roots: tuple[str, ...], value: Markup, place: str) -> Markup:
    observed = element(
        "observation",
        templates(*roots),
        code_element("code", CdaCode(oid=LOINC, code=STATUS_OBSERVATION, label="Statut")),
        text_reference(f"{place}-s"),
        COMPLETED,
        value or null_element("value", xsi_type="CE"),
        classCode="OBS",
        moodCode="EVN",
    )
    return element("entryRelationship", observed, typeCode="REFR", inversionInd="false")
