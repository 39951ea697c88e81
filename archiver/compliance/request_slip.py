"""Slip that goes with a dossier handed over on request: what it is, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from archiver.compliance.request_words import OMISSION_WORDS, REQUESTER_WORDS, Omission, Requester
from formats.digests import Digest
from formats.errors import in_words
from formats.findings import Finding
from formats.model.dictionary.kinds import KINDS
from formats.printable import printable
from formats.words import LANGUAGES, mark, translate

TITLE = mark("Dossier handed over on request")
LINES = (
    mark("Practice: {practice}"),
    mark("Patient: {patient}"),
    mark("Asked for by: {name} ({requester}), on {received}"),
    mark("Written on: {written}"),
)
OPEN = mark(
    "Open INDEX.HTM in a browser. SHA256.TXT lists the sum of every file; its own SHA-256, above, proves that a "
    "copy is the same."
)
EXTRACT = mark(
    "7-Zip opens the ZIP with the passphrase, which is given by another way: extract all of it, and open "
    "INDEX.HTM in a browser. SHA-256 proves that a copy is the same."
)
NOTHING = mark("Nothing was left out.")
LOST = mark("Files that the practice had and cannot give back:")
LEFT_OUT = mark("Left out:")
EMPTIED = mark("Names and details of other persons were taken out ({kind}): {count}")
REASON = mark("{what}: {why}")
WIDTH = 76


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredFile:
    """A file of a delivery; ``size`` in bytes."""

    name: str
    size: int
    digest: Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """What a slip says; ``left_out`` counts records by kind and reason, ``emptied`` by kind and field.

    ``zipped`` says that the dossier is one ZIP for a passphrase; ``lost`` are the files that the practice lost.
    """

    patient: str
    practice: str
    requester: Requester
    name: str
    received: str
    written: str
    files: tuple[DeliveredFile, ...]
    left_out: Mapping[tuple[str, Omission], int]
    emptied: Mapping[tuple[str, str], int]
    zipped: bool = False
    lost: tuple[Finding, ...] = ()


def slip_text(slip: Slip) -> bytes:
    """Return the slip in French and in English, as any editor opens it."""
    pages = ("\r\n".join(_page(slip, language)) for language in LANGUAGES)
    return "\ufeff".encode() + ("\r\n" + "-" * WIDTH + "\r\n").join(pages).encode() + b"\r\n"


def _page(slip: Slip, language: str) -> Iterator[str]:
    def words(sentence: str, **facts: str | int) -> str:
        return translate(sentence, language, "archiver", "formats").format(**facts)

    facts = {
        "practice": printable(slip.practice),
        "patient": printable(slip.patient),
        "name": printable(slip.name),
        "requester": words(REQUESTER_WORDS[slip.requester]),
        "received": slip.received[:10],
        "written": slip.written,
    }
    yield words(TITLE).upper()
    yield ""
    yield from (words(line, **facts) for line in LINES)
    yield ""
    for one in slip.files:
        yield f"{one.name}  {one.size}  SHA-256 {one.digest.hex}"
    yield ""
    yield words(EXTRACT if slip.zipped else OPEN)
    yield ""
    yield from _omissions(slip, language, words)


def _omissions(slip: Slip, language: str, words: Callable[..., str]) -> Iterator[str]:
    if not (slip.left_out or slip.emptied or slip.lost):
        yield words(NOTHING)
        return
    if slip.lost:
        yield words(LOST)
    for one in slip.lost:
        text = in_words(
            one.sentence, one.facts, lambda text: translate(text, language, "archiver", "formats")
        )
        yield f"- {printable(text)}"
    if slip.left_out:
        yield words(LEFT_OUT)
    for (kind, reason), count in sorted(slip.left_out.items()):
        yield f"- {words(REASON, what=_kind(kind, count, language), why=words(OMISSION_WORDS[reason]))}"
    by_kind: dict[str, int] = {}
    for (kind, _), count in slip.emptied.items():
        by_kind[kind] = max(by_kind.get(kind, 0), count)
    for kind, count in sorted(by_kind.items()):
        yield f"- {words(EMPTIED, count=count, kind=getattr(KINDS[kind].many, language))}"


def _kind(kind: str, count: int, language: str) -> str:
    entry = KINDS[kind]
    return f"{count} {getattr(entry.one if count == 1 else entry.many, language)}"
