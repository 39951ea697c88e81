"""Whose portability export it is: the practice of the store or package, and whether the signer is of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archiver import __version__
from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore
from archiver.sealing.unsealing import open_entry
from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.subject import name_and_number, subject_name
from archiver.signing.keys.key_file import Signer
from formats.findings import Finding, Severity
from formats.model.people import Practice, Practitioner
from formats.names import comparable
from formats.pdlgc.practice.read import read_practice_archive
from formats.portability.writer.author import CONTACT, ExportAuthor
from formats.words import mark

if TYPE_CHECKING:
    from archiver.handover.opening import OpenedHandover

PROGRAM = "archiver"
_DIGITS = re.compile(r"\d{9,14}")


def exporting_practice(content: object, first: Practice) -> Practice:
    """Return whose a store is, where that is known; else ``first``, the practice of the first dossier."""
    known = practice_of_store(content) if isinstance(content, PracticeStore) else None
    return known or first


def own_practitioners(content: PracticeStore | OpenedHandover) -> tuple[Practitioner, ...]:
    """Return who works in the practice of a store, or of a package: its unit of the practice names them.

    Raises:
        UnitMismatch, SealBroken, FormatFailure: when that unit is not what its keyring promises.
    """
    if isinstance(content, PracticeStore):
        return tuple(content.practitioners())
    found: dict[str, Practitioner] = {}
    for volume in content.volumes:
        for entry in volume.keyring.entries:
            if entry.patient is None:
                with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
                    people = read_practice_archive(plain).records.practitioners
                found |= {one.id: one for one in people}
    return tuple(found.values())


def export_author(practice: Practice, contact: str = "") -> ExportAuthor:
    """Return the author of what ``practice`` exports; ``contact`` is whom to ask for there."""
    return ExportAuthor(practice=practice, program=PROGRAM, version=__version__, contact=contact or CONTACT)


def signer_findings(
    signer: Signer, practice: Practice, practitioners: Iterable[Practitioner]
) -> Iterator[Finding]:
    """Yield a finding where the certificate of ``signer`` names neither the practice nor one of its practitioners."""
    name, number = name_and_number(parse_certificate(signer.certificate).subject)
    identifiers = [*practice.identifiers, *(one for each in practitioners for one in each.identifiers)]
    numbers = {one.value for one in identifiers}
    names = {comparable(practice.name)}
    for one in practitioners:
        names |= {
            comparable(f"{one.given_name} {one.family_name}"),
            comparable(f"{one.family_name} {one.given_name}"),
        }
    whole = comparable(name)
    plain = comparable(re.sub(r"^(?:dr|docteur)\b\.?", "", name.strip(), flags=re.IGNORECASE))
    stated = set(_DIGITS.findall(number))
    if not (numbers & stated or {whole, plain} & names):
        yield Finding(
            severity=Severity.WARNING,
            code="signer-is-not-author",
            where="SIGN.XML",
            sentence=mark(
                "The certificate of {signer} names neither {practice} nor a practitioner of it, and the guide wants "
                "the archive signed by its author."
            ),
            facts={"signer": subject_name(signer.certificate), "practice": practice.name},
        )
