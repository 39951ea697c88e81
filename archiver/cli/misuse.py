"""What to say when a command line is not understood, in the person's language.

Typer's own messages are English only; its exception classes are recognised
by name because it keeps them private.
"""

from __future__ import annotations

import typer

from archiver.cli.language import tell
from formats.words import mark

SENTENCES = {
    "MissingParameter": mark("{name} is missing."),
    "NoSuchOption": mark("There is no option {name}."),
    "NoSuchCommand": mark("There is no command {name}."),
    "BadParameter": mark("The value of {name} is not usable: {reason}"),
    "BadOptionUsage": mark("The option {name} needs a value."),
    "UsageError": mark("The command line is not understood: {reason}"),
}


def complain_misuse(misuse: typer.TyperException) -> None:
    """Print what is wrong with the command line, and where help is."""
    if type(misuse).__name__ == "NoArgsIsHelpError":
        typer.echo(getattr(misuse, "message", str(misuse)))
        return
    kind = next((base.__name__ for base in type(misuse).__mro__ if base.__name__ in SENTENCES), "UsageError")
    sentence = tell(SENTENCES[kind], name=_name(misuse), reason=getattr(misuse, "message", str(misuse)))
    typer.secho(f"{tell('error')}: {sentence} [usage]", fg="red", err=True)
    context = getattr(misuse, "ctx", None)
    if context is not None:
        typer.echo(tell(mark("Help: {command} --help"), command=context.command_path), err=True)


def _name(misuse: typer.TyperException) -> str:
    parameter = getattr(misuse, "param", None)
    if parameter is not None:
        return (
            str(max(parameter.opts, key=len))
            if parameter.opts[0].startswith("-")
            else str(parameter.name).upper()
        )
    for held in ("option_name", "command_name", "param_hint"):
        if value := getattr(misuse, held, None):
            return str(value)
    return ""
