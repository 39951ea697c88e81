"""What is said of missing content: how much of how much, of which dossier, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archiver.handover.kinds import kind_words
from formats.errors import Fact, in_words
from formats.model.missing import EMPTY_FILES, REASONS, SUMS, UNREAD_AMOUNTS, WITHOUT_FILE, Missing
from formats.words import mark, translate

CONTENT = mark("Documents and pictures: {all}, of which without content: {without}")
AMOUNTS = mark("Amounts that could not be read: {count}")
LACKS = mark("{name}: {what}, {missing} of {of}: {why}")


def content_sentences(counts: Mapping[str, int]) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, how much of what ``counts`` counts has no content."""
    every = counts.get("documents", 0) + counts.get("image_files", 0)
    if every:
        without = counts.get(WITHOUT_FILE, 0) + counts.get(EMPTY_FILES, 0)
        yield CONTENT, {"all": every, "without": without}
    if counts.get(UNREAD_AMOUNTS, 0):
        yield AMOUNTS, {"count": counts[UNREAD_AMOUNTS]}


def dossier_lines(name: str, missing: Missing, counts: Mapping[str, int], language: str) -> Iterator[str]:
    """Yield what the dossier of ``name`` lacks as lines in ``language``, kind by kind and with the reason."""

    def localize(sentence: str) -> str:
        return translate(sentence, language, "archiver", "formats")

    for (what, reason), count in sorted(missing.items()):
        facts: dict[str, Fact] = {"name": name, "missing": count, "of": counts.get(what, 0)}
        yield f"  - {in_words(LACKS, {**facts, 'what': kind_words(what), 'why': REASONS[reason]}, localize)}"


def shown_count(kind: str, counts: Mapping[str, int]) -> str:
    """Return a count as people read it; a sum of money has two decimals."""
    count = counts.get(kind, 0)
    return f"{count // 100}.{count % 100:02}" if kind in SUMS else str(count)


def count_records(counts: Mapping[str, int]) -> int:
    """Return how many records and files ``counts`` counts: no bytes, no money, nothing that is missing."""
    others = {"file_bytes", WITHOUT_FILE, EMPTY_FILES, UNREAD_AMOUNTS} | SUMS
    return sum(count for kind, count in counts.items() if kind not in others)


def missing_json(missing: Missing, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return what one dossier lacks, as JSON documents say it."""
    return [
        {"what": what, "missing": count, "of": counts.get(what, 0), "reason": reason.value}
        for (what, reason), count in sorted(missing.items())
    ]
