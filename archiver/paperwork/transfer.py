"""Data of the documents about a package: the transfer slip and the attestation of completeness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from archiver.paperwork.meaning import FieldMeaning
from formats.digests import Digest
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberData:
    """A number that an authority gave to somebody."""

    system: Annotated[str, FieldMeaning(mark("Register the number is of: `FINESS`, `RPPS`, or its address."))]
    value: Annotated[str, FieldMeaning(mark("The number."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyData:
    """A practice, a company or a practitioner."""

    name: Annotated[str, FieldMeaning(mark("Name as the package states it."))]
    numbers: Annotated[
        tuple[NumberData, ...], FieldMeaning(mark("Numbers that authorities gave to it."))
    ] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeData:
    """A code with its words."""

    code: Annotated[str, FieldMeaning(mark("Stable code, the same in every language."))]
    words: Annotated[
        str, FieldMeaning(mark("What the code means, in the language of the document."), words=True)
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class CountData:
    """How many there are of one kind."""

    kind: Annotated[CodeData, FieldMeaning(mark("Kind of record, or what else is counted."))]
    count: Annotated[int, FieldMeaning(mark("How many; of a sum of money, cents."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class HoleData:
    """Records of one kind whose content is missing for one reason."""

    kind: Annotated[CodeData, FieldMeaning(mark("Kind of record, or what else is counted."))]
    count: Annotated[int, FieldMeaning(mark("How many records lack their content."))]
    of: Annotated[int, FieldMeaning(mark("How many records of the kind the package holds."))]
    reason: Annotated[
        CodeData | None, FieldMeaning(mark("Why; `null` without a key that opens the package."))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOutData:
    """What the practice holds and the package does not."""

    kind: Annotated[CodeData, FieldMeaning(mark("Kind of record, or what else is counted."))]
    count: Annotated[int, FieldMeaning(mark("How many of the kind were not taken."))]
    reason: Annotated[str, FieldMeaning(mark("Why, in the language of the document."), words=True)]


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerData:
    """Who signed."""

    name: Annotated[str, FieldMeaning(mark("Name and number in the certificate."))]
    fingerprint: Annotated[str, FieldMeaning(mark("SHA-256 of the certificate, 64 hexadecimal digits."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileData:
    """A file of the transfer."""

    name: Annotated[str, FieldMeaning(mark("Name of the file."))]
    size: Annotated[int, FieldMeaning(mark("Size in bytes; of a package that lies unpacked in a folder, 0."))]
    sha256: Annotated[
        Digest | None, FieldMeaning(mark("SHA-256 of the file, 64 hexadecimal digits; `null` for a folder."))
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class VolumeData:
    """A volume of a set."""

    number: Annotated[int, FieldMeaning(mark("Number of the volume, from 1."))]
    identifier: Annotated[str, FieldMeaning(mark("Identifier of the package."))]
    file: Annotated[FileData, FieldMeaning(mark("File of the volume."))]
    units: Annotated[int, FieldMeaning(mark("Sealed units: one for each dossier, one for the practice."))]
    retention_year: Annotated[
        int | None,
        FieldMeaning(mark("Year in which the retention of all in it ends, where the set is cut so.")),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterSignatureData:
    """Who signed the roster."""

    party: Annotated[
        str, FieldMeaning(mark("Whom the roster is between, as its statement names the signer."))
    ]
    name: Annotated[str, FieldMeaning(mark("Name in the certificate."))]
    signed_at: Annotated[datetime, FieldMeaning(mark("Moment that the signature states."))]
    sha256: Annotated[Digest, FieldMeaning(mark("SHA-256 of the signed text of the roster."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementData:
    """How far the practitioners agreed on the roster."""

    asked: Annotated[int, FieldMeaning(mark("Practitioners who have to agree on the roster."))]
    found: Annotated[int, FieldMeaning(mark("Practitioners who signed the roster, or the package with it."))]
    unsigned: Annotated[
        str,
        FieldMeaning(mark("Why it was followed without the others, in the words of the sender; or empty.")),
    ]
    signatures: Annotated[tuple[RosterSignatureData, ...], FieldMeaning(mark("Signatures of the roster."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class TermData:
    """One term under which the dossiers are handed over."""

    term: Annotated[CodeData, FieldMeaning(mark("The term."))]
    value: Annotated[CodeData, FieldMeaning(mark("What holds."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferData:
    """Facts of a package or a set, all of which its examination gives; no patient is named."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    identifier: Annotated[str, FieldMeaning(mark("Identifier of the package, or of the set."))]
    created: Annotated[datetime, FieldMeaning(mark("Moment at which the package was sealed."))]
    revision: Annotated[int, FieldMeaning(mark("Revision of the package; that of a set is 1."))]
    signed_list: Annotated[
        Digest | None, FieldMeaning(mark("SHA-256 of the signed list, 64 hexadecimal digits."))
    ]
    units: Annotated[int, FieldMeaning(mark("Sealed units: one for each dossier, one for the practice."))]
    file: Annotated[FileData, FieldMeaning(mark("File of the package, or the file that ties the set."))]
    volumes: Annotated[tuple[VolumeData, ...], FieldMeaning(mark("Volumes of a set; empty for a package."))]
    signers: Annotated[
        tuple[SignerData, ...], FieldMeaning(mark("Who signed, in the order of the signatures."))
    ]
    ground: Annotated[CodeData, FieldMeaning(mark("Legal ground of the transfer."))]
    sender: Annotated[PartyData, FieldMeaning(mark("Who hands over."))]
    receiver: Annotated[
        PartyData | None, FieldMeaning(mark("Who receives; `null` when the package states nobody."))
    ]
    controller_before: Annotated[PartyData, FieldMeaning(mark("Controller (GDPR) of the records until now."))]
    controller_after: Annotated[
        PartyData | None, FieldMeaning(mark("Controller afterwards; `null` when the package states nobody."))
    ]
    everybody: Annotated[bool, FieldMeaning(mark("Whether every patient of the practice was taken."))]
    terms: Annotated[
        tuple[TermData, ...],
        FieldMeaning(mark("What the situation of the transfer says; empty without one, or without a key.")),
    ]
    agreement: Annotated[
        AgreementData | None,
        FieldMeaning(mark("Who agreed on the roster; `null` without a roster, or without a key.")),
    ]
    on_hold: Annotated[int, FieldMeaning(mark("Dossiers that a claim or a judge keeps beyond their term."))]
    opened: Annotated[
        bool,
        FieldMeaning(mark("Whether the package was opened with a key, so that sums and reasons are known.")),
    ]
    counts: Annotated[
        tuple[CountData, ...], FieldMeaning(mark("Records of each kind that the package states."))
    ]
    sums: Annotated[tuple[CountData, ...], FieldMeaning(mark("Sums of money; empty without a key."))]
    holes: Annotated[tuple[HoleData, ...], FieldMeaning(mark("Missing content, by kind and reason."))]
    left_out: Annotated[tuple[LeftOutData, ...], FieldMeaning(mark("What was not taken, and why."))]
