"""``archiver keys``: make keys, and show what opens one dossier."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli import recovering
from archiver.cli.console import note, say
from archiver.cli.importing import Package
from archiver.cli.key_sources import Cards, CardsFile, Identity, PassphraseFile, sources
from archiver.cli.language import tell
from archiver.cli.secrets import SignerPassphrase, signer_passphrase
from archiver.cli.verifying import At, Fingerprints, Roots
from formats.words import mark

app = typer.Typer(help=tell(mark("Keys that sign and keys that receive.")), no_args_is_help=True)


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    recovering.register(app)
    program.add_typer(app, name="keys")


@app.command("new", help=tell(mark("Make a signing key with its certificate, and a receiving key.")))
def new(
    *,
    folder: Annotated[Path, typer.Argument(help=tell(mark("Where to put them.")))],
    name: Annotated[
        str, typer.Option("--name", help=tell(mark("Your name, as it stands in the certificate.")))
    ],
    organisation: Annotated[str, typer.Option("--organisation", help=tell(mark("Your practice.")))] = "",
    number: Annotated[
        str, typer.Option("--number", help=tell(mark("Your RPPS, FINESS or SIRET number.")))
    ] = "",
    signer_passphrase_file: SignerPassphrase = None,
) -> None:
    from archiver.cli.clock import now
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
    say(mark("Made in {folder}: signer.p12 and receiver.identity (secret),"), folder=str(made.folder))
    say(mark("roots.pem and receiver.recipient (for others)."))
    say(mark("Fingerprint of your certificate: {fingerprint}"), fingerprint=made.signer.fingerprint)
    if passphrase is None:
        note(mark("signer.p12 has no passphrase: whoever copies the file can sign in your name."))
    note(mark("Keep two copies of the secret files apart: without receiver.identity no archive opens."))
    note(mark("Print recovery cards for the day they are lost: archiver keys recovery"))


@app.command("show-unit", help=tell(mark("Show the passphrase of one patient's unit, for 7-Zip.")))
def show_unit(
    *,
    package: Package,
    patient: Annotated[
        str, typer.Option("--patient", help=tell(mark("A unit, a patient's number, or a family name.")))
    ],
    identity: Identity = None,
    cards: Cards = False,
    cards_file: CardsFile = None,
    passphrase_file: PassphraseFile = None,
    roots: Roots = None,
    signer: Fingerprints = None,
    at: At = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell(mark("Print one JSON document.")))] = False,
) -> None:
    from archiver.cli import unit_passphrase, verification

    named = sources(identity, cards, cards_file, passphrase_file)
    unit_passphrase.show(
        package, named, verification.trust(roots, signer or [], at), patient, as_json=as_json
    )
