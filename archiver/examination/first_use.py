"""The register of known signers: trust on first use, and whom a reader said they expect.

1. A signer seen for the first time is accepted where the reader says so, and remembered once everything
   else about the package is proven; for a sender seen before the same certificate must sign.
2. A sender whose name is like a known one's, and who signs with another certificate, is a question.
3. Where an authority vouches for a name alone, whom the reader once said they expect of this sender counts.

The second of two signers is known by the name in its own certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.package.manifests.manifest import Organisation
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.errors import SignerAlike, SignerChanged, SignerUnexpected
from archiver.signing.trust.acceptance import NAME_ONLY
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.known_signers import KnownSender, KnownSigner, read_known_signers, remember
from archiver.verdict import Answer, State, Verdict, fault_line, unproven_answer
from formats.errors import Failure
from formats.words import mark

FIRST = "accepted-first-use"
EXPECTED = "accepted-expected"


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstUse:
    """The folder of the register of known signers, and the clock that dates what is remembered.

    ``accepts``: a signer seen for the first time is accepted. ``remembers``: and is written down.
    """

    register: Path
    clock: Callable[[], datetime]
    accepts: bool = True
    remembers: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Signature:
    """One of the signers of an answer: for which sender, and the facts about its certificate."""

    sender: KnownSender
    facts: dict[str, str]

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.facts.get("fingerprint", ""))


def believing(trust: Trust, first_use: FirstUse | None) -> Trust:
    """Return ``trust`` for an examination whose answer ``compare`` sets beside the register."""
    return replace(trust, first_use=True) if first_use and first_use.accepts else trust


def compare(verdict: Verdict, sender: Organisation, first_use: FirstUse) -> Verdict:
    """Return ``verdict`` in the light of what the register says of the ``sender``.

    Raises:
        KnownSignersUnreadable: when the register cannot be read.
        DiskFault: when the disk refuses.
    """
    trusted = verdict.trusted
    if trusted.code not in {FIRST, *NAME_ONLY}:
        return verdict
    known = read_known_signers(first_use.register)
    signatures = list(_signatures(trusted, sender))
    judge = _first_use if trusted.code == FIRST else _by_name
    answer = judge(trusted, signatures, known)
    if answer.failure is not None:
        answer.failure.where = trusted.where
        verdict = replace(verdict, findings=(*verdict.findings, fault_line(answer.failure)))
    return replace(verdict, trusted=replace(answer, revocation=trusted.revocation, where=trusted.where))


def _first_use(trusted: Answer, signatures: list[_Signature], known: tuple[KnownSigner, ...]) -> Answer:
    """Follow steps 1 and 2 for every signer."""
    for one in signatures:
        failure = _changed(one, known)
        if failure is not None:
            return unproven_answer(failure)
    since = [_known_signer(one, known) for one in signatures]
    first = since[0]
    if first is None or not all(since):
        return trusted
    sentence = mark("{signer}, fingerprint {fingerprint}, has signed for {sender} since {moment}.")
    facts = {**trusted.facts, "sender": first.sender.name, "moment": first.since.isoformat()}
    return replace(trusted, code="accepted-known", sentence=sentence, facts=facts)


def _known_signer(one: _Signature, known: tuple[KnownSigner, ...]) -> KnownSigner | None:
    same = (other for other in known if other.sender.is_same(one.sender))
    return next((other for other in same if other.fingerprint == one.fingerprint), None)


def _changed(one: _Signature, known: tuple[KnownSigner, ...]) -> Failure | None:
    """Return the failure where another certificate is known for the sender, or for one of a name like its own."""
    if _known_signer(one, known):
        return None
    others = [other for other in known if other.fingerprint != one.fingerprint]
    same = [other for other in others if other.sender.is_same(one.sender)]
    if same:
        last = same[-1]
        return SignerChanged(
            sender=one.sender.name,
            known=last.fingerprint,
            moment=last.since.isoformat(),
            found=one.fingerprint,
        )
    alike = next((other for other in others if other.sender.is_alike(one.sender)), None)
    if alike is None:
        return None
    return SignerAlike(
        sender=one.sender.name,
        known_sender=alike.sender.name,
        known=alike.fingerprint,
        moment=alike.since.isoformat(),
        found=one.fingerprint,
    )


def _by_name(trusted: Answer, signatures: list[_Signature], known: tuple[KnownSigner, ...]) -> Answer:
    """Follow step 3 for every signer for whose name alone somebody vouches."""
    moments: list[datetime] = []
    for one in signatures:
        if "root" not in one.facts:
            continue
        expected = [other for other in known if other.expected and other.sender.is_same(one.sender)]
        met = next((other for other in expected if _is_met(other, one)), None)
        if met is None and expected:
            return unproven_answer(SignerUnexpected(signer=one.facts["signer"], fingerprint=one.fingerprint))
        if met is None:
            return trusted
        moments.append(met.since)
    sentence = mark(
        "Signed with the key of a certificate that bears the name {signer}, fingerprint {fingerprint}, as you "
        "expect of {sender} since {moment}."
    )
    facts = {**trusted.facts, "sender": signatures[0].sender.name, "moment": max(moments).isoformat()}
    return replace(trusted, code=EXPECTED, sentence=sentence, facts=facts)


def _is_met(known: KnownSigner, one: _Signature) -> bool:
    expected = known.expectation
    facts = one.facts
    return expected is not None and expected.is_met_by(
        subject=facts["signer"], name=facts["name"], number=facts["number"], fingerprint=one.fingerprint
    )


def _signatures(trusted: Answer, sender: Organisation) -> Iterator[_Signature]:
    """Yield every signer of an answer, with whom it signs for."""
    facts = {name: str(fact) for name, fact in trusted.facts.items()}
    yield _Signature(sender=sender_of(sender), facts=facts)
    second = {name.removeprefix("co_"): fact for name, fact in facts.items() if name.startswith("co_")}
    if second:
        yield _Signature(sender=KnownSender(name=second.get("signer", "")), facts=second)


def remember_sender(verdict: Verdict, sender: Organisation, package: str, first_use: FirstUse) -> None:
    """Remember the signers of a compared ``verdict``, when they were accepted just now and all else is proven.

    ``package`` is the identifier of the package or set it is about.

    Raises:
        KnownSignersUnreadable, LimitExceeded, DiskFull, DiskFault: when the register cannot be written.
    """
    trusted = verdict.trusted
    asked = {EXPECTED} | ({FIRST, "accepted"} if first_use.accepts else set())
    if (
        not first_use.remembers
        or trusted.code not in asked
        or verdict.refusal is not None
        or not _all_proven(verdict)
    ):
        return
    since = first_use.clock().replace(microsecond=0)
    fresh = [
        KnownSigner(
            sender=one.sender,
            fingerprint=one.fingerprint,
            signer=one.facts["signer"],
            since=since,
            package=package,
            expected=one.facts.get("expected", ""),
        )
        for one in _signatures(trusted, sender)
        if trusted.code != EXPECTED or "expected" in one.facts
    ]
    remember(first_use.register, fresh)


def sender_of(sender: Organisation) -> KnownSender:
    """Return by what a sender is known again."""
    numbers = tuple(f"{one.system}|{one.value}" for one in sender.identifiers)
    return KnownSender(name=sender.name, identifiers=numbers)


def _all_proven(verdict: Verdict) -> bool:
    asked = (verdict.intact, verdict.complete, verdict.signed_by)
    return all(answer.state is State.PROVEN for answer in asked)
