"""The receipt as people read it, and the sentences it shares with what ``import`` says."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences, dossier_lines, shown_count
from archiver.handover.receipt import Arrival, Receipt
from archiver.scope.legal_ground import ground_words
from formats.errors import Fact, in_words
from formats.words import LANGUAGES, mark, translate

ACCEPTED_ALL_THE_SAME = mark(
    "Whoever imported it accepted it all the same, by the SHA-256 of its signed list: {list}"
)
"""Said behind what could not be proven about the signature."""
PAGES_NOT_COMPARED = mark(
    "Pages INDEX.HTM not compared with their data, being of another version or another program: {count}"
)
TITLE = mark("Receipt of patient records")
TOTALS = (
    ("came_in", mark("Dossiers that came in: {count}")),
    ("already_there", mark("Dossiers that were here already: {count}")),
    ("recognised", mark("Patients recognised by INS and strict traits: {count}")),
    ("waiting", mark("Patients of whom a human must say who they are: {count}")),
    ("refused", mark("Units that could not be taken in: {count}")),
)


ARRIVAL = mark("{name}: {why}")
ARRIVAL_LISTED = mark("{name} (so the sender's list; the dossier was not read): {why}")
QUESTION_TITLES = mark("Questions about identity open in this practice, earlier ones included: {count}")


def retention_sentences(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, how long the dossiers have to be kept: the sender's manifest says so."""
    yield (
        mark("Dossiers under a hold, to be kept beyond their term: {count}"),
        {"count": len(receipt.on_hold)},
    )
    for one in receipt.on_hold:
        yield "  - {name}", {"name": one.name or one.unit}
    if receipt.destroy_from:
        day = receipt.destroy_from.isoformat()
        yield mark("By the sender's manifest, no dossier may be destroyed before {day}"), {"day": day}
    without = len(receipt.without_term)
    if without:
        yield mark("Dossiers kept because nobody can tell their term: {count}"), {"count": without}


def page_sentences(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as a sentence with its facts, how many pages could not be compared with the data beside them."""
    count = len(receipt.pages_not_compared)
    if count:
        yield PAGES_NOT_COMPARED, {"count": count}


def receipt_text(receipt: Receipt) -> str:
    """Return the receipt as a person reads it, in French, then in English."""
    return "\n\n".join("\n".join(_page(receipt, language)) for language in LANGUAGES) + "\n"


def _page(receipt: Receipt, language: str) -> Iterator[str]:
    def localize(sentence: str, **facts: Fact) -> str:
        return in_words(sentence, facts, lambda one: translate(one, language, "archiver", "formats"))

    title = localize(TITLE)
    yield title
    yield "=" * len(title)
    yield localize(mark("Package {package}, made on {moment} by {sender}"), **_origin(receipt))
    for one in receipt.volumes:
        if one.set_id:
            yield localize(
                mark("Volume {number} of {of} of the set {set_id}: package {package}"),
                number=one.number,
                of=one.of,
                set_id=one.set_id,
                package=one.package,
            )
    yield localize(mark("Legal ground: {ground}"), ground=localize(ground_words(receipt.ground)))
    yield localize(mark("Signed by {signer}"), signer=receipt.signer)
    yield localize(mark("Fingerprint {fingerprint}"), fingerprint=receipt.fingerprint)
    if receipt.accepted:
        yield localize(receipt.accepted.sentence, **receipt.accepted.facts)
    if receipt.doubt:
        yield localize(receipt.doubt.sentence, **receipt.doubt.facts)
        yield localize(ACCEPTED_ALL_THE_SAME, list=receipt.accepted_list)
    yield localize(mark("Received on {moment}"), moment=receipt.received_at.isoformat())
    yield ""
    for name, sentence in TOTALS:
        arrivals = getattr(receipt, name)
        yield localize(sentence, count=len(arrivals))
        if name not in {"came_in", "already_there"}:
            yield from (f"  - {_line(one, language)}" for one in arrivals)
    yield localize(QUESTION_TITLES, count=receipt.questions)
    yield from (localize(sentence, **facts) for sentence, facts in content_sentences(receipt.found))
    for arrival in receipt.dossiers:
        yield from dossier_lines(arrival.name or arrival.unit, arrival.missing, arrival.counts, language)
    sentences = (*retention_sentences(receipt), *page_sentences(receipt))
    yield from (localize(sentence, **facts) for sentence, facts in sentences)
    yield ""
    yield localize(mark("Counts, announced and found:"))
    kinds = {localize(kind_words(kind)): kind for kind in receipt.announced.keys() | receipt.found.keys()}
    width = max(map(len, kinds), default=0)
    for word, kind in sorted(kinds.items()):
        yield f"  {word:<{width}} {shown_count(kind, receipt.announced):>12} {shown_count(kind, receipt.found):>12}"


def _origin(receipt: Receipt) -> dict[str, Fact]:
    return {"package": receipt.package, "moment": receipt.created.isoformat(), "sender": receipt.sender}


def _line(arrival: Arrival, language: str) -> str:
    def localize(sentence: str) -> str:
        return translate(sentence, language, "archiver", "formats")

    return in_words(arrival_sentence(arrival), arrival_facts(arrival), localize)


def arrival_facts(arrival: Arrival) -> dict[str, Fact]:
    """Return what a line about one arrival says: who, and why it is worth a line."""
    return {"name": arrival.name or arrival.unit, "why": arrival.refusal or arrival.reason}


def arrival_sentence(arrival: Arrival) -> str:
    """Return the sentence for a line about one arrival; whom nobody read, the sender's list names."""
    return ARRIVAL if arrival.read or not arrival.name else ARRIVAL_LISTED
