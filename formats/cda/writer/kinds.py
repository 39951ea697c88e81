"""Kinds of documents of a dental dossier: what the header and the metadata of a medium call them.

Sources: JDV_J07 (typeCode), CI-SIS *Volet VSM* and *Partage de documents de santé* (classCode, formatCode). No official
table of the class of each type was found: the classes of the dental types are ours (``docs``: limitations).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from formats.cda.codes import LOINC, VSM_TEMPLATE, named_oid
from formats.cda.writer.values import CdaCode
from formats.names import comparable

ANS_TYPES = "1.2.250.1.213.1.1.4.12"
"""TRE_A05: document types that LOINC has not, and formats."""
CLASSES = "1.2.250.1.213.1.1.4.1"
HL7_FRANCE, CI_SIS = "2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"
XDS_SCANNED = "1.3.6.1.4.1.19376.1.2.20"
"""A file wrapped in a clinical document (IHE XDS-SD)."""

REPORT = CdaCode(oid=CLASSES, code="10", label="Compte rendu")
SYNTHESIS = CdaCode(oid=CLASSES, code="11", label="Synthèse")
IMAGING = CdaCode(oid=CLASSES, code="31", label="Imagerie médicale")
PRESCRIPTION = CdaCode(oid=CLASSES, code="42", label="Prescription")
CARE_PLAN = CdaCode(oid=CLASSES, code="44", label="Plan de soins")
CERTIFICATE = CdaCode(oid=CLASSES, code="52", label="Certificat, déclaration")
REFUND = CdaCode(oid=CLASSES, code="60", label="Remboursement")

FORMATS = "1.2.250.1.213.1.1.4.12"
VSM_FORMAT = CdaCode(oid=FORMATS, code="urn:asip:ci-sis:vsm:2012", label="Volet de synthèse médicale")
PDF_IN_CDA = CdaCode(
    oid=FORMATS, code="urn:ihe:iti:xds-sd:pdf:2008", label="Document PDF dans un CDA R2 niveau 1"
)
TEXT_IN_CDA = CdaCode(
    oid=FORMATS, code="urn:ihe:iti:xds-sd:text:2008", label="Document texte dans un CDA R2 niveau 1"
)
OUTSIDE_MODELS = CdaCode(
    oid=FORMATS, code="urn:asipSante:modelesHorsProfils:2011", label="Modèles hors profils du CI-SIS"
)
"""What conforms to no volume of CI-SIS (PDLGC 0.1.0)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentKind:
    """A kind of document: its type (JDV_J07), its class, its format, and the templates of its header."""

    type: CdaCode
    document_class: CdaCode
    format: CdaCode = OUTSIDE_MODELS
    templates: tuple[str, ...] = (HL7_FRANCE, CI_SIS)


def _loinc(code: str, label: str) -> CdaCode:
    return CdaCode(oid=LOINC, code=code, label=label)


SUMMARY = DocumentKind(
    type=CdaCode(oid=ANS_TYPES, code="SYNTH", label="Synthèse"),
    document_class=SYNTHESIS,
    format=VSM_FORMAT,
    templates=(HL7_FRANCE, CI_SIS, VSM_TEMPLATE),
)
_TYPES = (
    (_loinc("83836-7", "Schéma dentaire"), REPORT),
    (_loinc("28617-9", "Bilan bucco-dentaire"), REPORT),
    (_loinc("77604-7", "Planification thérapeutique"), CARE_PLAN),
    (_loinc("18776-5", "Plan personnalisé de soins"), CARE_PLAN),
    (_loinc("59284-0", "Attestation de consentement"), CERTIFICATE),
    (_loinc("101881-1", "Carte d'implant"), REPORT),
    (_loinc("18748-4", "CR d'imagerie médicale"), IMAGING),
    (_loinc("52040-3", "Document encapsulant une image d'illustration non DICOM"), IMAGING),
    (_loinc("55115-0", "Demande d'actes d'imagerie"), PRESCRIPTION),
    (_loinc("57833-6", "Prescription de produits de santé"), PRESCRIPTION),
    (_loinc("57828-6", "Prescription (autre)"), PRESCRIPTION),
    (_loinc("11488-4", "CR ou fiche de consultation ou de visite"), REPORT),
    (_loinc("11505-5", "CR d'acte thérapeutique (autre)"), REPORT),
    (_loinc("34874-8", "CR opératoire"), REPORT),
    (_loinc("11502-2", "CR d'examens biologiques"), REPORT),
    (_loinc("60568-3", "CR d'anatomie et de cytologie pathologiques"), REPORT),
    (_loinc("96349-6", "Lettre d'adressage"), REPORT),
    (_loinc("74465-6", "Questionnaire patient"), REPORT),
    (_loinc("89601-9", "Certificat médical"), CERTIFICATE),
    (_loinc("51851-4", "Document administratif"), REPORT),
    (CdaCode(oid=ANS_TYPES, code="CERT_DECL", label="Certificat, déclaration"), CERTIFICATE),
    (CdaCode(oid=ANS_TYPES, code="PIECE-IDENTITE", label="Copie pièce d'identité"), CERTIFICATE),
    (CdaCode(oid=ANS_TYPES, code="REMB", label="Données de remboursement"), REFUND),
)
KINDS: Mapping[str, DocumentKind] = {
    one.code: DocumentKind(type=one, document_class=its_class) for one, its_class in _TYPES
}
"""Kinds of documents by the code of their type."""


def _structured(code: str) -> DocumentKind:
    """Return a kind that we structure: its template is ours, for CI-SIS demands one of a volume and has none for it."""
    own = named_oid(f"https://archiver.invalid/cda/{code}")
    return replace(KINDS[code], templates=(HL7_FRANCE, CI_SIS, own))


CHART, ASSESSMENT, PLAN = map(_structured, ("83836-7", "28617-9", "77604-7"))
CONSENT, IMPLANT_CARD = map(_structured, ("59284-0", "101881-1"))
ILLUSTRATION = KINDS["52040-3"]
OTHER_DOCUMENT = KINDS["51851-4"]
"""A document of which nobody said of what type it is: JDV_J07 has no type for one."""

_WORDS: Mapping[str, str] = {
    "CARTEDIMPLANT": "101881-1",
    "CARTEIMPLANT": "101881-1",
    "PASSEPORTIMPLANT": "101881-1",
    "CONSENTEMENT": "59284-0",
    "QUESTIONNAIRE": "74465-6",
    "ORDONNANCE": "57833-6",
    "DEVIS": "77604-7",
    "PLANDETRAITEMENT": "77604-7",
    "CERTIFICAT": "CERT_DECL",
    "PIECEDIDENTITE": "PIECE-IDENTITE",
    "CARTEDIDENTITE": "PIECE-IDENTITE",
    "LETTREDADRESSAGE": "96349-6",
    "COMPTERENDUOPERATOIRE": "34874-8",
}
"""Types by words of a category or a title that mean nothing else, as ``comparable`` spells them; the choice is ours."""


def document_kind(code: str, media_type: str, *words: str) -> DocumentKind:
    """Return of what kind a file is: by the ``code`` of its type, by ``words`` about it, or by what the file is."""
    if code in KINDS:
        return KINDS[code]
    texts = [comparable(one) for one in words]
    stated = next((kind for word, kind in _WORDS.items() if any(word in one for one in texts)), "")
    if stated:
        return KINDS[stated]
    return ILLUSTRATION if media_type.startswith("image/") else OTHER_DOCUMENT
