"""Flaws of clinical documents: of the header, of the body, of a medical summary."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

from tests.vectors.generator.pdlgc.archive import replaced
from tests.vectors.generator.pdlgc.flaw import ArchiveFlaw, flaw, metadata
from tests.vectors.generator.pdlgc.people import INSURED

ONE = (INSURED,)
NAME = "<name><given>Malo</given><family>KERBRAT</family></name>"


def document(rule: str, name: str, old: str, new: str, **more: object) -> ArchiveFlaw:
    """Return a flaw of the medical summary: ``new`` stands where ``old`` should, once."""
    return flaw("CDA", rule, name, document=replaced(old, new, 1), **more)


def cut(rule: str, name: str, begin: str, end: str, **more: object) -> ArchiveFlaw:
    """Return a flaw of the medical summary: what is from ``begin`` to ``end`` is missing."""
    return flaw("CDA", rule, name, document=_without(begin, end), **more)


def _without(begin: str, end: str) -> Callable[[str], str]:
    def remove(text: str) -> str:
        start = text.index(begin)
        return text[:start] + text[text.index(end, start) + len(end) :]

    return remove


def cases() -> Iterator[ArchiveFlaw]:
    """Yield every flaw of clinical documents."""
    yield from _headers()
    yield from _people()
    yield from _bodies()
    yield from _summaries()
    yield metadata(
        "document-id",
        "another identifier",
        'value="1.2.250.1.999.2.1001.1"',
        'value="1.2.250.1.999.2.1001.9"',
    )
    yield document("document-patient", "another patient", 'extension="1001"', 'extension="1003"')


def _headers() -> Iterator[ArchiveFlaw]:
    confidentiality = '<confidentialityCode code="N"'
    yield document(
        "cda-xml",
        "not well-formed",
        "</structuredBody></component></ClinicalDocument>",
        "</structuredBody></component>",
    )
    yield document(
        "cda-xml",
        "a document type",
        "<ClinicalDocument",
        '<!DOCTYPE ClinicalDocument [<!ENTITY e "x">]><ClinicalDocument',
    )
    yield flaw("CDA", "cda-order", "title before code", document=_title_first)
    yield document("cda-type", "another realm", '<realmCode code="FR"/>', '<realmCode code="US"/>')
    yield document("cda-type", "another type", "POCD_HD000040", "POCD_HD000041")
    yield document("cda-templates", "no HL7 France", '<templateId root="2.16.840.1.113883.2.8.2.1"/>', "")
    yield document(
        "cda-id",
        "two",
        '<id root="1.2.250.1.999.2.1001.1"/>',
        '<id root="1.2.250.1.999.2.1001.1"/><id root="1.2.3"/>',
    )
    yield document(
        "cda-code",
        "no label",
        'displayName="Synthèse" codeSystem="1.2.250.1.213.1.1.4.12"',
        'codeSystem="1.2.250.1.213.1.1.4.12"',
    )
    yield document("cda-title", "none", "<title>Synthèse médicale</title>", "<title/>")
    yield document(
        "cda-time",
        "no zone",
        '<effectiveTime value="20261102101500+0100"/>',
        '<effectiveTime value="20261102101500"/>',
    )
    yield document(
        "cda-time",
        "a day",
        '<effectiveTime value="20261102101500+0100"/>',
        '<effectiveTime value="20261102"/>',
    )
    yield document("cda-confidentiality", "another code", confidentiality, confidentiality.replace("N", "X"))
    yield document("cda-language", "en-US", "fr-FR", "en-US")
    yield document("cda-version", "none", '<versionNumber value="1"/>', "")


def _title_first(text: str) -> str:
    title = "<title>Synthèse médicale</title>\n"
    assert title in text
    return text.replace(title, "").replace('<code code="SYNTH"', f'{title}<code code="SYNTH"')


def _people() -> Iterator[ArchiveFlaw]:
    ins = '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>'
    yield document(
        "cda-patient",
        "an issuer that is no OID",
        '<id root="1.2.250.1.999.1" extension="1001"/>',
        '<id root="1.2.250.1.999.1" extension="1001"/><id root="cabinet" extension="1"/>',
    )
    yield document("cda-ins", "a wrong key", ins, ins.replace("8989", "8988"), patients=ONE)
    yield document(
        "cda-ins", "an unknown authority", ins, f"{ins}{ins.replace('1.4.10', '1.4.99')}", patients=ONE
    )
    yield document(
        "cda-ins",
        "an OID of another",
        ins,
        f"{ins}{ins.replace('1.2.250.1.213.1.4.10', '1.2.250.1.999.1')}",
        patients=ONE,
    )
    yield document(
        "cda-traits",
        "no sex",
        '<administrativeGenderCode code="F" displayName="Sexe" codeSystem="2.16.840.1.113883.5.1"/>',
        "",
    )
    yield document("cda-traits", "no birth date", '<birthTime value="19610215"/>', "")
    yield document("cda-traits", "no family name", '<family qualifier="BR">EXEMPLE</family>', "")
    yield cut("cda-birth-place", "none", "<birthplace>", "</birthplace>", patients=ONE)
    yield cut("cda-author", "none", "<author>", "</author>")
    yield document(
        "cda-author",
        "another list of professions",
        'codeSystem="1.2.250.1.213.1.1.4.5"',
        'codeSystem="1.2.3"',
    )
    yield cut("cda-custodian", "none", "<custodian>", "</custodian>")
    yield cut("cda-legal", "none", "<legalAuthenticator>", "</legalAuthenticator>")
    yield document("cda-legal", "not signed", '<signatureCode code="S"/>', '<signatureCode code="I"/>')
    yield document(
        "cda-service",
        "no start",
        '<effectiveTime><low value="20261102101500+0100"/></effectiveTime><performer',
        "<performer",
    )
    yield cut("cda-encounter", "none", "<componentOf>", "</componentOf>")
    yield document("cda-encounter", "another list", 'codeSystem="1.2.250.1.71.4.2.4"', 'codeSystem="1.2.3"')


def _bodies() -> Iterator[ArchiveFlaw]:
    yield flaw("CDA", "cda-body", "none", document=_without_body)
    yield document(
        "cda-references", "a reference to nothing", '<reference value="#pb-1"/>', '<reference value="#pb-9"/>'
    )
    yield document(
        "cda-references",
        "an ID twice",
        "<text>Aucun traitement</text>",
        '<text><content ID="pb-1">Aucun traitement</content></text>',
    )
    yield flaw("CDA", "cda-wrapped", "no PDF", document=_wrapping(b"no PDF"))
    yield flaw("CDA", "cda-wrapped", "no base64", document=_wrapping(b"%PDF-1.4\n", spoil="!"))


def _without_body(text: str) -> str:
    return _without_summary(_without("<component><structuredBody>", "</structuredBody></component>")(text))


def _without_summary(text: str) -> str:
    """Return the document as one that is no medical summary: its sections are not asked for."""
    return text.replace('<templateId root="1.2.250.1.213.1.1.1.13" extension="201310"/>', "")


def _wrapping(data: bytes, spoil: str = "") -> Callable[[str], str]:
    encoded = base64.b64encode(data).decode() + spoil

    def wrap(text: str) -> str:
        text = _without("<component><structuredBody>", "</structuredBody></component>")(text)
        body = (
            '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
            f"{encoded}</text></nonXMLBody></component></ClinicalDocument>"
        )
        template = '<templateId root="1.2.250.1.213.1.1.1.13" extension="201310"/>'
        assert template in text
        text = text.replace(template, '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>')
        return text.replace("</ClinicalDocument>", body)

    return wrap


def _summaries() -> Iterator[ArchiveFlaw]:
    absent = "2.16.840.1.113883.5.1150.1"
    section = '<component><section><templateId root="1.2.250.1.213.1.1.2.32"/>'
    yield document(
        "vsm-code",
        "another type",
        '<code code="SYNTH" displayName="Synthèse" codeSystem="1.2.250.1.213.1.1.4.12"/>',
        '<code code="11488-4" displayName="CR" codeSystem="2.16.840.1.113883.6.1"/>',
    )
    yield document(
        "vsm-service",
        "another event",
        '<code code="34117-2" displayName="Historique et clinique"',
        '<code code="11488-4" displayName="CR"',
    )
    yield cut("vsm-attending", "no attending physician", "<participant", "</participant>")
    yield cut("vsm-sections", "no long-term treatment", section, "</section></component>")
    yield document("vsm-section-codes", "another code", '<code code="30954-2"', '<code code="30954-3"')
    yield document("vsm-section-text", "no title", "<title>Résultats</title>", "")
    yield document("vsm-section-text", "no text", "<text>Aucun résultat</text>", "")
    yield document(
        "vsm-statements", "not completed", '<statusCode code="completed"/>', '<statusCode code="active"/>'
    )
    yield document(
        "vsm-statements", "two ids", '<id root="2.25.9001"/>', '<id root="2.25.9001"/><id root="2.25.9002"/>'
    )
    yield flaw("CDA", "vsm-allergy-code", "not SNOMED CT", document=_allergy)
    yield document(
        "vsm-absent",
        "an unknown code",
        f'code="no-known-problems" displayName="Aucune pathologie connue" codeSystem="{absent}"',
        f'code="none" displayName="Aucune pathologie connue" codeSystem="{absent}"',
    )


def _allergy(text: str) -> str:
    """Return the statement as one of an allergy, of another code system."""
    template = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.5"/>'
    assert template in text
    text = text.replace(template, '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.6"/>')
    return text.replace(
        'code="282291009" displayName="Diagnostic" codeSystem="2.16.840.1.113883.6.96"',
        'code="282291009" displayName="Diagnostic" codeSystem="1.2.3"',
    )
