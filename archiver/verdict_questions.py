"""Questions of a verdict: the one table from which screen, report, JSON schema and reference pages are made."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.verdict import LAWFULLY_DESTROYED
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictQuestion:
    """One question of a verdict; its sentences are gettext messages.

    ``name`` is its attribute of ``Verdict`` and its name in JSON. ``promise`` is what holds when the
    answer is proven, ``examined`` what is looked at, ``remedy`` what to do when it is not proven.
    ``sections`` are those of ``docs/en/format/archive-format-1.md``. ``proven`` and ``unknown`` are the codes
    of such answers; with those of ``unopened`` the answer is unknown too, and nothing is opened; any code
    of a refusal may refute. ``optional`` are codes with which the answer need not be proven: the date of
    what nobody dated. ``of_origin`` says that the first revision is asked as well.
    """

    name: str
    title: str
    promise: str
    examined: str
    remedy: str
    sections: tuple[str, ...]
    proven: tuple[str, ...]
    unknown: tuple[str, ...]
    unopened: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    of_origin: bool = False


QUESTIONS = (
    VerdictQuestion(
        name="intact",
        title=mark("Intact"),
        promise=mark("nothing changed since it was signed"),
        examined=mark(
            "The container follows its rules; every part has the digest of the signed list; manifest, sums and signed "
            "list agree; of a set, each volume is the one that is listed."
        ),
        remedy=mark("Ask for the file again, or take another copy: this one was changed or damaged."),
        sections=("3", "6", "7", "8", "12", "15"),
        proven=("intact",),
        unknown=("list-unsigned",),
        unopened=("list-algorithm-unknown",),
    ),
    VerdictQuestion(
        name="complete",
        title=mark("Complete"),
        promise=mark("everything is there, and nothing else"),
        examined=mark(
            "Every part that is listed is there, and no other, but for units whose lawful destruction a keeper signed "
            "whom the reader accepts; what came with a signature is still there; of a set, every volume lies beside "
            "its file."
        ),
        remedy=mark("Ask for what is missing; of a set, put every volume beside the file that lists them."),
        sections=("2", "6.4", "8", "12", "15"),
        proven=("complete", LAWFULLY_DESTROYED),
        unknown=("list-unsigned",),
    ),
    VerdictQuestion(
        name="signed_by",
        title=mark("Signed by"),
        promise=mark("the signature belongs to the package"),
        examined=mark("The signature, and the second one where two sign, is over the signed list."),
        remedy=mark(
            "Ask whoever signed to sign again; where an algorithm ended, find a copy with evidence made in time."
        ),
        sections=("9", "15"),
        proven=("signed", "signed-jointly"),
        unknown=("signature-algorithm-ended",),
        unopened=("signature-algorithm-unknown", "list-algorithm-unknown"),
        of_origin=True,
    ),
    VerdictQuestion(
        name="existed_at",
        title=mark("Existed at"),
        promise=mark("a date a third party attests"),
        examined=mark(
            "Time-stamps of the signatures and evidence records cover what they should, and their authorities are "
            "accepted; of a set, all of it existed when the last of it did."
        ),
        remedy=mark(
            "Name the roots of the time-stamping authorities (--tsa-roots), or give evidence in time."
        ),
        sections=("9", "11", "15"),
        proven=("timestamped", "timestamped-listed", "evidenced"),
        unknown=(
            "no-timestamp",
            "timestamp-later",
            "timestamp-authority-revoked",
            "timestamp-ended",
            "timestamp-untrusted",
            "timestamp-algorithm-ended",
            "timestamp-algorithm-unknown",
            "timestamp-signature-unknown",
            "timestamp-strangers",
            "timestamp-revocation-unclear",
            "times-contradict",
            "evidence-later",
            "evidence-object-missing",
            "evidence-order-wrong",
            "evidence-authority-ended",
            "evidence-authority-revoked",
            "evidence-algorithm-ended",
            "evidence-algorithm-unknown",
        ),
        optional=frozenset({"no-timestamp"}),
        of_origin=True,
    ),
    VerdictQuestion(
        name="trusted",
        title=mark("Trusted"),
        promise=mark("the signer is accepted"),
        examined=mark(
            "The signer's certificate leads to an accepted root or is accepted by its fingerprint, is for signing, was "
            "valid and not revoked at the moment that counts, and is that of whom the reader expects."
        ),
        remedy=mark(
            "Compare the fingerprint with the signer by another way, then accept it (--roots, --accept, --expect)."
        ),
        sections=("9", "15"),
        proven=(
            "accepted",
            "accepted-named",
            "accepted-listed",
            "accepted-expected",
            "accepted-first-use",
            "accepted-known",
        ),
        unknown=(
            "no-roots",
            "co-signer-untrusted",
            "stamp-unproven",
            "revocation-stale",
            "revocation-unusable",
            "revocation-unknown",
        ),
        unopened=(
            "signer-untrusted",
            "signer-changed",
            "signer-alike",
            "signer-unexpected",
            "signer-unfit",
            "certificate-ended",
            "certificate-revoked",
            "certificate-algorithm-unknown",
        ),
        of_origin=True,
    ),
)
"""Every question, in the order in which people ask."""
BY_NAME = {one.name: one for one in QUESTIONS}
