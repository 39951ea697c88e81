"""Names of code systems and of systems of identifiers, which the model names by a URI or an OID."""

from __future__ import annotations

import re
from collections.abc import Mapping

from formats.model.care import CCAM_SYSTEM
from formats.model.devices import EMDN_SYSTEM
from formats.model.identity import INS_DEMO_OID, INS_NIA_OID, INS_NIR_OID, INS_TEST_OID, RPPS_SYSTEM
from formats.model.observations import LOINC_SYSTEM
from formats.words import Words

PROGRAMS: Mapping[str, str] = {"opendental": "Open Dental", "openmolar": "OpenMolar"}
"""What programs are called whose name stands in a URI."""
_NAMED: Mapping[str, Words] = {
    CCAM_SYSTEM: Words("CCAM", "CCAM"),
    "http://snomed.info/sct": Words("SNOMED CT", "SNOMED CT"),
    LOINC_SYSTEM: Words("LOINC", "LOINC"),
    "http://hl7.org/fhir/sid/icd-10": Words("CIM-10", "ICD-10"),
    "http://hl7.org/fhir/sid/icd-10-cm": Words("CIM-10-CM", "ICD-10-CM"),
    "http://hl7.org/fhir/sid/icd-9-cm": Words("CIM-9-CM", "ICD-9-CM"),
    "http://id.who.int/icd/release/11/mms": Words("CIM-11", "ICD-11"),
    "http://hl7.org/fhir/sid/icpc-2": Words("CISP-2", "ICPC-2"),
    "http://www.whocc.no/atc": Words("ATC", "ATC"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": Words("RxNorm", "RxNorm"),
    "http://hl7.org/fhir/sid/ndc": Words("NDC", "NDC"),
    "http://hl7.org/fhir/sid/cvx": Words("CVX", "CVX"),
    "http://www.ada.org/cdt": Words("CDT", "CDT"),
    "http://unitsofmeasure.org": Words("UCUM", "UCUM"),
    EMDN_SYSTEM: Words("EMDN", "EMDN"),
    "1.2.250.1.213.2.3.1": Words("CIS", "CIS"),
    "1.2.250.1.213.2.3.2": Words("CIP", "CIP"),
    "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips": Words(
        "absent ou inconnu (IPS)", "absent or unknown (IPS)"
    ),
    INS_NIR_OID: Words("NIR", "NIR"),
    INS_NIA_OID: Words("NIA", "NIA"),
    INS_TEST_OID: Words("matricule de test", "test number"),
    INS_DEMO_OID: Words("matricule de démonstration", "demonstration number"),
    RPPS_SYSTEM: Words("RPPS", "RPPS"),
    "1.2.250.1.71.4.2.1": Words(
        "identifiant national du professionnel", "national number of the professional"
    ),
    "1.2.250.1.71.4.2.2": Words(
        "identifiant national de la structure", "national number of the organisation"
    ),
    "https://finess.esante.gouv.fr": Words("FINESS", "FINESS"),
    "http://finess.sante.gouv.fr": Words("FINESS", "FINESS"),
    "https://sirene.fr": Words("SIRENE", "SIRENE"),
}
_OF_PROGRAM = re.compile(r"urn:(?!uuid:|oid:)([A-Za-z0-9][A-Za-z0-9-]{1,31})((?::[^:\s]+)*)")
"""How a reader names what only one program gives (RFC 8141 §2)."""
_OF_PRACTICE = re.compile(r"urn:uuid:[0-9a-fA-F-]{36}")
_LISTS: Mapping[str, Words] = {
    "procedurecode": Words("actes du cabinet", "procedures of the practice"),
    "patfield": Words("champ libre du patient", "free field of the patient"),
    "provider": Words("praticiens", "providers"),
    "dossier": Words("dossiers", "dossiers"),
}
"""Lists of programs that have a name of their own."""


_OWN = Words("propre au cabinet", "of the practice itself")


def system_name(system: str) -> tuple[Words | str, ...]:
    """Return what ``system`` is called, in parts: its short name, or whose it is and which list of theirs.

    A part without words here is a text of the source.
    """
    plain = system.removeprefix("urn:oid:")
    if plain in _NAMED:
        return (_NAMED[plain],)
    if _OF_PRACTICE.fullmatch(system):
        return (_OWN,)
    if found := _OF_PROGRAM.fullmatch(system):
        program = PROGRAMS.get(found[1].lower(), found[1])
        return (program, *(_LISTS.get(one, one) for one in found[2].split(":")[1:]))
    return (f"OID {plain}",) if plain != system else (system,)
