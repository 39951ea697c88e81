"""Flaws of METADATA.XML."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from tests.vectors.generator.pdlgc.archive import Files, replaced
from tests.vectors.generator.pdlgc.flaw import ArchiveFlaw, flaw, in_subset, metadata
from tests.vectors.generator.pdlgc.metadata import CONFIDENTIALITY, Filed, named, slot
from tests.vectors.generator.pdlgc.people import INSURED

ONE = (INSURED,)
SET = named("set 1001")
FIRST = named("entry 1001 VSM00001.XML")
CX = "279035121518989^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"


def cases() -> Iterator[ArchiveFlaw]:
    """Yield every flaw of the metadata."""
    yield from _submissions()
    yield from _entries()
    yield from _patients()
    yield from _documents()


def _submissions() -> Iterator[ArchiveFlaw]:
    package = "<RegistryPackage "
    yield metadata("metadata-xml", "not well-formed", "</lcm:SubmitObjectsRequest>", "")
    yield metadata(
        "metadata-xml",
        "a document type",
        "<lcm:SubmitObjectsRequest",
        '<!DOCTYPE x [<!ENTITY e "x">]><lcm:SubmitObjectsRequest',
    )
    yield flaw(
        "§6",
        "metadata-submission",
        "another request",
        metadata=lambda text: text.replace("lcm:SubmitObjectsRequest", "lcm:UpdateObjectsRequest"),
    )
    yield metadata(
        "metadata-order",
        "a slot after the name",
        '<Name><LocalizedString value="Dossier"/></Name>\n',
        '<Name><LocalizedString value="Dossier"/></Name>\n' + slot("homeCommunityId", "urn:oid:1.2"),
    )
    yield metadata(
        "metadata-objects", "another object", f'registryObject="{SET}"', 'registryObject="SubmissionSet01"'
    )
    yield metadata(
        "metadata-objects",
        "a class of another object",
        f'classifiedObject="{FIRST}"',
        f'classifiedObject="{SET}"',
    )
    yield flaw(
        "§6",
        "metadata-ids",
        "an id twice",
        metadata=lambda text: text.replace(named(f"{SET}set"), named(f"member {FIRST}")),
    )
    yield metadata(
        "set-status",
        "submitted",
        f'{package}id="{SET}" status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"',
        f'{package}id="{SET}" status="urn:oasis:names:tc:ebxml-regrep:StatusType:Submitted"',
    )
    yield metadata(
        "set-time", "a day", slot("submissionTime", "20261128091500"), slot("submissionTime", "20261128")
    )
    yield metadata("set-time", "none", slot("submissionTime", "20261128091500"), "")
    yield metadata(
        "set-author",
        "no person",
        slot("authorPerson", "899900000018^KERBRAT^Malo^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS"),
        "",
    )
    yield metadata("set-content", "no scheme", slot("codingScheme", "1.2.250.1.71.4.2.4"), "")
    yield flaw("§6", "set-patient", "none", metadata=_without_set_patient)
    yield metadata("set-source", "no OID", 'value="1.2.250.1.999.3"', 'value="cabinet"')
    yield metadata("set-unique", "no OID", 'value="1.2.250.1.999.4.1001"', 'value="1.02.3"')
    yield flaw("§6", "set-members", "a document without association", metadata=_without_member)


def _without_set_patient(text: str) -> str:
    start = text.index("<ExternalIdentifier", text.index("<RegistryPackage"))
    return (
        text[:start] + text[text.index("</ExternalIdentifier>\n", start) + len("</ExternalIdentifier>\n") :]
    )


def _without_member(text: str) -> str:
    start = text.index("<Association")
    return text[:start] + text[text.index("</Association>\n", start) + len("</Association>\n") :]


def _entries() -> Iterator[ArchiveFlaw]:
    yield metadata(
        "entry-type",
        "a folder",
        "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
        "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2",
    )
    yield metadata("entry-type", "no media type", 'mimeType="text/xml"', 'mimeType=""')
    yield metadata(
        "entry-status",
        "submitted",
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"',
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" status="Approved"',
    )
    yield metadata("entry-size", "another", slot("size", "24"), slot("size", "25"))
    yield metadata("entry-size", "none", slot("size", "24"), "")
    yield flaw("§6", "entry-hash", "another", metadata=_hashed)
    yield flaw("§10.12", "entry-hash-sha1", "SHA-256", metadata=_sha256)
    yield metadata("entry-created", "none", slot("creationTime", "20261102091500"), "")
    yield metadata(
        "entry-created",
        "a date of ISO 8601",
        slot("creationTime", "20261102091500"),
        slot("creationTime", "2026-11-02"),
    )
    yield metadata("entry-language", "en-US", "fr-FR", "en-US")
    yield metadata(
        "entry-service",
        "stop before start",
        slot("serviceStartTime", "20251103090000"),
        slot("serviceStartTime", "20251103090000") + slot("serviceStopTime", "20251102"),
    )
    yield metadata("entry-repository", "none", slot("repositoryUniqueId", "1.2.250.1.999.9"), "")
    yield metadata("entry-logical", "none", f' lid="{named(f"lid{FIRST}")}"', "")
    yield metadata("entry-version", "zero", slot("size", "24"), slot("size", "24") + slot("version", "0"))
    yield flaw("§6", "entry-author", "none", metadata=_without_author)
    yield metadata("entry-codes", "no label", '<Name><LocalizedString value="Ambulatoire"/></Name>', "")
    yield metadata("entry-codes", "no code", 'nodeRepresentation="SYNTH"', 'nodeRepresentation=""')
    yield flaw("§6", "entry-confidentiality", "none", metadata=_without_confidentiality)
    yield metadata(
        "entry-legal",
        "a name alone",
        slot(
            "legalAuthenticator", "899900000018^KERBRAT^Malo^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS"
        ),
        slot("legalAuthenticator", "KERBRAT"),
    )
    yield metadata("entry-unique", "no OID", 'value="1.2.250.1.999.2.1001.2"', 'value="lettre"')


def _hashed(text: str) -> str:
    start = text.index('<Slot name="hash"><ValueList><Value>') + len('<Slot name="hash"><ValueList><Value>')
    return f"{text[:start]}{'0' if text[start] != '0' else '1'}{text[start + 1 :]}"


def _sha256(text: str) -> str:
    letter = "Lettre à un confrère.\n".encode()
    sha1 = hashlib.sha1(letter, usedforsecurity=False).hexdigest().upper()
    assert sha1 in text
    return text.replace(sha1, hashlib.sha256(letter).hexdigest())


def _without_author(text: str) -> str:
    return _without_class(text, "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d")


def _without_confidentiality(text: str) -> str:
    return _without_class(text, CONFIDENTIALITY)


def _without_class(text: str, scheme: str) -> str:
    start = text.rindex("<Classification", 0, text.index(scheme))
    return text[:start] + text[text.index("</Classification>\n", start) + len("</Classification>\n") :]


def _patients() -> Iterator[ArchiveFlaw]:
    yield flaw("§6", "entry-patient", "another than the set's", metadata=_other_patient)
    yield flaw(
        "§6",
        "entry-ins",
        "a wrong key",
        patients=ONE,
        metadata=replaced(f'value="{CX}"', f'value="{CX.replace("8989^", "8988^")}"'),
    )
    yield flaw(
        "§6",
        "entry-ins-test",
        "of tests",
        patients=ONE,
        manifest=replaced(CX, "1001^^^&amp;1.2.250.1.999.1&amp;ISO^PI"),
    )
    yield flaw(
        "§10.7",
        "entry-ins-length",
        "13 digits",
        patients=ONE,
        metadata=replaced(f'value="{CX}"', f'value="{CX.replace("279035121518989", "2790351215189")}"'),
    )
    yield metadata(
        "entry-source-patient", "none", slot("sourcePatientId", "1001^^^&amp;1.2.250.1.999.1&amp;ISO^PI"), ""
    )
    yield flaw(
        "§6",
        "entry-traits",
        "no birth date",
        patients=ONE,
        metadata=replaced("<Value>PID-7|19790328</Value>", ""),
    )
    yield flaw(
        "§6",
        "entry-traits",
        "no birth place",
        patients=ONE,
        metadata=replaced("<Value>PID-11|^^^^^^BDL^^29232</Value>", ""),
    )
    yield flaw("§6", "entry-traits", "no sex", patients=ONE, metadata=replaced("<Value>PID-8|F</Value>", ""))
    yield flaw(
        "§6", "entry-traits", "no name", metadata=replaced("<Value>PID-5|EXEMPLE^Anne^Anne^^^^L</Value>", "")
    )


def _other_patient(text: str) -> str:
    end = text.index("<ExtrinsicObject")
    old = 'value="1001^^^&amp;1.2.250.1.999.1&amp;ISO^PI"'
    assert old in text[:end]
    return text[:end].replace(old, old.replace("1001", "1003"), 1) + text[end:]


def _documents() -> Iterator[ArchiveFlaw]:
    yield flaw(
        "§6",
        "entry-uri",
        "a file that is not there",
        described=lambda documents: documents.append(_third(documents)),
        patient=_gone,
    )
    yield flaw("§6", "document-described", "a file without entry", metadata=_without_letter)
    yield flaw("§6", "document-described", "two entries of one file", metadata=_twice, patient=_with_twin)


def _third(documents: list[Filed]) -> Filed:
    return replace(documents[1], name="DOC00003.TXT", unique="1.2.250.1.999.2.1001.3")


def _gone(files: Files) -> None:
    del files[in_subset("DOC00003.TXT")]


def _without_letter(text: str) -> str:
    name = named("entry 1001 DOC00002.TXT")
    start = text.index(f'<ExtrinsicObject id="{name}"')
    text = text[:start] + text[text.index("</ExtrinsicObject>\n", start) + len("</ExtrinsicObject>\n") :]
    start = text.index(f'<Association id="{named(f"member {name}")}"')
    return text[:start] + text[text.index("</Association>\n", start) + len("</Association>\n") :]


def _twice(text: str) -> str:
    name = named("entry 1001 DOC00002.TXT")
    start = text.index(f'<ExtrinsicObject id="{name}"')
    end = text.index("</ExtrinsicObject>\n", start) + len("</ExtrinsicObject>\n")
    again = text[start:end]
    for attribute in ('id="', 'registryObject="', 'classifiedObject="'):
        again = again.replace(f"{attribute}{name}", f"{attribute}{named('again')}")
    again = again.replace('.1001.2"', '.1001.3"')
    parts = again.split('<Classification id="')
    again = parts[0] + "".join(
        f'<Classification id="{named(f"again {number}")}{one[45:]}' for number, one in enumerate(parts[1:])
    )
    parts = again.split('<ExternalIdentifier id="')
    again = parts[0] + "".join(
        f'<ExternalIdentifier id="{named(f"again e {number}")}{one[45:]}'
        for number, one in enumerate(parts[1:])
    )
    text = text[:end] + again + text[end:]
    start = text.index(f'<Association id="{named(f"member {name}")}"')
    end = text.index("</Association>\n", start) + len("</Association>\n")
    member = (
        text[start:end].replace(named(f"member {name}"), named("member again")).replace(name, named("again"))
    )
    return text[:end] + member + text[end:]


def _with_twin(files: Files) -> None:
    twin = next(name for name in files if name.startswith("PDF/20251103"))
    files[twin.replace("DOC00002", "DOC00003")] = files[twin]
