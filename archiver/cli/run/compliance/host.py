"""What the ``host`` commands do."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.commands.compliance.host import CertificateOptions
from archiver.cli.exits import LATE, SUCCESS
from archiver.cli.options.register_entries import day_of
from archiver.cli.terminal.console import say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.compliance.host_certificates import certificate_findings, is_certified
from archiver.operations.compliance.renew_host import renew_host
from archiver.operations.documents.outcomes import findings_json
from archiver.practice.registers import hosts as register
from archiver.practice.registers.hosts import Host
from archiver.practice.store import open_store
from archiver.scope.practice_days import practice_day
from formats.words import mark, plural

HEADING = (
    *(mark("host"), mark("name"), mark("keeps"), mark("certificate (HDS)"), mark("scope"), mark("until")),
    mark("certified by"),
)


def add(
    path: Path, *, name: str, service: str, certificate: CertificateOptions, by: str, as_json: bool
) -> None:
    """Write down a host."""
    at = now()
    cells = {"name": name, "service": service} | _cells(certificate)
    with open_store(path) as store, store.changing():
        host = register.add_host(store, by=by, at=at, **cells)
        today = practice_day(store, at)
    _show(host, mark("Host {number}, {name}, is written down."), today, as_json=as_json)


def _cells(options: CertificateOptions) -> dict[str, str]:
    return {
        "certificate": options.certificate,
        "scope": options.scope,
        "certifier": options.certifier,
        "certified_until": day_of(options.until, "--until").isoformat() if options.until else "",
    }


def renew(path: Path, number: int, *, certificate: CertificateOptions, by: str, as_json: bool) -> None:
    """Write down the certificate that follows.

    Raises:
        BadParameter: when its number or its last day is not said.
    """
    at = now()
    stated = {name: cell for name, cell in _cells(certificate).items() if cell}
    if not {"certificate", "certified_until"} <= stated.keys():
        raise typer.BadParameter(
            localize(mark("say its number and its last day (--until)")), param_hint="--certificate"
        )
    with open_store(path) as store, store.changing():
        host = renew_host(store, number, cells=stated, by=by, at=at)
        today = practice_day(store, at)
    _show(host, mark("Host {number}, {name}, has a new certificate."), today, as_json=as_json)


def end(path: Path, number: int, *, reason: str, by: str, as_json: bool) -> None:
    """End the entry of a host."""
    at = now()
    with open_store(path) as store, store.changing():
        host = register.end_host(store, number, reason=reason, by=by, at=at)
        today = practice_day(store, at)
    _show(host, mark("Host {number}, {name}, is ended."), today, as_json=as_json)


def _show(host: Host, sentence: str, today: date, *, as_json: bool) -> None:
    found = () if host.ended_at else tuple(certificate_findings(host, today))
    if as_json:
        show_json({"host": 1, **asdict(host), "findings": findings_json(found)})
        return
    say(sentence, number=host.id, name=host.name)
    show_findings(found)


def show(path: Path, *, everything: bool, as_json: bool) -> int:
    """List the hosts in force, or all there ever were; return the exit status."""
    with open_store(path, reading=True) as store:
        today = practice_day(store, now())
        found = list(register.hosts(store, in_force=not everything))
    in_force = [one for one in found if not one.ended_at]
    findings = [wrong for one in in_force for wrong in certificate_findings(one, today)]
    status = SUCCESS if all(is_certified(one, today) for one in in_force) else LATE
    if as_json:
        listed = [asdict(one) for one in found]
        show_json(
            {"hosts": 1, "on": today.isoformat(), "listed": listed, "findings": findings_json(findings)}
        )
        return status
    show_table([_row(one) for one in found], heading=HEADING)
    say(plural("{count} host in force.", "{count} hosts in force."), count=len(in_force))
    show_findings(findings)
    return status


def _row(host: Host) -> tuple[str | int, ...]:
    until = host.certified_until
    ended = (
        localize(mark("ended on {day}"), day=host.ended_at[: len("2026-11-29")]) if host.ended_at else until
    )
    return (host.id, host.name, host.service, host.certificate, host.scope, ended, host.certifier)
