"""``archiver host``: who hosts health data for the practice, and their HDS certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import (
    Author,
    CertificateEnd,
    CertificateNumber,
    CertificateScope,
    Certifier,
    Reason,
    StorePath,
    short_text,
    text_option,
)
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Who hosts health data, and their certificates (HDS)."))
Number = Annotated[int, typer.Argument(help=localize(mark("The number of the host, from the list.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateOptions:
    """What a certificate says."""

    certificate: CertificateNumber = ""
    scope: CertificateScope = ""
    certifier: Certifier = ""
    until: CertificateEnd = ""


def register(program: typer.Typer) -> None:
    """Add the commands to the program, in the order in which people need them."""
    for name, command, sentence in (
        ("add", taking_groups(add), mark("Write down who hosts what, with the certificate.")),
        ("list", list_, mark("List the hosts; status 5 when a certificate is over or missing.")),
        ("renew", taking_groups(renew), mark("Write down the certificate that follows.")),
        ("end", end, mark("End an entry: this host keeps nothing any more.")),
    ):
        app.command(name, help=localize(sentence))(command)
    program.add_typer(app, name="host")


def add(
    *,
    store: StorePath,
    name: Annotated[str, text_option("--name", mark("The name of the host."), short_text)],
    service: Annotated[
        str, text_option("--service", mark("What it keeps, such as backups or archives."), short_text)
    ],
    certificate: CertificateOptions,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import host

    host.add(store, name=name, service=service, certificate=certificate, by=by, as_json=as_json)


def renew(
    *, store: StorePath, host: Number, certificate: CertificateOptions, by: Author, as_json: AsJson = False
) -> None:
    from archiver.cli.run.compliance import host as hosting

    hosting.renew(store, host, certificate=certificate, by=by, as_json=as_json)


def end(*, store: StorePath, host: Number, reason: Reason, by: Author, as_json: AsJson = False) -> None:
    from archiver.cli.run.compliance import host as hosting

    hosting.end(store, host, reason=reason, by=by, as_json=as_json)


def list_(
    *,
    store: StorePath,
    everything: Annotated[bool, typer.Option("--all", help=localize(mark("Ended ones, too.")))] = False,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.compliance import host

    return host.show(store, everything=everything, as_json=as_json)
