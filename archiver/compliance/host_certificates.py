"""HDS certificates of whoever hosts health data (CSP L1111-8): what is missing, over, or soon over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from archiver.practice.registers.hosts import Host
from formats.findings import Finding, Severity
from formats.names import comparable
from formats.words import mark

ENDING = "host-certificate-ending"
"""The code of the finding of a certificate that is in force."""
SOON = timedelta(days=90)
"""How long before a certificate ends to ask for the next one."""


def certificate_findings(host: Host, today: date) -> Iterator[Finding]:
    """Yield what is wrong with the certificate of ``host`` on ``today``: nothing, where it is in force for long."""
    facts = {"host": host.name, "number": host.certificate, "day": host.certified_until}
    if not host.certificate or not host.certified_until:
        yield _warning(
            "host-uncertified",
            mark("No certificate (HDS) of {host} with its number and its end is written down (CSP L1111-8)."),
            facts,
        )
        return
    end = date.fromisoformat(host.certified_until)
    if end < today:
        yield _warning(
            "host-certificate-ended",
            mark("The certificate (HDS) {number} of {host} ended on {day}: ask for the one that follows."),
            facts,
        )
    elif end - today <= SOON:
        yield _warning(
            ENDING,
            mark("The certificate (HDS) {number} of {host} ends on {day}: ask for the one that follows."),
            facts,
        )


def is_certified(host: Host, today: date) -> bool:
    """Tell whether ``host`` has a certificate that is in force on ``today``."""
    return all(one.code == ENDING for one in certificate_findings(host, today))


def receiver_findings(
    hosts: Iterable[Host], receiver: str, *, deposit: bool, today: date
) -> Iterator[Finding]:
    """Yield what is known of the certificate of ``receiver``, where a package goes to a host.

    One whom the register names is a host, and so is, in a ``deposit``, whoever receives it.
    """
    named = [one for one in hosts if comparable(one.name) == comparable(receiver)] if receiver else []
    for host in named:
        wrong = list(certificate_findings(host, today))
        yield from wrong or [_certified(host)]
    if deposit and not named:
        yield _warning(
            "host-unregistered",
            mark(
                "This is a deposit, and no host called {host} is in the register: ask for the certificate (HDS), "
                "and write it down with archiver host add."
            ),
            {"host": receiver or "?"},
        )


def _certified(host: Host) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        code="host-certified",
        where="",
        sentence=mark("{host} has the certificate (HDS) {number} until {day}: {scope}."),
        facts={
            "host": host.name,
            "number": host.certificate,
            "day": host.certified_until,
            "scope": host.scope or "?",
        },
    )


def _warning(code: str, sentence: str, facts: dict[str, str]) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, where="", sentence=sentence, facts=facts)
