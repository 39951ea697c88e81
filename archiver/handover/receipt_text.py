"""The receipt as people read it, and the sentences it shares with what ``import`` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from archiver.handover.arrivals import Arrival
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences, count_records, dossier_lines, shown_count
from archiver.handover.receipt import Receipt
from archiver.practice.imports.dossier_part import DossierPart
from archiver.practice.registers.dossier_states import STATE_WORDS, DossierState
from archiver.scope.handover_terms import situation_lines
from archiver.scope.legal_ground import ground_words
from archiver.scope.rosters.roster_agreement import agreement_sentences
from formats.errors import Fact, in_words
from formats.model.dictionary.kinds import KINDS
from formats.words import LANGUAGES, BilingualText, Words, mark, plural, translate

ACCEPTED_ALL_THE_SAME = mark(
    "Whoever imported it accepted it all the same, by the SHA-256 of its signed list: {list}"
)
"""Said behind what could not be proven about the signature."""
PAGES_NOT_COMPARED = mark(
    "Pages INDEX.HTM not compared with their data, being of another version or another program: {count}"
)
NEWER_HERE = mark(
    "Units of which records stay as they are, the dossier being newer here than in the package: {count}"
)
TITLE = mark("Receipt of patient records")
TOTALS = (
    ("came_in", mark("Dossiers that came in: {count}")),
    ("already_there", mark("Dossiers that were here already: {count}")),
    ("recognised", mark("Patients recognised by INS and strict traits: {count}")),
    ("waiting", mark("Patients of whom a human must say who they are: {count}")),
    ("refused", mark("Units that could not be taken in: {count}")),
)


LEFT_ASIDE = mark("Dossiers left aside on purpose: {count}")
IN_PART_TITLE = mark("Dossiers that came in in part, by what was asked for: {count}")
IN_PART = plural(
    "{name}: {count} record or file left aside",
    "{name}: {count} records and files left aside",
)
KINDS_ASKED = mark("Asked for: {kinds}, with the medical history and what these records refer to.")
SINCE_ASKED = mark("Asked for: what is dated {since} or later, or has no date.")
UNTIL_ASKED = mark("Asked for: what is dated {until} or earlier, or has no date.")
LATER = mark("What was left aside comes in when the package is imported again without this choice.")
COUNTS_ASIDE = mark("Counts, announced, found and left aside:")
AGREEING = plural(
    "Counts agree with the package: {count} record or file.",
    "Counts agree with the package: {count} records and files.",
)
AGREEING_IN_PART = plural(
    "Counts agree with the package: {count} record or file came in, and what was left aside is {aside}.",
    "Counts agree with the package: {count} records and files came in, and what was left aside is {aside}.",
)
STATES_TITLE = mark("State of the dossiers ({count}):")
STATE = mark("  {state}: {count}")
DEGRADED_ENTRIES = mark("Entries that could not be taken as they were sent: {count}")
PLACEHOLDERS = mark("Documents and images that came without their content: {count}")
UNREAD_ALLERGIES = mark(
    "Dossiers with an allergy that could not be read, at which a person must look before the transfer is done: {count}"
)
ARRIVAL = mark("{name}: {why}")
ARRIVAL_LISTED = mark("{name} (so the sender's list; the dossier was not read): {why}")
QUESTION_TITLES = mark("Questions about identity open in this practice, earlier ones included: {count}")


def source_sentences(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, from which packages the units were taken, and who signed these."""
    for one in receipt.sources:
        yield (
            mark("Units taken from the package {package}, made on {moment} by {sender}"),
            {"package": one.package, "moment": one.created.isoformat(), "sender": one.sender},
        )
        yield one.answers.signed_by.sentence, dict(one.answers.signed_by.facts)


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


def destroyed_sentences(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, which units are not there, because a keeper lawfully destroyed them."""
    if receipt.destroyed:
        yield (
            mark("Units lawfully destroyed before, which did not come: {count}"),
            {"count": len(receipt.destroyed)},
        )
    for one in receipt.destroyed:
        yield "  - {unit}", {"unit": one}


def page_sentences(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, what is newer here, and what pages could not be compared with the data."""
    for sentence, group in (
        (NEWER_HERE, receipt.newer_here),
        (PAGES_NOT_COMPARED, receipt.pages_not_compared),
    ):
        if group:
            yield sentence, {"count": len(group)}


def asked_sentences(part: DossierPart) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, what was asked for of each dossier."""
    if part.kinds:
        kinds = [KINDS[kind].many for kind in part.kinds]
        words = Words(", ".join(one.fr for one in kinds), ", ".join(one.en for one in kinds))
        yield KINDS_ASKED, {"kinds": BilingualText(words)}
    if part.since:
        yield SINCE_ASKED, {"since": part.since.isoformat()}
    if part.until:
        yield UNTIL_ASKED, {"until": part.until.isoformat()}


def choice_sentences(receipt: Receipt, *, names: bool) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, what was asked for, and what was left aside; with ``names``, of whom."""
    yield from asked_sentences(receipt.part)
    if receipt.dossiers_left_aside:
        yield LEFT_ASIDE, {"count": len(receipt.dossiers_left_aside)}
        for one in receipt.dossiers_left_aside if names else ():
            yield "  - {name}", {"name": one.name or one.unit}
    if receipt.in_part:
        yield IN_PART_TITLE, {"count": len(receipt.in_part)}
        for one in receipt.in_part if names else ():
            yield IN_PART, {"name": f"  - {one.name or one.unit}", "count": count_records(one.left_aside)}
    if receipt.left_aside:
        yield LATER, {}


def agreement_sentence(receipt: Receipt) -> tuple[str, dict[str, Fact]]:
    """Return the sentence, with its facts, that says what was counted, where no unit was refused."""
    count = count_records(receipt.found)
    if not receipt.left_aside:
        return AGREEING, {"count": count}
    return AGREEING_IN_PART, {"count": count, "aside": count_records(receipt.left_aside)}


def state_sentences(receipt: Receipt, *, every: bool) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, how many dossiers are in each state, or in those in which one is.

    What a person must look at before the transfer is done comes behind.
    """
    yield STATES_TITLE, {"count": receipt.arrivals.states.total()}
    yield from state_counts(receipt, every=every)
    if receipt.arrivals.degraded:
        yield DEGRADED_ENTRIES, {"count": receipt.arrivals.degraded}
    if receipt.arrivals.placeholders:
        yield PLACEHOLDERS, {"count": receipt.arrivals.placeholders}
    if receipt.unread_allergies:
        yield UNREAD_ALLERGIES, {"count": len(receipt.unread_allergies)}
    for one in receipt.unread_allergies:
        yield "  - {name}", {"name": one.name}


def state_counts(receipt: Receipt, *, every: bool) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, how many dossiers are in each state, or in those in which one is."""
    for state in reversed(DossierState):
        count = receipt.arrivals.states[state]
        if count or every:
            yield STATE, {"state": STATE_WORDS[state], "count": count}


def receipt_text(receipt: Receipt) -> Iterator[str]:
    """Yield the lines of the receipt as a person reads it, in French, then in English."""
    separator = ""
    for language in LANGUAGES:
        yield separator
        yield from (f"{line}\n" for line in _page(receipt, language))
        separator = "\n"


def _page(receipt: Receipt, language: str) -> Iterator[str]:
    def localize(sentence: str, **facts: Fact) -> str:
        return in_words(sentence, facts, lambda one: translate(one, language, "archiver", "formats"))

    def lines(sentences: Iterable[tuple[str, dict[str, Fact]]]) -> Iterator[str]:
        return (localize(sentence, **facts) for sentence, facts in sentences)

    title = localize(TITLE)
    yield title
    yield "=" * len(title)
    yield from lines(_head(receipt))
    yield ""
    for name, sentence in TOTALS:
        arrivals = getattr(receipt, name)
        yield localize(sentence, count=len(arrivals))
        if name not in {"came_in", "already_there"}:
            yield from (f"  - {_line(one, language)}" for one in arrivals)
    yield from lines(choice_sentences(receipt, names=True))
    yield from lines(state_sentences(receipt, every=True))
    yield localize(QUESTION_TITLES, count=receipt.questions)
    yield from lines(content_sentences(receipt.found))
    for arrival in receipt.without_content:
        yield from dossier_lines(arrival.name or arrival.unit, arrival.missing, arrival.counts, language)
    yield from lines(
        chain(destroyed_sentences(receipt), retention_sentences(receipt), page_sentences(receipt))
    )
    yield ""
    yield localize(COUNTS_ASIDE if receipt.left_aside else mark("Counts, announced and found:"))
    kinds = receipt.announced.keys() | receipt.found.keys()
    yield from _counts(receipt, {localize(kind_words(kind)): kind for kind in kinds})


def _head(receipt: Receipt) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Yield, as sentences with their facts, which package it is, who sent and who received it, and when."""
    origin: dict[str, Fact] = {"package": receipt.package, "moment": receipt.created.isoformat()}
    yield mark("Package {package}, made on {moment} by {sender}"), {**origin, "sender": receipt.sender}
    for one in receipt.volumes:
        if one.set_id:
            yield (
                mark("Volume {number} of {of} of the set {set_id}: package {package}"),
                {"number": one.number, "of": one.of, "set_id": one.set_id, "package": one.package},
            )
    if receipt.signed_list:
        digest = receipt.signed_list.hex
        sentence = mark("Revision {revision}; SHA-256 of the signed list: {digest}")
        yield sentence, {"revision": receipt.revision, "digest": digest}
    yield mark("Legal ground: {ground}"), {"ground": ground_words(receipt.ground)}
    for term, value in situation_lines(receipt.terms):
        yield mark("  {term}: {value}"), {"term": term, "value": value}
    if receipt.agreement:
        yield from agreement_sentences(receipt.agreement)
    yield mark("Signed by {signer}"), {"signer": receipt.signer}
    yield mark("Fingerprint {fingerprint}"), {"fingerprint": receipt.fingerprint}
    if receipt.accepted:
        yield receipt.accepted.sentence, dict(receipt.accepted.facts)
    if receipt.doubt and receipt.accepted_list:
        yield receipt.doubt.sentence, dict(receipt.doubt.facts)
        yield ACCEPTED_ALL_THE_SAME, {"list": receipt.accepted_list.hex}
    yield from source_sentences(receipt)
    if receipt.receiver:
        yield mark("Received by {receiver}"), {"receiver": receipt.receiver}
    moment, zone = receipt.received_at.isoformat(), receipt.time_zone
    yield mark("Received on {moment} ({zone})"), {"moment": moment, "zone": zone or "UTC"}


def _counts(receipt: Receipt, kinds: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, kinds), default=0)
    for word, kind in sorted(kinds.items()):
        columns = (receipt.announced, receipt.found, *([receipt.left_aside] if receipt.left_aside else []))
        yield " ".join((f"  {word:<{width}}", *(f"{shown_count(kind, counts):>12}" for counts in columns)))


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
