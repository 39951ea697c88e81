"""What to say when a command line is not understood, in the person's language.

Typer's own messages are English only; its exception classes are recognised
by name because it keeps them private.
"""

from __future__ import annotations

import re

import typer

from archiver.cli.console import alarm, note
from archiver.cli.language import tell
from formats.words import mark

SENTENCES = {
    "MissingParameter": mark("{name} is missing."),
    "NoSuchOption": mark("There is no option {name}."),
    "NoSuchCommand": mark("There is no command {name}."),
    "BadParameter": mark("The value of {name} is not usable: {reason}."),
    "BadOptionUsage": mark("The option {name} is not usable: {reason}."),
    "UsageError": mark("The command line is not understood: {reason}."),
}
REASONS = (
    (r"Input should be a valid integer.*", mark("it is not a whole number")),
    (r"Value error, (?P<given>'.*') is not one of (?P<known>.*)\.", mark("{given} is none of {known}")),
    (r"Value error, (?P<given>'.*') does not match the formats .*",
     mark("{given} is not a date such as 2026-03-01 or 2026-03-01T12:00:00")),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<given>.*)\)", mark("{given} is one word too many")),
    (r"No such command '(?P<given>.*?)'\.(?: Did you mean (?P<near>.*)\?)?", mark("there is no command {given}")),
    (r".* requires (?:an argument|\d+ arguments?)\.", mark("it needs a value")),
    (r"\w+ (?P<given>'.*') is not readable\.", mark("you may not read {given}")),
    (r".* does not take a value\.", mark("it takes no value")),
)  # fmt: skip
"""What Typer says in English only, and how we say it; anything else is passed on."""


def complain_misuse(misuse: typer.TyperException) -> None:
    """Print what is wrong with the command line, and where help is."""
    if type(misuse).__name__ == "NoArgsIsHelpError":
        typer.echo(getattr(misuse, "message", str(misuse)))
        return
    kind = next((base.__name__ for base in type(misuse).__mro__ if base.__name__ in SENTENCES), "UsageError")
    reason = _reason(getattr(misuse, "message", str(misuse)))
    alarm(tell(SENTENCES[kind], name=_name(misuse), reason=reason), "usage")
    context = getattr(misuse, "ctx", None)
    if context is not None:
        note(mark("Help: {command} --help"), command=context.command_path)


def _reason(said: str) -> str:
    for pattern, sentence in REASONS:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return tell(sentence, **{name: text or "" for name, text in found.groupdict().items()})
    return tell(said).rstrip(".")


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
