"""The situation in which dossiers leave, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from archiver.cli.terminal.console import say
from archiver.cli.terminal.language import localize
from archiver.scope.handover_terms import LEFT_OUT_TERMS, HandoverTerm, situation_lines
from archiver.scope.situations import SITUATIONS, SituationCode
from formats.words import mark


def show_situation(
    terms: Mapping[HandoverTerm, str], left_out: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Say what the practice's unit states of the situation, and what is withheld of dossiers."""
    for title, value in situation_lines(terms):
        say(mark("{term}: {value}."), term=localize(title).capitalize(), value=localize(value))
    if not all(
        kind in LEFT_OUT_TERMS for kind in left_out
    ):  # few packages have a use for the words of the model
        from archiver.scope.redactions import redaction_sentences

        for sentence, facts in redaction_sentences(left_out):
            say(sentence, **facts)


def show_documents(code: SituationCode, *, written: bool) -> None:
    """Name the documents that go with a situation, but those that were ``written``."""
    from archiver.paperwork.documents import DOCUMENT_WORDS, TransferDocument

    names = [TransferDocument(name) for name in SITUATIONS[code].documents]
    left = [
        one for one in names if not (written and one in {TransferDocument.SLIP, TransferDocument.ATTESTATION})
    ]
    if left:
        words = ", ".join(localize(DOCUMENT_WORDS[one]) for one in left)
        say(mark("Documents that go with it (archiver paperwork): {documents}."), documents=words)
