"""``archiver keys``: make keys, and show what opens one dossier."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli import recovering
from archiver.cli.console import note, say, show_json
from archiver.cli.groups import taking_groups
from archiver.cli.importing import Package
from archiver.cli.key_sources import KeySources
from archiver.cli.language import tell
from archiver.cli.new_passphrase import NewPassphraseOptions, passphrase_of
from archiver.cli.output_options import AsJson, OutputOptions
from archiver.cli.plain import plain
from archiver.cli.speaking import Commands
from archiver.cli.trust_options import OpeningOptions
from formats.words import mark

app = Commands(mark("Keys that sign and keys that receive."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    recovering.register(app)
    program.add_typer(app, name="keys")


@app.command("new", help=tell(mark("Make a signing key with its certificate, and a receiving key.")))
@taking_groups
def new(
    *,
    folder: Annotated[Path, typer.Argument(help=tell(mark("Where to put them.")))],
    name: Annotated[
        str,
        typer.Option(
            "--name", callback=plain, help=tell(mark("Your name, as it stands in the certificate."))
        ),
    ],
    organisation: Annotated[
        str, typer.Option("--organisation", callback=plain, help=tell(mark("Your practice.")))
    ] = "",
    number: Annotated[
        str, typer.Option("--number", callback=plain, help=tell(mark("Your RPPS, FINESS or SIRET number.")))
    ] = "",
    protection: NewPassphraseOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.clock import now
    from archiver.cli.shapes import made_json
    from archiver.operations.make_keys import FILES, make_keys, require_absent
    from archiver.signing.keys import SignerName

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


@app.command("show-unit", help=tell(mark("Show the passphrase of one patient's unit, for 7-Zip.")))
@taking_groups
def show_unit(
    *,
    package: Package,
    patient: Annotated[
        str, typer.Option("--patient", help=tell(mark("A unit, a patient's number, or a family name.")))
    ],
    keys: KeySources,
    trust: OpeningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli import inspection, unit_passphrase

    unit_passphrase.show(inspection.opening_of(package, keys, trust), patient, output)
