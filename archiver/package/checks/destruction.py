"""Statements that units of a package were destroyed by law: what each names, and whether it is believed.

Nothing here needs a key. For each statement, in this order (archive-format-1.md §11.6):

1. Statements and signatures come in pairs, numbered from 001 without a gap.
2. The statement follows its grammar: two persons decided, and every term it names had ended.
3. It is about this package, and names units that the manifest has with this size and digest, and with no later term;
   none of them is there, and no other statement names it; it was carried out before the moment asked for.
4. The signature belongs to it, and its signer is accepted: by fingerprint, by a root made for one holder, or because
   the reader expects this name. What is accepted at first use is accepted as a sender, and does not count here.

A unit of which all of that is so is lawfully destroyed; any other that is missing is missing. What steps 1 to 3 find is
false, and so is a signature over something else; a signer whom nobody accepted leaves the units missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from archiver.nouns import SEALED_UNITS
from archiver.package import layout
from archiver.package.checks.faults import MAX_FAILURES
from archiver.package.checks.revision import is_earlier
from archiver.package.contents import open_member, small
from archiver.package.destruction.statement import (
    CLOCKS,
    MAX_STATEMENT_BYTES,
    DestroyedUnit,
    DestructionStatement,
    read_destruction_statement,
)
from archiver.package.errors import REFUSALS, DestructionStatementInvalid, MemberMissing
from archiver.package.manifests.manifest import Manifest
from archiver.package.member_table import Contents
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.verdict import LAWFULLY_DESTROYED, Answer, DestructionVerdict, State, proven_answer
from formats.errors import Fact, Failure, LimitExceeded
from formats.findings import Finding, Severity
from formats.words import Counted, mark

ACCEPTED = frozenset({"accepted", "accepted-expected"})
"""Codes with which the signer of a statement is accepted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundStatement:
    """A statement of destruction by its number, with its bytes; ``failure`` is why it cannot be read."""

    number: int
    statement: DestructionStatement | None = None
    failure: Failure | None = None

    @property
    def member(self) -> str:
        """Where the statement lies."""
        return layout.destruction_members(self.number)[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionJudgement:
    """What the statements come to: the members that are lawfully destroyed, and the ``faults`` that are false."""

    verdicts: tuple[DestructionVerdict, ...] = ()
    faults: tuple[Failure, ...] = ()

    @property
    def members(self) -> frozenset[str]:
        """The members that are lawfully destroyed."""
        return frozenset(name for one in self.verdicts if one.believed for name in one.members)


def find_statements(contents: Contents) -> tuple[FoundStatement, ...]:
    """Follow steps 1 and 2 for every statement of a package."""
    last = max((int(name[-8:-5]) for name in contents if _is_statement(name)), default=0)
    last = max([last, *(int(name[-7:-4]) for name in contents if _is_signature(name))])
    found = list[FoundStatement]()
    for number in range(1, last + 1):
        found.append(_read(contents, number))
        if isinstance(found[-1].failure, MemberMissing):  # what follows is refused with it
            break
    return tuple(found)


def stated_members(found: Sequence[FoundStatement]) -> frozenset[str]:
    """Return every member that a readable statement names, believed or not."""
    return frozenset(unit.member for one in found if one.statement for unit in one.statement.units)


def judge_statements(
    found: Sequence[FoundStatement],
    manifest: Manifest | None,
    contents: Contents,
    trust: Trust,
    proven_at: Callable[[str], Sequence[datetime]],
) -> DestructionJudgement:
    """Follow steps 3 and 4; ``proven_at`` tells when evidence proves that a member, by its name, existed."""
    verdicts, faults, named = list[DestructionVerdict](), list[Failure](), set[str]()
    if manifest is None:  # nobody can tell what it is about
        return DestructionJudgement(faults=tuple(one.failure for one in found if one.failure))
    for one in found:
        failure = one.failure or _contradiction(one, manifest, contents, named, trust.at)
        if failure is not None or one.statement is None:
            faults += [failure] if failure else []
            continue
        named |= {unit.member for unit in one.statement.units}
        answers, false = _signature(one.number, contents, trust, proven_at)
        faults += [false] if false else []
        verdicts.append(_verdict(one.member, one.statement, answers, false))
    return DestructionJudgement(verdicts=tuple(verdicts), faults=tuple(faults))


# -- 1 and 2 ------------------------------------------------------------------------------


def _is_statement(name: str) -> bool:
    return layout.is_destruction(name) and name.endswith(".json")


def _is_signature(name: str) -> bool:
    return layout.is_destruction(name) and name.endswith(".p7s")


def _read(contents: Contents, number: int) -> FoundStatement:
    statement, signature = layout.destruction_members(number)
    try:
        for name in (statement, signature):
            if name not in contents:
                raise MemberMissing(where=statement, member=name)
        with open_member(contents, statement, MAX_STATEMENT_BYTES) as stream:
            return FoundStatement(number=number, statement=read_destruction_statement(stream, statement))
    except REFUSALS as failure:
        return FoundStatement(number=number, failure=failure)


# -- 3 ------------------------------------------------------------------------------------


def _contradiction(
    one: FoundStatement, manifest: Manifest, contents: Contents, named: set[str], at: datetime
) -> Failure | None:
    """Return why a statement cannot be true of this package; ``named`` are the members that others before it name."""
    statement = one.statement
    if statement is None:
        return None
    if statement.package != manifest.package_id:
        reason = mark("it is about another package")
        return DestructionStatementInvalid(where=one.member, reason=reason)
    reason = next((text for unit in statement.units if (text := _departure(unit, manifest))), "")
    if statement.destroyed_at > at + CLOCKS:
        reason = mark("it was carried out after the moment for which it is judged")
    if any(unit.member in contents for unit in statement.units):
        reason = mark("a unit that it names is there")
    if any(unit.member in named for unit in statement.units):
        reason = mark("two statements name one unit")
    return DestructionStatementInvalid(where=one.member, reason=reason) if reason else None


def _departure(unit: DestroyedUnit, manifest: Manifest) -> str:
    try:
        stated = manifest.units.of_member(unit.member)
    except KeyError:
        return mark("it names a unit that the package never had")
    if (stated.size, stated.digest) != (unit.size, unit.digest):
        return mark("it names a unit with other bytes than were signed")
    if stated.destroy_from is None or is_earlier(unit.destroy_from, stated.destroy_from):
        return mark("the manifest states a later term, or none")
    return ""


# -- 4 ------------------------------------------------------------------------------------


def _signature(
    number: int, contents: Contents, trust: Trust, proven_at: Callable[[str], Sequence[datetime]]
) -> tuple[SignatureAnswers, Failure | None]:
    """Return the answers of the signature over a statement, and what of it is false."""
    statement, name = layout.destruction_members(number)
    try:
        signature = small(contents, name, MAX_SIGNATURE_BYTES)
    except LimitExceeded as failure:
        return SignatureAnswers(), failure
    moments = proven_at(name)
    for whom in (replace(trust, first_use=False, expected=()), replace(trust, first_use=False)):
        with contents[statement].open() as data:
            answers = answer_signature(signature, data, whom, where=name, proven_at=moments)
        if answers.trusted.code in ACCEPTED or not trust.expected:
            break
    false = [one.failure for one in (answers.signed_by, answers.existed_at) if one.state is State.REFUTED]
    return answers, false[0] if false else None


def _verdict(
    member: str, statement: DestructionStatement, answers: SignatureAnswers, false: Failure | None
) -> DestructionVerdict:
    believed = (
        false is None
        and answers.signed_by.state is State.PROVEN
        and answers.trusted.state is State.PROVEN
        and answers.trusted.code in ACCEPTED
    )
    return DestructionVerdict(
        place=member,
        keeper=statement.keeper,
        record=statement.record,
        requested_by=statement.requested_by,
        approved_by=statement.approved_by,
        destroyed_at=statement.destroyed_at,
        members=tuple(one.member for one in statement.units),
        answer=_deciding(answers),
        believed=believed,
    )


def _deciding(answers: SignatureAnswers) -> Answer:
    """Return the answer that decides whether a statement is believed."""
    return answers.trusted if answers.signed_by.state is State.PROVEN else answers.signed_by


def complete_answer(destroyed: Sequence[DestructionVerdict]) -> Answer:
    """Return the proven answer to *complete*, which names what was lawfully ``destroyed`` and who signed that."""
    believed = [one for one in destroyed if one.believed]
    if not believed:
        return proven_answer("complete", mark("Everything that was signed is there, and nothing else."))
    last = max(believed, key=lambda one: one.destroyed_at)
    return proven_answer(
        LAWFULLY_DESTROYED,
        mark(
            "Everything that was signed is there, but for {units}, which went by a lawful destruction, the last on "
            "{day}: {keeper} states it, signed {signer}, fingerprint {fingerprint}."
        ),
        units=Counted(sum(len(one.members) for one in believed), SEALED_UNITS),
        day=f"{last.destroyed_at:%Y-%m-%d}",
        keeper=last.keeper,
        signer=last.answer.facts["signer"],
        fingerprint=last.answer.facts["fingerprint"],
    )


def statement_findings(verdicts: Iterable[DestructionVerdict]) -> Iterator[Finding]:
    """Yield each unit that is lawfully destroyed, at most ``MAX_FAILURES``, and why a statement is not believed."""
    yield from islice(_destroyed(verdicts), MAX_FAILURES)
    for one in verdicts:
        if not one.believed and one.answer.state is State.UNKNOWN:
            yield Finding(
                severity=Severity.WARNING,
                code=one.answer.code,
                where=one.answer.where,
                sentence=one.answer.sentence,
                facts=one.answer.facts,
            )


def _destroyed(verdicts: Iterable[DestructionVerdict]) -> Iterator[Finding]:
    sentence = mark(
        "Unit {member} was lawfully destroyed on {day}, its term having ended: {keeper} states it; {requested_by} asked"
        " for it, {approved_by} approved it."
    )
    for one in verdicts:
        facts: dict[str, Fact] = {
            "day": f"{one.destroyed_at:%Y-%m-%d}",
            "keeper": one.keeper,
            "requested_by": one.requested_by,
            "approved_by": one.approved_by,
        }
        for member in one.members if one.believed else ():
            yield Finding(
                severity=Severity.NOTE,
                code=LAWFULLY_DESTROYED,
                where=one.place,
                sentence=sentence,
                facts={"member": member, **facts},
            )
