"""Whose signature, since when, and whether the reader accepts it: three answers from one signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archiver.errors import (
    CertificateEnded,
    CertificateRevoked,
    SignatureInvalid,
    SignerUntrusted,
    TimestampInvalid,
)
from archiver.signing.cades import Examined, Stamp, Standing, examine_signature
from archiver.signing.trust import Trust
from archiver.verdict import NOT_EXAMINED, Answer, proven, refuted, unknown
from formats.errors import Failure
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureAnswers:
    """The questions of a verdict that a signature answers."""

    signed_by: Answer
    existed_at: Answer
    trusted: Answer


def answer(signature: bytes, data: bytes, trust: Trust, *, where: str) -> SignatureAnswers:
    """Return what ``signature`` over ``data`` answers; ``where`` is the member it was read from."""
    try:
        examined = examine_signature(signature, data, trust)
    except SignatureInvalid as failure:
        failure.where = where
        return SignatureAnswers(signed_by=refuted(failure), existed_at=NOT_EXAMINED, trusted=NOT_EXAMINED)
    signed_by = proven(
        "signed",
        mark("Signed by {signer}, fingerprint {fingerprint}, who states {moment} as the time."),
        where=where,
        signer=examined.signer.subject,
        fingerprint=examined.signer.fingerprint,
        moment=_text(examined.signed_at),
    )
    return SignatureAnswers(
        signed_by=signed_by,
        existed_at=_existed_at(examined.stamp, where),
        trusted=_trusted(examined, trust, where),
    )


def _existed_at(stamp: Stamp | None, where: str) -> Answer:
    if stamp is None:
        sentence = mark("No time-stamp: only the signer says when this was made.")
        return unknown("no-timestamp", sentence, where=where)
    if not stamp.genuine:
        return refuted(TimestampInvalid(where=where, reason=mark("it was made for something else")))
    facts = {"authority": stamp.authority, "moment": _text(stamp.time)}
    if stamp.standing is not Standing.TRUSTED:
        sentence = mark("A time-stamp of {authority} says {moment}, and nothing shows who that authority is.")
        return unknown("timestamp-untrusted", sentence, where=where, **facts)
    sentence = mark("It existed on {moment}, as {authority} attests.")
    return proven("timestamped", sentence, where=where, **facts)


def _trusted(examined: Examined, trust: Trust, where: str) -> Answer:
    signer = examined.signer
    facts = {"signer": signer.subject, "fingerprint": signer.fingerprint}
    if not trust.stated:
        sentence = mark("You accept nobody yet; the signer is called {signer}, fingerprint {fingerprint}.")
        return unknown("no-roots", sentence, where=where, **facts)
    failure = _distrust(examined, trust)
    if failure:
        failure.where = where
        return refuted(failure)
    sentence = mark("{signer}, fingerprint {fingerprint}, is someone you accept.")
    return proven("accepted", sentence, where=where, **facts)


def _distrust(examined: Examined, trust: Trust) -> Failure | None:
    """Return why the signer is not accepted.

    A fingerprint accepts a certificate by itself; its dates count all the same,
    for the moment asked for and for the time the signer states.
    """
    signer = examined.signer
    if examined.standing is Standing.REVOKED:
        revoked = _text(examined.revoked_at) if examined.revoked_at else ""
        return CertificateRevoked(signer=signer.subject, moment=revoked)
    for moment in (trust.at, examined.signed_at):
        if not signer.start <= moment <= signer.end:
            return CertificateEnded(start=_text(signer.start), end=_text(signer.end), moment=_text(moment))
    if signer.fingerprint in trust.fingerprints or examined.standing is Standing.TRUSTED:
        return None
    return SignerUntrusted(signer=signer.subject, fingerprint=signer.fingerprint)


def _text(moment: datetime) -> str:
    return moment.isoformat()
