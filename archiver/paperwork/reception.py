"""Data of the receipt as a document: what a receiver found in a package, for the sender to file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from archiver.paperwork.meaning import FieldMeaning
from archiver.paperwork.transfer import AgreementData, CodeData, PartyData, SignerData, TermData
from formats.digests import Digest
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedCountData:
    """How many of one kind were announced, how many came in, and how many were left aside on purpose."""

    kind: Annotated[CodeData, FieldMeaning(mark("Kind of record, or what else is counted."))]
    announced: Annotated[int, FieldMeaning(mark("How many the sender announces; of a sum of money, cents."))]
    found: Annotated[int, FieldMeaning(mark("How many the receiver found; of a sum of money, cents."))]
    left_aside: Annotated[
        int, FieldMeaning(mark("How many the receiver left aside on purpose; of a sum of money, cents."))
    ]
    money: Annotated[bool, FieldMeaning(mark("Whether it is a sum of money."))] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class StateCountData:
    """How many dossiers are in one state."""

    state: Annotated[CodeData, FieldMeaning(mark("What became of the dossiers."))]
    count: Annotated[int, FieldMeaning(mark("How many dossiers are in this state."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedDossierData:
    """What became of one dossier; sender and receiver both know the patient."""

    number: Annotated[str, FieldMeaning(mark("Number of the patient with the sender, or empty."))]
    name: Annotated[str, FieldMeaning(mark("Family name and given name."))]
    birth_date: Annotated[str, FieldMeaning(mark("Birth date as far as it is known, or empty."))]
    state: Annotated[CodeData, FieldMeaning(mark("What became of the dossier."))]
    records: Annotated[int, FieldMeaning(mark("Records that came in."))]
    files: Annotated[int, FieldMeaning(mark("Documents and images that came in."))]
    remark: Annotated[str, FieldMeaning(mark("What a person should know, or empty."), words=True)]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptData:
    """Facts of a receipt."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    identifier: Annotated[str, FieldMeaning(mark("Identifier of the package, or of the set."))]
    revision: Annotated[int, FieldMeaning(mark("Revision of the package; that of a set is 1."))]
    signed_list: Annotated[
        Digest | None, FieldMeaning(mark("SHA-256 of the signed list, 64 hexadecimal digits."))
    ]
    created: Annotated[datetime, FieldMeaning(mark("Moment at which the package was sealed."))]
    received: Annotated[datetime, FieldMeaning(mark("Moment at which the package was taken in."))]
    ground: Annotated[CodeData, FieldMeaning(mark("Legal ground of the transfer."))]
    sender: Annotated[PartyData, FieldMeaning(mark("Who hands over."))]
    receiver: Annotated[PartyData | None, FieldMeaning(mark("Who receives; `null` when nobody is stated."))]
    signers: Annotated[
        tuple[SignerData, ...], FieldMeaning(mark("Who signed, in the order of the signatures."))
    ]
    terms: Annotated[
        tuple[TermData, ...],
        FieldMeaning(mark("What the situation of the transfer says; empty without one.")),
    ]
    agreement: Annotated[
        AgreementData | None, FieldMeaning(mark("Who agreed on the roster; `null` without a roster."))
    ]
    complete: Annotated[bool, FieldMeaning(mark("Whether every dossier could be taken in."))]
    done: Annotated[bool, FieldMeaning(mark("And whether nothing is left to a person at the receiver's."))]
    states: Annotated[tuple[StateCountData, ...], FieldMeaning(mark("How many dossiers are in each state."))]
    counts: Annotated[
        tuple[ComparedCountData, ...], FieldMeaning(mark("Counts and sums, announced and found."))
    ]
    dossiers: Annotated[
        tuple[ReceivedDossierData, ...], FieldMeaning(mark("Each dossier; patients are named."))
    ]
