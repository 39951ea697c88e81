"""Clinical documents of the archive: a medical summary (VSM 1.4, CDA R2 level 3) with nothing but negations."""

from __future__ import annotations

from tests.vectors.generator.pdlgc.people import (
    INS_TEST,
    PATIENT_ISSUER,
    PRACTICE_OID,
    PROFESSIONAL,
    VENDOR,
    Sufferer,
)

STAMP = "20261102101500+0100"
LOINC = "2.16.840.1.113883.6.1"
_ADDRESS = (
    "<addr><streetName>1 rue Exemple</streetName><postalCode>29000</postalCode><city>QUIMPER</city></addr>"
)
_NAME = "<name><given>Malo</given><family>KERBRAT</family></name>"
_CODE = '<code code="G15_40" displayName="Chirurgien-Dentiste" codeSystem="1.2.250.1.213.1.1.4.5" codeSystemName="RPPS"/>'
_ORGANISATION = f'<id root="{PRACTICE_OID}" extension="499900000018001"/><name>{VENDOR}</name>'
_TELECOM = '<telecom value="tel:0100000000" use="WP"/>'
_INDUSTRY = (
    '<standardIndustryClassCode code="AMBULATOIRE" displayName="Ambulatoire" codeSystem="1.2.250.1.213.1.1.4.9" '
    'codeSystemName="practiceSettingCode"/>'
)
_ENTITY = (
    f'<assignedEntity><id root="{PROFESSIONAL}" extension="899900000018"/>{_CODE}{_ADDRESS}{_TELECOM}'
    f"<assignedPerson>{_NAME}</assignedPerson>"
    f"<representedOrganization>{_ORGANISATION}{_ADDRESS}{_INDUSTRY}</representedOrganization></assignedEntity>"
)


def summary_id(patient: Sufferer) -> str:
    """Return the identifier of the summary of a patient, an OID."""
    return f"1.2.250.1.999.2.{patient.number}.1"


def summary(patient: Sufferer) -> str:
    """Return the medical summary of a patient about whom nothing is known, and who was asked."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.2.250.1.213.1.1.1.13" extension="201310"/>
<id root="{summary_id(patient)}"/>
<code code="SYNTH" displayName="Synthèse" codeSystem="1.2.250.1.213.1.1.4.12"/>
<title>Synthèse médicale</title>
<effectiveTime value="{STAMP}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25" displayName="Normal"/>
<languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.2.{patient.number}"/><versionNumber value="1"/>
{_record_target(patient)}
<author><time value="{STAMP}"/><assignedAuthor><id root="{PROFESSIONAL}" extension="899900000018"/>{_CODE}
{_ADDRESS}{_TELECOM}<assignedPerson>{_NAME}</assignedPerson>
<representedOrganization>{_ORGANISATION}{_ADDRESS}</representedOrganization></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>{_ORGANISATION}{_TELECOM}{_ADDRESS}
</representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="{STAMP}"/><signatureCode code="S"/>{_ENTITY}</legalAuthenticator>
<participant typeCode="INF">
<functionCode code="PCP" displayName="Médecin Traitant" codeSystem="2.16.840.1.113883.5.88"/>
<time><low value="{STAMP}"/></time>
<associatedEntity classCode="PROV"><id root="{PROFESSIONAL}" extension="899900000026"/>{_ADDRESS}{_TELECOM}
<associatedPerson><name><given>Gaëlle</given><family>TRAITANT</family></name></associatedPerson></associatedEntity>
</participant>
<documentationOf><serviceEvent>
<code code="34117-2" displayName="Historique et clinique" codeSystem="{LOINC}" codeSystemName="LOINC"/>
<effectiveTime><low value="{STAMP}"/></effectiveTime><performer typeCode="PRF">{_ENTITY}</performer>
</serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><high value="{STAMP}"/></effectiveTime>
<location><healthCareFacility>
<code code="SA07" displayName="Cabinet individuel" codeSystem="1.2.250.1.71.4.2.4"/></healthCareFacility></location>
</encompassingEncounter></componentOf>
<component><structuredBody>
{_body()}
</structuredBody></component></ClinicalDocument>
"""


def _record_target(patient: Sufferer) -> str:
    issuer = INS_TEST if patient.insured else PATIENT_ISSUER
    return f"""<recordTarget><patientRole><id root="{issuer}" extension="{patient.number}"/>{_ADDRESS}
<telecom nullFlavor="NASK"/>
<patient classCode="PSN"><name><family qualifier="BR">{patient.family}</family><given>{patient.given}</given>
<given qualifier="BR">{patient.given}</given></name>
<administrativeGenderCode code="{patient.sex}" displayName="Sexe" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{patient.birth}"/>
<birthplace><place><addr><county>29232</county><city>QUIMPER</city></addr></place></birthplace></patient>
</patientRole></recordTarget>"""


def _section(templates: str, number: int, code: str, title: str, inside: str) -> str:
    listed = "".join(f'<templateId root="{one}"/>' for one in templates.split())
    return (
        f'<component><section>{listed}<id root="2.25.{7000 + number}"/>'
        f'<code code="{code}" displayName="{title}" codeSystem="{LOINC}" codeSystemName="LOINC"/>'
        f"<title>{title}</title>{inside}</section></component>\n"
    )


def _problem(number: int, absent: str, words: str) -> str:
    """Return the text and the entry of a section of problems of which there is none."""
    iti, ans = "1.3.6.1.4.1.19376.1.5.3.1.4.", "1.2.250.1.213.1.1.3."
    act = "".join(
        f'<templateId root="{one}"/>'
        for one in ("2.16.840.1.113883.10.20.1.27", f"{iti}5.1", f"{iti}5.2", f"{ans}39")
    )
    observation = "".join(
        f'<templateId root="{one}"/>' for one in ("2.16.840.1.113883.10.20.1.28", f"{iti}5", f"{ans}37")
    )
    anchor = f"pb-{number}"
    return f"""<text><content ID="{anchor}">{words}</content></text>
<entry><act classCode="ACT" moodCode="EVN">{act}<id root="2.25.{8000 + number}"/><code nullFlavor="NA"/>
<statusCode code="active"/><effectiveTime><low nullFlavor="UNK"/></effectiveTime>
<entryRelationship typeCode="SUBJ" inversionInd="false"><observation classCode="OBS" moodCode="EVN">{observation}
<id root="2.25.{9000 + number}"/>
<code code="282291009" displayName="Diagnostic" codeSystem="2.16.840.1.113883.6.96" codeSystemName="SNOMED CT"/>
<text><reference value="#{anchor}"/></text><statusCode code="completed"/><effectiveTime><low nullFlavor="UNK"/></effectiveTime>
<value xsi:type="CD" code="{absent}" displayName="{words}" codeSystem="2.16.840.1.113883.5.1150.1"
 codeSystemName="IPS CodeSystem - Absent and Unknown Data"><originalText><reference value="#{anchor}"/></originalText></value>
</observation></entryRelationship></act></entry>"""


def _body() -> str:
    pcc, ans = "1.3.6.1.4.1.19376.1.5.3.1.3.", "1.2.250.1.213.1.1.2."
    problems = _section(
        f"2.16.840.1.113883.10.20.1.11 {pcc}6 {ans}132", 3, "11450-4", "Pathologies en cours",
        _problem(1, "no-known-problems", "Aucune pathologie connue"),
    )  # fmt: skip
    history = _section(f"{ans}30", 2, "34117-2", "Pathologies, antécédents, allergies", problems)
    risks = _section(f"{ans}31", 4, "57207-3", "Facteurs de risque", "<text>Aucun facteur connu</text>")
    overview = _section(f"{ans}29", 1, "46612-8", "Pathologies, antécédents et risques", history + risks)
    results = _section(f"{pcc}27 {ans}150", 5, "30954-2", "Résultats", "<text>Aucun résultat</text>")
    long_term = _section(
        f"{ans}32", 6, "18776-5", "Traitements au long cours", "<text>Aucun traitement</text>"
    )
    return overview + results + long_term
