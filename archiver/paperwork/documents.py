"""The documents there are: their names, the files they become, and their printing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from archiver.paper.typesetting import typeset
from archiver.paperwork.departure import DepartureData
from archiver.paperwork.meaning import document_json
from archiver.paperwork.reception import ReceiptData
from archiver.paperwork.registers.breach import BreachData
from archiver.paperwork.registers.destruction import DestructionData
from archiver.paperwork.registers.processing import NoticeData, ProcessingData
from archiver.paperwork.transfer import TransferData
from formats.words import LANGUAGES, Words, mark


class TransferDocument(StrEnum):
    """A document by the name of its template."""

    SLIP = "slip"
    ATTESTATION = "attestation"
    PATIENTS_LETTER = "patients-letter"
    ORDER_NOTICE = "order-notice"
    ARS_NOTICE = "ars-notice"
    RECEIPT = "receipt"


class RegisterDocument(StrEnum):
    """A document of a register (GDPR), by the name of its template."""

    PROCESSING = "processing-register"
    NOTICE = "waiting-room-notice"
    BREACH = "breach-sheet"


class VaultDocument(StrEnum):
    """A document of a vault, by the name of its template."""

    DESTRUCTION = "destruction-certificate"


Document = TransferDocument | RegisterDocument | VaultDocument
DOCUMENTS: tuple[Document, ...] = (*TransferDocument, *RegisterDocument, *VaultDocument)

FILE_NAMES: Mapping[Document, Words] = {
    TransferDocument.SLIP: Words("bordereau-de-transfert", "transfer-slip"),
    TransferDocument.ATTESTATION: Words("attestation-d-exhaustivite", "attestation-of-completeness"),
    TransferDocument.PATIENTS_LETTER: Words("lettre-aux-patients", "letter-to-patients"),
    TransferDocument.ORDER_NOTICE: Words("lettre-a-l-ordre", "notice-to-the-order"),
    TransferDocument.ARS_NOTICE: Words("lettre-a-l-ars", "notice-to-the-health-agency"),
    TransferDocument.RECEIPT: Words("accuse-de-reception", "receipt"),
    RegisterDocument.PROCESSING: Words("registre-des-traitements", "register-of-processing"),
    RegisterDocument.NOTICE: Words("affiche-salle-d-attente", "waiting-room-notice"),
    RegisterDocument.BREACH: Words("fiche-de-violation", "breach-sheet"),
    VaultDocument.DESTRUCTION: Words("certificat-de-destruction", "certificate-of-destruction"),
}
"""What the file of a document is called in each language, without its ending."""
DOCUMENT_WORDS: Mapping[TransferDocument, str] = {
    TransferDocument.SLIP: mark("transfer slip"),
    TransferDocument.ATTESTATION: mark("attestation of completeness"),
    TransferDocument.PATIENTS_LETTER: mark("letter to the patients"),
    TransferDocument.ORDER_NOTICE: mark("notice to the Order"),
    TransferDocument.ARS_NOTICE: mark("notice to the health agency"),
    TransferDocument.RECEIPT: mark("receipt"),
}
"""What a document of a transfer is called in a sentence."""
DATA: Mapping[Document, type] = {
    TransferDocument.SLIP: TransferData,
    TransferDocument.ATTESTATION: TransferData,
    TransferDocument.PATIENTS_LETTER: DepartureData,
    TransferDocument.ORDER_NOTICE: DepartureData,
    TransferDocument.ARS_NOTICE: DepartureData,
    TransferDocument.RECEIPT: ReceiptData,
    RegisterDocument.PROCESSING: ProcessingData,
    RegisterDocument.NOTICE: NoticeData,
    RegisterDocument.BREACH: BreachData,
    VaultDocument.DESTRUCTION: DestructionData,
}
"""Type of the data that a document's template gets."""


def file_name(document: Document, language: str) -> str:
    """Return what the file of a document is called."""
    return f"{getattr(FILE_NAMES[document], language)}.pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDocument:
    """A document in one language: the name of its file, the PDF, the data its template got.

    ``letters`` are those of the data that no font has; each is printed as its code point.
    """

    name: str
    language: str
    pdf: bytes
    data: Mapping[str, Any]
    letters: tuple[str, ...] = ()


def print_document(
    document: Document, data: Any, templates: Mapping[str, bytes], *, made: datetime
) -> Iterator[PrintedDocument]:
    """Yield ``document`` in each language, French first; the same arguments give the same bytes.

    Raises:
        TemplateInvalid: when a template cannot be used.
        DiskFull, DiskFault: what the disk answered.
    """
    for language in LANGUAGES:
        facts, letters = document_json(data, language)
        whole = {"document": document.value, "language": language, "letters": list(letters), **facts}
        yield PrintedDocument(
            name=file_name(document, language),
            language=language,
            pdf=typeset(templates, f"{language}/{document.value}.typ", whole, made=made),
            data=whole,
            letters=letters,
        )
