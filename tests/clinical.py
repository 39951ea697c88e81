"""Clinical documents of fictive people, made piece by piece; nothing of them is copied from anybody's samples."""

from __future__ import annotations

import base64

INS, INS_OID = "261029935423442", "1.2.250.1.213.1.4.10"
ABSENT = "2.16.840.1.113883.5.1150.1"
LOINC, SNOMED, ICD10 = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.3"
SYSTEMS = {"absent": ABSENT, "loinc": LOINC, "snomed": SNOMED, "icd10": ICD10, "ccam": "1.2.250.1.215.300.1"}
PDF = b"%PDF-1.7\n% a letter of fictive people\n%%EOF\n"


def coded(
    name: str, system: str = "", code: str = "", label: str = "", *, more: str = "", inside: str = ""
) -> str:
    """Return a coded element; without ``system`` it has no code."""
    kind = ' xsi:type="CD"' if name == "value" else ""
    known = f' code="{code}" codeSystem="{SYSTEMS.get(system, system)}"' if system else ""
    shown = f' displayName="{label}"' if label else ""
    return f"<{name}{kind}{known}{shown}{more}>{inside}</{name}>"


def observation(value: str, *, code: str = "", negated: str = "", inside: str = "", when: str = "") -> str:
    """Return an observation; ``code`` is a whole element."""
    moment = f'<effectiveTime><low value="{when}"/></effectiveTime>' if when else ""
    negation = f' negationInd="{negated}"' if negated else ""
    return (
        f'<observation classCode="OBS" moodCode="EVN"{negation}>{code}<statusCode code="completed"/>'
        f"{moment}{value}{inside}</observation>"
    )


def concern(*observations: str, status: str = "active") -> str:
    """Return an entry with a concern act about ``observations``."""
    related = "".join(f'<entryRelationship typeCode="SUBJ">{one}</entryRelationship>' for one in observations)
    return (
        f'<entry><act classCode="ACT" moodCode="EVN"><id root="1.2.3" extension="c"/><code nullFlavor="NA"/>'
        f'<statusCode code="{status}"/>{related}</act></entry>'
    )


def agent(code: str, label: str) -> str:
    """Return the participant that somebody is allergic to."""
    entity = coded("code", "1.2.250.1.213.2.3.1", code, label)
    return (
        '<participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">'
        f"{entity}</playingEntity></participantRole></participant>"
    )


def section(code: str, title: str, *entries: str, text: str = "", inside: str = "") -> str:
    """Return a component with a section; ``inside`` are further components."""
    narrative = f"<text>{text}</text>" if text else ""
    return (
        f"<component><section>{coded('code', 'loinc', code)}<title>{title}</title>{narrative}"
        f"{''.join(entries)}{inside}</section></component>"
    )


def wrapped(data: bytes = PDF, more: str = "") -> str:
    """Return the body of a document of level 1."""
    content = base64.encodebytes(data).decode("ascii")
    return (
        '<component><nonXMLBody><text mediaType="application/pdf" representation="B64"'
        f"{more}>{content}</text></nonXMLBody></component>"
    )


def person(family: str = "MARTIN", given: str = "Jeanne", born: str = "19610215", sex: str = "F") -> str:
    """Return the ``patient`` of a header."""
    return (
        f'<patient><name><family qualifier="BR">{family}</family><given>{given} Rose Anne-Lise</given>'
        f'<given qualifier="BR">{given}</given><family qualifier="CL">PETIT</family>'
        f'<given qualifier="CL">Jeannette</given></name><administrativeGenderCode code="{sex}" '
        f'codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{born}"/><birthplace><place><addr>'
        "<county>63220</county></addr></place></birthplace></patient>"
    )


def ids(ins: str = INS, number: str = "4711") -> str:
    """Return the identifiers of a patient."""
    own = f'<id root="1.2.3.4.5" extension="{number}"/>' if number else ""
    national = f'<id root="{INS_OID}" extension="{ins}"/>' if ins else ""
    return national + own


def document(
    *body: str,
    number: str = "1",
    series: str = "",
    version: str = "",
    made: str = "20260310101500+0100",
    patient: str = "",
    identifiers: str = "",
    header: str = "",
    level_1: str = "",
) -> bytes:
    """Return a clinical document; its body are sections, or the one of ``level_1``."""
    content = level_1 or f"<component><structuredBody>{''.join(body)}</structuredBody></component>"
    series_id = f'<setId root="1.2.250.9.1" extension="{series}"/>' if series else ""
    numbered = f'<versionNumber value="{version}"/>' if version else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- of fictive people -->
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:sdtc="urn:hl7-org:sdtc"><realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="1.2.250.1.213.1.1.1.13" extension="201310"/><id root="1.2.250.9" extension="{number}"/>
<code code="SYNTH" codeSystem="1.2.250.1.213.1.1.4.12" displayName="Synthèse"/><title>Synthèse de test</title>
<effectiveTime value="{made}"/>{series_id}{numbered}
<recordTarget><patientRole>{identifiers or ids()}
<addr><houseNumber>7</houseNumber><streetName>rue des Exemples</streetName><postalCode>63000</postalCode>
<city>CLERMONT-FERRAND</city></addr><telecom value="tel:+33199000001" use="MC"/>
<telecom value="mailto:jeanne@example.invalid"/>{patient or person()}</patientRole></recordTarget>
<author><time value="{made}"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="810000000011"/>
<code code="G15_10/SM26" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin généraliste"/>
<assignedPerson><name><given>Luc</given><family>EXEMPLE</family><suffix>DR</suffix></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1630000019"/><name>Maison de santé Exemple</name>
</representedOrganization></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1630000019"/><name>Maison de santé Exemple</name>
</representedCustodianOrganization></assignedCustodian></custodian>{header}{content}</ClinicalDocument>
""".encode()
