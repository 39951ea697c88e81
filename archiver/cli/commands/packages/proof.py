"""``archiver proof``: show a court that a patient is in a package, or that somebody is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.import_ import Package
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import KeySources, PackageKeys
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.trust import OpeningOptions, TrustOptions
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Prove who is in a package, and who is not."))

NewFile = Annotated[Path, typer.Option("--to", help=localize(mark("The file to write.")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="proof")


@app.command("patient", help=localize(mark("Prove that one patient is in a package, naming nobody else.")))
@taking_groups
def patient(
    *,
    package: Package,
    patient: Annotated[
        str,
        typer.Argument(help=localize(mark("A number, an identity, or words that fit exactly one person."))),
    ],
    to: NewFile,
    keys: KeySources,
    trust: OpeningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.run.inspect import opening_of
    from archiver.cli.run.proofs.prove import prove_one

    prove_one(opening_of(package, keys, trust), patient, to, output)


@app.command("absent", help=localize(mark("Let an expert see that somebody is not in a package.")))
@taking_groups
def absent(
    *,
    package: Package,
    expert: Annotated[
        list[str],
        typer.Option(
            "--expert", help=localize(mark("Who may read the list: the expert's key, or a file of it."))
        ),
    ],
    to: NewFile,
    keys: KeySources,
    trust: OpeningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.options.recipients import recipients_of
    from archiver.cli.run.inspect import opening_of
    from archiver.cli.run.proofs.prove import list_for_expert

    experts = recipients_of(expert, None).recipients
    list_for_expert(opening_of(package, keys, trust), experts, to, output)


@app.command(
    "verify", help=localize(mark("Judge a proof beside its package; no key of the package is needed."))
)
@taking_groups
def verify(
    *,
    proof: Annotated[
        Path, typer.Argument(help=localize(mark("The proof, or an expert's list of patients.")))
    ],
    package: Annotated[Path, typer.Argument(help=localize(mark("The package, or what ties its volumes.")))],
    patient: Annotated[
        list[str] | None,
        typer.Option("--patient", help=localize(mark("Whom to look for in an expert's list."))),
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(
            "--archive",
            help=localize(mark("A dossier in the clear (PAT….ZIP) that is to be the one proven.")),
        ),
    ] = None,
    keys: PackageKeys,
    trust: TrustOptions,
    output: OutputOptions,
) -> int:
    from archiver.cli.run.proofs.prove import judge
    from archiver.operations.proofs.judge import JudgeRequest

    request = JudgeRequest(proof=proof, package=package, archive=archive, wanted=tuple(patient or ()))
    return judge(request, keys, trust, output)
