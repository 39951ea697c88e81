"""``archiver keys``: make keys, and show what opens one dossier."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands import recovery
from archiver.cli.commands.import_ import Package
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import KeySources
from archiver.cli.options.new_passphrase import NewPassphraseOptions, passphrase_of
from archiver.cli.options.output import AsJson, OutputOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.terminal.console import note, say, show_json
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from formats.words import mark

app = TranslatedTyper(mark("Keys that sign and keys that receive."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    recovery.register(app)
    program.add_typer(app, name="keys")


@app.command("new", help=localize(mark("Make a signing key with its certificate, and a receiving key.")))
@taking_groups
def new(
    *,
    folder: Annotated[Path, typer.Argument(help=localize(mark("Where to put them.")))],
    name: Annotated[
        str,
        typer.Option(
            "--name",
            callback=visible_name,
            help=localize(mark("Your name, as it stands in the certificate.")),
        ),
    ],
    organisation: Annotated[
        str, typer.Option("--organisation", callback=visible_name, help=localize(mark("Your practice.")))
    ] = "",
    number: Annotated[
        str,
        typer.Option(
            "--number", callback=visible_name, help=localize(mark("Your RPPS, FINESS or SIRET number."))
        ),
    ] = "",
    protection: NewPassphraseOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.clock import now
    from archiver.operations.documents.outcomes import made_json
    from archiver.operations.make_keys import FILES, make_keys, require_absent
    from archiver.signing.keys.key_file import SignerName

    require_absent(folder, FILES)  # before anybody types a passphrase
    passphrase = passphrase_of(protection, mark("New passphrase for signer.p12 and receiver.identity"))
    made = make_keys(
        folder,
        SignerName(name=name, organisation=organisation, number=number),
        passphrase=passphrase,
        clock=now,
        randomness=secrets.token_bytes,
    )
    if as_json:
        show_json(made_json(made, protected=passphrase is not None))
    else:
        say(mark("Made in {folder}: signer.p12 and receiver.identity (secret),"), folder=str(made.folder))
        say(mark("roots.pem and receiver.recipient (for others)."))
        say(mark("Fingerprint of your certificate: {fingerprint}"), fingerprint=made.signer.fingerprint)
    if passphrase is None:
        note(
            mark(
                "signer.p12 and receiver.identity have no passphrase: whoever copies them can sign in your name, "
                "and read every archive sealed for you."
            )
        )
    else:
        note(mark("Nobody can find a lost passphrase again: write it down, away from the secret files."))
    note(mark("Keep two copies of the secret files apart: without receiver.identity no archive opens."))
    note(mark("Print recovery cards for the day they are lost: archiver keys recovery"))


@app.command("show-unit", help=localize(mark("Show the passphrase of one patient's unit, for 7-Zip.")))
@taking_groups
def show_unit(
    *,
    package: Package,
    patient: Annotated[
        str, typer.Option("--patient", help=localize(mark("A unit, a patient's number, or a family name.")))
    ],
    keys: KeySources,
    trust: OpeningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.run import inspect, show_unit

    show_unit.show(inspect.opening_of(package, keys, trust), patient, output)
