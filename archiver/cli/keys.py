"""``archiver keys``: make keys, and show what opens one dossier."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli import recovering
from archiver.cli.console import note, say, show_json
from archiver.cli.groups import taking_groups
from archiver.cli.importing import AsJson, Package
from archiver.cli.key_sources import KeySources
from archiver.cli.language import tell
from archiver.cli.plain import plain
from archiver.cli.secrets import SignerPassphrase, signer_passphrase
from archiver.cli.speaking import Commands
from archiver.cli.trust_options import OpeningOptions
from formats.words import mark

app = Commands(mark("Keys that sign and keys that receive."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    recovering.register(app)
    program.add_typer(app, name="keys")


@app.command("new", help=tell(mark("Make a signing key with its certificate, and a receiving key.")))
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
    signer_passphrase_file: SignerPassphrase = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.clock import now
    from archiver.cli.shapes import made_json
    from archiver.operations.make_keys import make_keys
    from archiver.signing.keys import SignerName

    passphrase = signer_passphrase(signer_passphrase_file, new=True)
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
        note(mark("signer.p12 has no passphrase: whoever copies the file can sign in your name."))
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
    as_json: AsJson = False,
) -> None:
    from archiver.cli import importation, unit_passphrase

    unit_passphrase.show(importation.opening_of(package, keys, trust), patient, as_json=as_json)
