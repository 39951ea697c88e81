"""What an examination answers: one question per field, never a single yes.

An answer is *proven*, *refuted* (only where something is false) or *unknown* (with the reason why
nobody can tell). A refuted answer, and an unknown one with which no package may be opened, carry the
failure that an opening would raise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from archiver.indications import Indication, indication_of
from formats.digests import DigestAlgorithm
from formats.errors import Fact, Failure, in_english
from formats.findings import Finding, Severity
from formats.words import mark


class State(StrEnum):
    """How far a question could be settled."""

    PROVEN = "proven"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


class Revocation(StrEnum):
    """Whether anything about revocations was examined for an answer that rests on certificates."""

    EXAMINED = "examined"
    NOT_EXAMINED = "not-examined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer to one question: ``sentence`` is a gettext message with named ``facts``.

    ``failure`` is what an opening raises; ``revocation`` is nothing where no certificate was asked about.
    """

    state: State
    code: str
    sentence: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    where: str = ""
    failure: Failure | None = field(default=None, compare=False, repr=False)
    revocation: Revocation | None = None

    @property
    def besides(self) -> str:
        """What has to be said after a proven answer; a gettext message, or nothing."""
        unexamined = self.state is State.PROVEN and self.revocation is Revocation.NOT_EXAMINED
        return NO_REVOCATION if unexamined else ""

    @property
    def indication(self) -> Indication:
        """Indication and sub-indication of ETSI EN 319 102-1."""
        return indication_of(self.state.value, self.code, str(self.facts.get("reason", "")))

    @property
    def text(self) -> str:
        """The English sentence with its facts in place."""
        return in_english(self.sentence, self.facts)


def proven_answer(code: str, sentence: str, *, where: str = "", **facts: Fact) -> Answer:
    """Return the answer that holds."""
    return Answer(state=State.PROVEN, code=code, sentence=sentence, facts=facts, where=where)


def unknown_answer(code: str, sentence: str, *, where: str = "", **facts: Fact) -> Answer:
    """Return the answer nobody can give, with the reason."""
    return Answer(state=State.UNKNOWN, code=code, sentence=sentence, facts=facts, where=where)


def refuted_answer(failure: Failure) -> Answer:
    """Return the answer that is false, with the failure an opening would raise."""
    return _failed(failure, State.REFUTED)


def unproven_answer(failure: Failure) -> Answer:
    """Return the answer nobody can give and with which nothing may be opened, with the failure that says so."""
    return _failed(failure, State.UNKNOWN)


def _failed(failure: Failure, state: State) -> Answer:
    return Answer(
        state=state,
        code=failure.code,
        sentence=failure.sentence,
        facts=dict(failure.facts),
        where=failure.where,
        failure=failure,
    )


def fault_line(failure: Failure) -> Finding:
    """Return ``failure`` as one line of a list of everything that is wrong."""
    return Finding(
        severity=Severity.ERROR,
        code=failure.code,
        where=failure.where,
        sentence=failure.sentence,
        facts=dict(failure.facts),
    )


NO_REVOCATION = mark("No revocation information was examined.")
"""What follows a proven answer about certificates for which nothing spoke of revocations."""
NOT_EXAMINED = unknown_answer("not-examined", mark("This was not examined, because an earlier step failed."))
"""The answer to every question behind a step that already failed."""


class Renewal(StrEnum):
    """What has to be done before an evidence record stops proving anything."""

    TIME_STAMP = "time-stamp"
    HASH_TREE = "hash-tree"


@dataclass(frozen=True, kw_only=True, slots=True)
class StampVerdict:
    """One archive time-stamp: ``place`` is its chain and its place there, counted from 1 (``2.1``).

    ``time`` and ``authority`` are what its token says, true or not; ``until`` is when
    the first thing under it ends: ``algorithm``, or where that is empty a certificate.
    """

    place: str
    digest_algorithm: DigestAlgorithm
    time: datetime
    authority: str
    until: datetime
    answer: Answer
    algorithm: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordVerdict:
    """What one evidence record of a package answers; ``member`` is where it lies.

    ``renew_before`` and ``renewal`` say what comes next; nothing for a record that proves nothing.
    """

    member: str
    existed_at: Answer
    stamps: tuple[StampVerdict, ...] = ()
    renew_before: datetime | None = None
    renewal: Renewal | None = None

    @property
    def chains(self) -> int:
        """How many hash functions followed each other."""
        return len({one.place.partition(".")[0] for one in self.stamps})


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidUntil:
    """Until when something proves what it does: the first thing under it that ends.

    That is ``algorithm``, or where it is empty a certificate.
    """

    until: datetime
    algorithm: str = ""


class Duty(StrEnum):
    """What a keeper has to do next, so that what is proven stays proven."""

    EVIDENCE = "evidence"
    TIME_STAMP = "time-stamp"
    HASH_TREE = "hash-tree"


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What has to be done before when, and what ends then: an ``algorithm``, or where it is empty a certificate."""

    duty: Duty
    before: datetime
    algorithm: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """What the first revision of a package proves by its own signature, time-stamp and evidence.

    ``existed_at`` is since when the sealed units exist; the later revision's own manifest is younger.
    """

    signed_by: Answer = NOT_EXAMINED
    existed_at: Answer = NOT_EXAMINED
    trusted: Answer = NOT_EXAMINED

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """Yield every question with its answer, in the order in which people ask."""
        for question in fields(self):
            yield question.name, getattr(self, question.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceVerdict:
    """What a package proves from which units of this one were taken; its words lie under ``place``.

    ``sender`` and ``created`` are what its manifest says. ``answers`` are about the revision from which the units
    were taken, ``origin`` about the first one where that was a later one; ``existed_at`` is since when the units exist.
    """

    place: str
    package: str
    sender: str
    created: datetime
    revision: int
    answers: Origin
    origin: Origin | None = None


LAWFULLY_DESTROYED = "member-lawfully-destroyed"
"""Code of a member that is missing because a keeper destroyed it at the end of its term, and signed that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionVerdict:
    """What a statement at ``place`` says, that ``members`` were destroyed, and whether it is ``believed``.

    ``record`` is the destruction in the registers of the ``keeper``. ``answer`` is about who signed the statement.
    """

    place: str
    keeper: str
    record: str
    requested_by: str
    approved_by: str
    destroyed_at: datetime
    members: tuple[str, ...]
    answer: Answer
    believed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What an examination without any key found out.

    ``intact``: nothing in the package was changed since it was signed.
    ``complete``: everything that was signed is there, and nothing else.
    ``signed_by``: the signature belongs to the package, and whose it is.
    ``existed_at``: since when the package provably exists.
    ``trusted``: the signer is someone the reader accepts.
    ``findings`` lists every fault, where an answer names only the first; ``records`` is
    what each evidence record says, for whoever has to renew it. ``holds`` is until when the signatures
    prove what they do by themselves, where they do. ``origin`` is what the first revision proves,
    where this is a later one; ``sources`` is what the packages prove from which its units were taken, those of a
    source after it. ``destroyed`` are the statements that units were destroyed by law, believed or not.
    """

    intact: Answer = NOT_EXAMINED
    complete: Answer = NOT_EXAMINED
    signed_by: Answer = NOT_EXAMINED
    existed_at: Answer = NOT_EXAMINED
    trusted: Answer = NOT_EXAMINED
    findings: tuple[Finding, ...] = ()
    records: tuple[RecordVerdict, ...] = ()
    holds: ValidUntil | None = None
    origin: Origin | None = None
    sources: tuple[SourceVerdict, ...] = ()
    destroyed: tuple[DestructionVerdict, ...] = ()

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """Yield every question with its answer, in the order in which people ask."""
        for question in fields(self):
            answer = getattr(self, question.name)
            if isinstance(answer, Answer):
                yield question.name, answer

    @property
    def due(self) -> Due | None:
        """What has to be done next: renew the evidence that ends first, or give some where there is none."""
        duties = [
            Due(duty=Duty(one.renewal), before=one.renew_before, algorithm=one.stamps[-1].algorithm)
            for one in self.records
            if one.renewal and one.renew_before
        ]
        whole = all(one.state is State.PROVEN for one in (self.intact, self.complete, self.signed_by))
        if self.holds and whole and not duties:
            duties = [Due(duty=Duty.EVIDENCE, before=self.holds.until, algorithm=self.holds.algorithm)]
        return min(duties, key=lambda one: one.before, default=None)

    @property
    def proven(self) -> bool:
        """Whether every single question is proven."""
        return all(answer.state is State.PROVEN for _, answer in self.answers())

    @property
    def refusal(self) -> Failure | None:
        """What an opening raises: the failure of the first answer that is false, else of the first unknown one."""
        failed = [answer for _, answer in self.answers() if answer.failure is not None]
        failed.sort(key=lambda answer: answer.state is not State.REFUTED)
        return failed[0].failure if failed else None
