"""The program ``archiver``: its commands, and what happens when one fails."""

from __future__ import annotations

import sys

import typer

from archiver import __version__
from archiver.cli import collecting, exporting, importing, keys, people, verifying
from archiver.cli.console import complain
from archiver.cli.exits import INTERRUPTED, SUCCESS, USAGE, status_of
from archiver.cli.language import tell
from archiver.cli.misuse import complain_misuse
from archiver.errors import Interrupted
from formats.errors import Failure
from formats.words import mark

app = typer.Typer(
    name="archiver",
    help=tell(mark("Archive and hand over the records of a dental practice.")),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing boxes takes longer than everything else --help does
)
for commands in (collecting, exporting, verifying, importing, keys, people):
    commands.register(app)


@app.callback(invoke_without_command=True)
def program(
    *,
    version: bool = typer.Option(False, "--version", help=tell(mark("Show the version and stop."))),
) -> None:
    if version:
        typer.echo(f"archiver {__version__}")
        raise typer.Exit


def run() -> None:
    """Run the program and leave with its exit status."""
    sys.exit(status(sys.argv[1:]))


def status(arguments: list[str]) -> int:
    """Run one command line and return its exit status."""
    try:
        outcome = app(arguments, standalone_mode=False)
    except Failure as failure:
        complain(failure)
        return status_of(failure)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.TyperException as misuse:
        complain_misuse(misuse)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        complain(Interrupted())
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else SUCCESS
