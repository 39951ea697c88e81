"""What a person should know of an import that is only previewed, in sentences: everything is what would be."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.handover.receipt import Receipt
from archiver.handover.receipt_text import DEGRADED_ENTRIES, UNREAD_ALLERGIES, asked_sentences, state_counts
from formats.errors import Fact
from formats.words import mark

_TOTALS = (
    ("came_in", mark("Dossiers that would come in: {count}")),
    ("already_there", mark("Dossiers that are here already: {count}")),
    ("recognised", mark("Patients who would be recognised by INS and strict traits: {count}")),
    ("waiting", mark("Patients of whom a human would have to say who they are: {count}")),
    ("refused", mark("Units that could not be taken in: {count}")),
)
_LEFT_ASIDE = mark("Dossiers that would be left aside on purpose: {count}")
_IN_PART = mark("Dossiers that would come in in part, by what is asked for: {count}")
_STATES_TITLE = mark("State that the dossiers would have ({count}):")
_PLACEHOLDERS = mark("Documents and images that would come without their content: {count}")


def preview_sentences(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, what an import would bring, of which ``receipt`` would be the receipt."""
    for name, sentence in _TOTALS:
        yield sentence, {"count": len(getattr(receipt, name))}
    yield from asked_sentences(receipt.part)
    for sentence, group in ((_LEFT_ASIDE, receipt.dossiers_left_aside), (_IN_PART, receipt.in_part)):
        if group:
            yield sentence, {"count": len(group)}
    yield _STATES_TITLE, {"count": receipt.arrivals.states.total()}
    yield from state_counts(receipt, every=False)
    for sentence, count in (
        (DEGRADED_ENTRIES, receipt.arrivals.degraded),
        (_PLACEHOLDERS, receipt.arrivals.placeholders),
        (UNREAD_ALLERGIES, len(receipt.unread_allergies)),
    ):
        if count:
            yield sentence, {"count": count}
