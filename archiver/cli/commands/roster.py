"""``archiver roster``: which patients leave with whom, as the practitioners settled it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands import propose
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, OutputOptions
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import AuthorityOptions, TrustOptions
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.scope.legal_ground import LegalGround
from formats.words import mark

app = TranslatedTyper(mark("The list of the patients who leave."))

Store = Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))]
RosterFile = Annotated[Path, typer.Argument(help=localize(mark("The list of the patients who leave.")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "check", help=localize(mark("Compare a roster with the practice, and list everything that is wrong."))
    )(taking_groups(check))
    propose.register(app)
    app.command(
        "sign", help=localize(mark("Sign a roster; each practitioner in their own place, at their own time."))
    )(taking_groups(sign))
    app.command(
        "verify", help=localize(mark("Say who signed a roster, over what, and whether it is this roster."))
    )(taking_groups(verify))
    program.add_typer(app, name="roster")


def check(
    *,
    store: Store,
    roster: RosterFile,
    practitioner: Annotated[
        str,
        typer.Option(
            "--practitioner", help=localize(mark("Only what concerns this practitioner: RPPS or name."))
        ),
    ] = "",
    output: OutputOptions,
) -> None:
    from archiver.cli.run.rosters import check_roster

    check_roster.check(store, roster, practitioner or None, output)


def sign(
    *,
    roster: RosterFile,
    signing: SigningOptions,
    authorities: AuthorityOptions,
    practice: Annotated[
        str,
        typer.Option(
            "--practice", callback=visible_name, help=localize(mark("Of which practice (who signs first)."))
        ),
    ] = "",
    between: Annotated[
        list[str] | None,
        typer.Option(
            "--between", help=localize(mark("Whom the roster is between: RPPS or name (who signs first)."))
        ),
    ] = None,
    ground: Annotated[
        LegalGround | None,
        typer.Option("--ground", help=localize(mark("On what legal ground (who signs first)."))),
    ] = None,
    rule: Annotated[
        str,
        typer.Option(
            "--rule",
            callback=visible_name,
            help=localize(mark("By which rule the patients were chosen (who signs first).")),
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.rosters import signatures
    from archiver.operations.rosters.sign_roster import RosterTerms

    parties = signatures.parties_of(between or ())
    terms = RosterTerms(practice=practice, parties=parties, ground=ground.value if ground else "", rule=rule)
    signatures.sign(roster, signing, terms, authorities.trust(), as_json=as_json)


def verify(*, roster: RosterFile, accepted: TrustOptions, output: OutputOptions) -> int:
    from archiver.cli.run.rosters import signatures

    return signatures.verify(roster, accepted, output)
