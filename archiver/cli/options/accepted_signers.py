"""Whom a command accepts as a signer, read from where the options say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.data_folder import data_folder
from archiver.cli.options.trust import OpeningOptions, TrustOptions
from archiver.cli.terminal.console import note, show_findings
from archiver.cli.terminal.language import localize
from archiver.errors import KeyUnreadable
from archiver.examination.first_use import FIRST, FirstUse
from archiver.signing.certificates.fingerprint import plain_fingerprint
from archiver.signing.certificates.reading import read_roots
from archiver.signing.policy import own_policy, read_policy
from archiver.signing.revocation.sources import read_sources
from archiver.signing.revocation.supplied import SuppliedSources
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.expectation import Expectation, expectation
from archiver.signing.trust.trust_list import read_trust_list
from archiver.verdict import Answer
from formats.digests import Digest
from formats.findings import Finding
from formats.words import mark

YEARS = range(1900, 9999)
"""Years one can ask about: the first and the last leave a calendar when a zone, or a day, is added."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedSigners:
    """Whom the person accepts, and the register of those accepted before."""

    trust: Trust
    first_use: FirstUse


def read_accepted(options: TrustOptions) -> AcceptedSigners:
    """Return whom the person accepts; a moment without a zone is in the machine's own.

    Raises:
        BadParameter: when the moment is one that no clock of this machine tells, or a digest is none.
        KeyUnreadable, TrustListUnreadable, PolicyUnreadable, RevocationUnreadable, LimitExceeded,
            DiskFault: when something cannot be read.
    """
    trust = Trust(
        at=_moment(options.at) if options.at else now(),
        roots=_roots(options.roots),
        tsa_roots=_roots(options.tsa_roots),
        fingerprints=_fingerprints("--accept", options.accept),
        expected=_expected(options.expect),
        lists=_lists(options),
        listed=tuple(one for path in options.trust_list or () for one in read_trust_list(path)),
        supplied=_supplied(options.check_crl or (), options.check_ocsp or ()),
        policy=read_policy(options.policy) if options.policy else own_policy(),
    )
    first_use = FirstUse(register=data_folder(), clock=now, accepts=options.trust_first)
    return AcceptedSigners(trust=trust, first_use=first_use)


def note_doubt(doubt: Answer | None, trust: Trust, accepted_by: Answer | None = None) -> tuple[Finding, ...]:
    """Say what could not be proven about a signature accepted all the same; show and return what told nothing of it.

    ``accepted_by`` is the answer by which its signer was accepted: a first use is always said.
    """
    if accepted_by is not None and accepted_by.code == FIRST:
        note(accepted_by.sentence, **accepted_by.facts)
    if doubt is not None:
        note(doubt.sentence, **doubt.facts)
    ignored = tuple(trust.supplied.ignored())
    show_findings(ignored)
    return ignored


def _roots(paths: Sequence[Path] | None) -> tuple[bytes, ...]:
    return tuple(one for path in paths or () for one in read_roots(path))


def _expected(texts: Sequence[str] | None) -> tuple[Expectation, ...]:
    try:
        return tuple(map(expectation, texts or ()))
    except ValueError as fault:
        raise typer.BadParameter(localize(mark("it names nobody")), param_hint="--expect") from fault


def _fingerprints(option: str, texts: Sequence[str] | None) -> frozenset[str]:
    try:
        return frozenset(map(plain_fingerprint, texts or ()))
    except KeyUnreadable as failure:
        raise typer.BadParameter(localize(str(failure.facts["reason"])), param_hint=option) from failure


def _moment(stated: datetime) -> datetime:
    try:
        if stated.year in YEARS:
            return stated.astimezone()
    except (OSError, OverflowError, ValueError):  # some systems know no moment before 1970
        pass
    raise typer.BadParameter(localize(mark("this moment is too far away")), param_hint="--at")


def _supplied(lists: Sequence[Path], responses: Sequence[Path]) -> SuppliedSources:
    sources = read_sources(lists, responses)
    places = zip((*sources.lists, *sources.responses), (*lists, *responses), strict=True)
    return SuppliedSources(sources=sources, files={source: str(path) for source, path in places})


def _lists(options: TrustOptions) -> frozenset[Digest]:
    """Return the digests of signed lists, which people write as they write fingerprints."""
    texts = options.accept_ended if isinstance(options, OpeningOptions) else None
    return frozenset(map(Digest.from_hex, _fingerprints("--accept-ended", texts)))
