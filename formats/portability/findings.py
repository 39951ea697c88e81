"""What is noticed about a portability archive: each code with its one sentence."""

from __future__ import annotations

from formats.findings import Finding, Severity
from formats.words import mark

_SENTENCES: dict[str, tuple[Severity, str]] = {
    "pdlgc-manifest-missing": (
        Severity.WARNING,
        mark("The portability archive has no manifest: its parts are taken as they lie there."),
    ),
    "pdlgc-manifest-unread": (
        Severity.WARNING,
        mark("The manifest cannot be read: the parts are taken as they lie there."),
    ),
    "pdlgc-manifest-not-well-formed": (
        Severity.WARNING,
        mark(
            "The manifest is not well-formed ({fault}): what can be read of it is compared with what is there."
        ),
    ),
    "pdlgc-manifest-changed": (
        Severity.ERROR,
        mark(
            "The manifest is not the one that was signed: what it says of sizes and digests is not believed."
        ),
    ),
    "pdlgc-unsigned": (
        Severity.NOTE,
        mark("The portability archive is not signed (SIGN.XML): nothing tells who made it."),
    ),
    "pdlgc-signature-unjudged": (
        Severity.NOTE,
        mark(
            "The parts are compared with the digests that were signed; who signed, and whether it holds, is not judged."
        ),
    ),
    "pdlgc-counts": (
        Severity.WARNING,
        mark("The manifest counts {expected} of these parts, and there are {found}: {what}."),
    ),
    "pdlgc-partial": (
        Severity.NOTE,
        mark("The sender says of this export: {status}."),
    ),
    "pdlgc-missing": (Severity.ERROR, mark("The manifest lists {name}, which is not there.")),
    "pdlgc-unlisted": (
        Severity.ERROR,
        mark("Neither the manifest nor the signature names this part: it is refused."),
    ),
    "pdlgc-size": (
        Severity.ERROR,
        mark("The length of this part in bytes is {found}, and the manifest says {expected}: it is refused."),
    ),
    "pdlgc-hash": (
        Severity.ERROR,
        mark("This part has not the digest that the manifest or the signature says: it is refused."),
    ),
    "pdlgc-unchecked": (
        Severity.NOTE,
        mark("No digest of this part is stated, or it is unpacked: it is taken as it is."),
    ),
    "pdlgc-own-changed": (
        Severity.WARNING,
        mark(
            "This part has a whole dossier of this program (DATA/DOSSIER.JSO) that is not as it was written "
            "({fault}): what every program reads is taken instead."
        ),
    ),
    "pdlgc-other-patient": (
        Severity.WARNING,
        mark(
            "The manifest names another patient ({number}) than the documents of this part: the documents are believed."
        ),
    ),
    "pdlgc-no-patient": (
        Severity.ERROR,
        mark("Nothing in this part tells whose this file is: it is not taken."),
    ),
    "pdlgc-no-documents": (
        Severity.WARNING,
        mark(
            "Nothing in this part tells of a patient: what is in it is kept word for word, and is nobody's."
        ),
    ),
    "pdlgc-pdf-only": (
        Severity.WARNING,
        mark(
            "This part has no document with metadata: the manifest and the names of its PDFs alone tell of whom it is."
        ),
    ),
    "pdlgc-pdf-alone": (
        Severity.NOTE,
        mark("This PDF is no copy of a document with metadata: it is kept as a document of its own."),
    ),
    "pdlgc-pdf-copies": (
        Severity.NOTE,
        mark("Copies in PDF of documents that are taken: they are not taken twice ({count})."),
    ),
    "pdlgc-file-other": (
        Severity.NOTE,
        mark("The guide does not say what this file is: it is kept as a document."),
    ),
    "pdlgc-file-too-long": (
        Severity.ERROR,
        mark("This file about the export as a whole is too long to be kept ({found}): it is not taken."),
    ),
    "pdlgc-beside": (Severity.WARNING, mark("This file is part of no portability archive: it is not taken.")),
}
"""Severity and sentence of each code."""


def portability_finding(code: str, where: str, **facts: str | int) -> Finding:
    """Return the finding ``code`` about ``where``."""
    severity, sentence = _SENTENCES[code]
    return Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)
