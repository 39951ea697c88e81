"""``archiver find``, ``show``, ``read``, ``deliver``: a dossier, found by what somebody knows, read, handed over."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.delivery.delivery import (
    DeliveryOptions,
    FhirOptions,
    SedaOptions,
    TablesOptions,
)
from archiver.cli.options.delivery.forms import NETWORK, form_runner, own_options
from archiver.cli.options.delivery.pdlgc import PdlgcOptions
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.terminal.language import localize
from formats.words import mark

StoreOrPackage = Annotated[
    Path, typer.Argument(help=localize(mark("The practice store, or a package with its key.")))
]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command("find", help=localize(mark("Find a patient by names, birth date, telephone or number.")))(
        taking_groups(find)
    )
    program.command("show", help=localize(mark("Show one patient's dossier in the terminal.")))(
        taking_groups(show)
    )
    program.command(
        "read", help=localize(mark("Read dossiers in a browser on this computer; nothing is changed."))
    )(taking_groups(read))
    program.command(
        "deliver",
        help=localize(mark("Hand over dossiers: as folders, archives or tables, to a node, a server.")),
    )(taking_groups(deliver))


def find(
    *,
    store_or_package: StoreOrPackage,
    words: Annotated[
        list[str],
        typer.Argument(help=localize(mark("What is known of the patient, in any order: dupont 1985."))),
    ],
    limit: Annotated[
        int, typer.Option("--limit", min=1, help=localize(mark("How many persons to list at most.")))
    ] = 20,
    keys: PackageKeys,
    trust: OpeningOptions,
    output: OutputOptions,
) -> int:
    from archiver.cli.run.dossiers.find import find as find_persons
    from archiver.cli.run.dossiers.source import SourceOptions

    return find_persons(
        SourceOptions(path=store_or_package, keys=keys, trust=trust), words, limit=limit, output=output
    )


def show(
    *,
    store_or_package: StoreOrPackage,
    patient: Annotated[
        str,
        typer.Argument(help=localize(mark("A number, an identity, or words that fit exactly one person."))),
    ],
    section: Annotated[
        list[str] | None,
        typer.Option("--section", help=localize(mark("A section to show whole: acts, documents, chart …"))),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help=localize(mark("Leave out what is dated before this day.")),
        ),
    ] = None,
    keys: PackageKeys,
    trust: OpeningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.run.dossiers.show import ShowOptions, show as show_dossier
    from archiver.cli.run.dossiers.source import SourceOptions

    source = SourceOptions(path=store_or_package, keys=keys, trust=trust)
    show_dossier(source, patient, ShowOptions(sections=tuple(section or ()), since=since), output)


def read(
    *,
    store_or_package: StoreOrPackage,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser", help=localize(mark("Open the browser, or only print the address."))
        ),
    ] = True,
    idle: Annotated[
        int,
        typer.Option(
            "--idle", min=1, help=localize(mark("End after so many seconds in which nothing was asked for."))
        ),
    ] = 1800,
    keys: PackageKeys,
    trust: OpeningOptions,
) -> None:
    from archiver.cli.run.dossiers.read import read as read_dossiers
    from archiver.cli.run.dossiers.source import SourceOptions

    source = SourceOptions(path=store_or_package, keys=keys, trust=trust)
    read_dossiers(source, browser=browser, idle_seconds=idle)


def deliver(
    *,
    store_or_package: StoreOrPackage,
    delivery: DeliveryOptions,
    tables: TablesOptions,
    fhir: FhirOptions,
    seda: SedaOptions,
    pdlgc: PdlgcOptions,
    keys: PackageKeys,
    trust: OpeningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.exits import SUCCESS
    from archiver.cli.run.dossiers.source import SourceOptions

    own = own_options(delivery.form, (tables, fhir, seda, pdlgc))
    run = form_runner(NETWORK if delivery.sends else delivery.form.module)
    source = SourceOptions(path=store_or_package, keys=keys, trust=trust)
    if (status := run(source, delivery, output, own)) != SUCCESS:
        raise typer.Exit(status)
