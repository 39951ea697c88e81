"""Shell completion: what Typer does for each shell, said in the person's language.

``_ARCHIVER_COMPLETE=complete_<shell>`` asks the program for what may come next (Typer's protocol).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Annotated, Any

import typer

from archiver.cli.errors import ShellUnknown
from archiver.cli.terminal.console import note, say
from archiver.cli.terminal.language import localize
from formats.words import mark

VARIABLE = "_ARCHIVER_COMPLETE"
INSTALLED = re.compile(r"(?P<shell>\w+) completion installed in (?P<path>.+)")
"""What Typer says of its own in English only."""


def prepare() -> None:
    """Let Typer know the shells when one of them asks."""
    if VARIABLE in os.environ:
        from typer.completion import get_completion_inspect_parameters

        get_completion_inspect_parameters()


def _install(ctx: typer.Context, param: typer.CallbackParam, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from typer.completion import install_callback

        done = INSTALLED.search(_captured_output(install_callback, ctx, param))
        if done is None:
            raise ShellUnknown
        say(mark("Completion for {shell} is installed in {path}."), shell=done["shell"], path=done["path"])
        note(mark("It works in every terminal that is opened from now on."))
        raise typer.Exit


def _show(ctx: typer.Context, param: typer.CallbackParam, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from typer.completion import show_callback

        typer.echo(_captured_output(show_callback, ctx, param), nl=False)
        raise typer.Exit


def _captured_output(callback: Callable[..., Any], ctx: typer.Context, param: typer.CallbackParam) -> str:
    """Return what Typer prints, which ends the program itself.

    Raises:
        ShellUnknown: when it does not know the shell.
    """
    out = StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(StringIO()):
            callback(ctx, param, True)
    except typer.Exit as fault:
        raise ShellUnknown from fault
    except SystemExit:
        pass
    return out.getvalue()


Install = Annotated[
    bool,
    typer.Option(
        "--install-completion",
        callback=_install,
        is_eager=True,
        help=localize(mark("Let the Tab key complete commands and options in this shell.")),
    ),
]
Show = Annotated[
    bool,
    typer.Option(
        "--show-completion",
        callback=_show,
        is_eager=True,
        help=localize(mark("Show the script that does so, to copy it.")),
    ),
]
