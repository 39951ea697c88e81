"""What ``vault profile show`` and ``vault profile set`` do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import typer

from archiver.cli.clock import now
from archiver.cli.commands.vault.preservation import ProfileOptions
from archiver.cli.exits import SUCCESS
from archiver.cli.options.register_entries import day_of
from archiver.cli.terminal.console import note, say, show_json
from archiver.cli.terminal.language import localize
from archiver.signing.certificates.fingerprint import plain_fingerprint
from archiver.signing.certificates.reading import fingerprint, read_roots
from archiver.signing.certificates.subject import subject_name
from archiver.vault.catalogue import open_catalogue
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault, refuse_foreign
from archiver.vault.preservation.profile import (
    DIGESTS,
    MAX_AUTHORITIES,
    MAX_ROOTS,
    DigestTerm,
    PreservationProfile,
    StampingAuthority,
    is_object_identifier,
    profile_bytes,
)
from archiver.vault.preservation.stored_profile import find_profile, put_profile, require_profile
from formats.digests import ALGORITHMS, SHA512
from formats.words import mark

UNJUDGED = mark(
    "No root of a time-stamping authority is accepted (--tsa-roots): whose time-stamps they are is not judged."
)


def show(folder: Path, credentials: Path | None, *, as_json: bool) -> int:
    """Show the preservation profile, and return the exit status."""
    _show(require_profile(open_vault(folder, credentials)), as_json=as_json)
    return SUCCESS


def set_(folder: Path, changes: ProfileOptions, credentials: Path | None, *, as_json: bool) -> int:
    """Write a further revision of the preservation profile, and return the exit status.

    Raises:
        BadParameter: when an option says something that no profile says.
    """
    vault = open_vault(folder, credentials)
    with (
        vault_lock(folder, "archiver vault profile set", at=now()),
        open_catalogue(folder) as catalogue,
    ):
        refuse_foreign(vault)
        at = now().replace(microsecond=0)
        profile = _changed(find_profile(vault) or _first(vault.description.id, at), changes, at)
        put_profile(vault, catalogue, profile, at=at)
    _show(profile, as_json=as_json)
    if not profile.roots:
        note(UNJUDGED)
    return SUCCESS


def _first(vault: str, at: datetime) -> PreservationProfile:
    return PreservationProfile(
        identifier=f"{vault}#preservation-profile",
        revision=0,
        valid_from=at,
        digests=(DigestTerm(algorithm=SHA512),),
        authorities=(),
        roots=(),
    )


def _changed(before: PreservationProfile, changes: ProfileOptions, at: datetime) -> PreservationProfile:
    authorities = before.authorities
    if changes.tsa:
        policy = _oid(changes.tsa_policy, "--tsa-policy")
        authorities = tuple(
            StampingAuthority(url=_address(one), policy=policy) for one in dict.fromkeys(changes.tsa)
        )
    if not 0 < len(authorities) <= MAX_AUTHORITIES:
        raise typer.BadParameter(
            localize(mark("a profile names 1 to {limit} authorities"), limit=MAX_AUTHORITIES),
            param_hint="--tsa",
        )
    service, evidence = changes.service_policy, changes.evidence_policy
    days = changes.within
    return replace(
        before,
        revision=before.revision + 1,
        valid_from=at,
        authorities=authorities,
        roots=_roots(before, changes),
        digests=_digests(before, changes),
        horizon_days=before.horizon_days if days is None else days,
        service_policy=before.service_policy if service is None else _oid(service, "--service-policy"),
        evidence_policy=before.evidence_policy if evidence is None else _oid(evidence, "--evidence-policy"),
    )


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise typer.BadParameter(
            localize(mark("an address begins with http:// or https://, and names no user")),
            param_hint="--tsa",
        )
    return url


def _oid(text: str, option: str) -> str:
    if text and not is_object_identifier(text):
        raise typer.BadParameter(
            localize(mark("an object identifier has numbers with points: 1.3.6.1.4.1.99999.1")),
            param_hint=option,
        )
    return text


def _roots(before: PreservationProfile, changes: ProfileOptions) -> tuple[bytes, ...]:
    removed = {plain_fingerprint(one) for one in changes.remove_root or ()}
    named = [root for path in changes.tsa_roots or () for root in read_roots(path)]
    roots = tuple(one for one in dict.fromkeys((*before.roots, *named)) if fingerprint(one) not in removed)
    if len(roots) > MAX_ROOTS:
        raise typer.BadParameter(
            localize(mark("a profile has at most {limit} roots"), limit=MAX_ROOTS), param_hint="--tsa-roots"
        )
    return roots


def _digests(before: PreservationProfile, changes: ProfileOptions) -> tuple[DigestTerm, ...]:
    ends = {one.algorithm.name: one.until for one in before.digests}
    for one in changes.ends or ():
        name, _, day = one.partition("=")
        if name not in DIGESTS:
            raise typer.BadParameter(
                localize(mark("hash functions are {names}"), names=", ".join(DIGESTS)), param_hint="--ends"
            )
        ends[name] = day_of(day, "--ends") if day else None
    # one that ends and is no longer named stays: records rest on it
    named = [one.value for one in changes.hash_name or ()] or [one.algorithm.name for one in before.digests]
    names = dict.fromkeys((*named, *(name for name, day in ends.items() if day is not None)))
    return tuple(DigestTerm(algorithm=ALGORITHMS[name], until=ends.get(name)) for name in names)


def _show(profile: PreservationProfile, *, as_json: bool) -> None:
    if as_json:
        show_json(json.loads(profile_bytes(profile)))
        return
    say(
        mark("{identifier}, revision {revision}, since {moment}"),
        identifier=profile.identifier,
        revision=profile.revision,
        moment=profile.valid_from.isoformat(),
    )
    say(mark("Evidence is renewed {days} days before something under it ends."), days=profile.horizon_days)
    for number, authority in enumerate(profile.authorities, 1):
        plain, asked = mark("Authority {number}: {url}"), mark("Authority {number}: {url}, policy {policy}")
        sentence = asked if authority.policy else plain
        say(sentence, number=number, url=authority.url, policy=authority.policy)
    for term in profile.digests:
        _show_term(term)
    for root in profile.roots:
        say(mark("Root: {name}, {fingerprint}"), name=subject_name(root), fingerprint=fingerprint(root))
    if profile.service_policy:
        say(mark("Policy of the preservation service: {policy}"), policy=profile.service_policy)
    if profile.evidence_policy:
        say(mark("Preservation evidence policy: {policy}"), policy=profile.evidence_policy)


def _show_term(term: DigestTerm) -> None:
    until: date | None = term.until
    if until is None:
        say(mark("Hash function: {name}"), name=term.algorithm.name)
    else:
        say(
            mark("Hash function: {name}, not relied on from {day}"),
            name=term.algorithm.name,
            day=until.isoformat(),
        )
