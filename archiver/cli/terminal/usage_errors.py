"""What to say when a command line is not understood, in the person's language.

Typer's own messages are English only; its exception classes are recognised
by name because it keeps them private.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

import typer

from archiver.cli.terminal.console import alarm, note
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark


class SayHow(typer.BadParameter):
    """Something is missing that can be given in several ways: the message says, whole, how."""


SENTENCES = {
    "MissingParameter": mark("{name} is needed: {help}."),
    SayHow.__name__: "{reason}.",
    "NoSuchOption": mark("There is no option {name}."),
    "NoSuchCommand": mark("There is no command {name}."),
    "BadParameter": mark("The value of {name} is not usable: {reason}."),
    "BadOptionUsage": mark("The option {name} is not usable: {reason}."),
    "UsageError": mark("The command line is not understood: {reason}."),
}
NEAR = {
    "NoSuchOption": mark("There is no option {name}. Did you mean {near}?"),
    "NoSuchCommand": mark("There is no command {name}. Did you mean {near}?"),
}
"""The same where there is one with a name like it."""
GIVE = mark("Give {what}.")
ARGUMENTS = {
    "folder": mark("the folder"),
    "node": mark("the node: TITLE@HOST:PORT"),
    "identity": mark("your receiving key (receiver.identity)"),
    "new_package": mark("the new revision to make"),
    "question": mark("the identifier of the question"),
    "package": mark("the package"),
    "packages": mark("the package"),
    "patient": mark("the patient's identity"),
    "server": mark("the server: https://HOST/dicom-web"),
    "source": mark("the source: a server's address or a file"),
    "receipt": mark("the receipt"),
    "store": mark("the practice store"),
}
"""What is missing, by the name of the argument."""
NO_COMMAND = re.compile(r"No such command '(?P<name>.*?)'\.(?: Did you mean (?P<near>.*)\?)?", re.DOTALL)
REASONS = (
    (r"Input should be a valid integer.*", mark("it is not a whole number")),
    (r"Input should be a valid number.*", mark("it is not a number")),
    (r"Value error, (?P<given>'.*') is not one of (?P<known>.*)\.", mark("{given} is none of {known}")),
    (r"Value error, (?P<given>'.*') does not match the formats .*",
     mark("{given} is not a date such as 2026-03-01 or 2026-03-01T12:00:00")),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<given>.*)\)", mark("{given} is one word too many")),
    (r"Missing command\.", mark("a command is missing")),
    (r".* requires (?:an argument|\d+ arguments?)\.?", mark("it needs a value")),
    (r"\w+ (?P<given>'.*') is not readable\.", mark("you may not read {given}")),
    (r"\w+ (?P<given>'.*') is not writable\.", mark("you may not write to {given}")),
    (r"\w+ (?P<given>'.*') does not exist\.", mark("there is no {given}")),
    (r"\w+ (?P<given>'.*') is a file\.", mark("{given} is a file")),
    (r"\w+ (?P<given>'.*') is a directory\.", mark("{given} is a folder")),
    (r".* does not take a value\.", mark("it takes no value")),
)  # fmt: skip
"""What Typer says in English only, and how we say it; anything else is passed on."""


def print_usage_error(error: typer.TyperException) -> None:
    """Print what is wrong with the command line, and where help is."""
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(getattr(error, "message", str(error)))
        return
    alarm(_sentence(error), "usage")
    context = getattr(error, "ctx", None)
    if context is not None:
        note(mark("Help: {command} --help"), command=context.command_path)


def _sentence(error: typer.TyperException) -> str:
    """Return what is wrong, with what was meant perhaps."""
    message, name = getattr(error, "message", str(error)), _name(error)
    kind = next((base.__name__ for base in type(error).__mro__ if base.__name__ in SENTENCES), "UsageError")
    near = ", ".join(one for one in getattr(error, "possibilities", None) or () if _alike(one, name))
    if found := NO_COMMAND.fullmatch(message):
        kind, name, near = "NoSuchCommand", found["name"], (found["near"] or "").replace("'", "")
    if kind in NEAR and near:
        return localize(NEAR[kind], name=name, near=near)
    if kind == "MissingParameter":
        return _missing(error, name)
    return localize(SENTENCES[kind], name=name, reason=_reason(message))


def _alike(option: str, name: str) -> bool:
    """Tell whether one word may be meant by the other; that both begin with dashes makes them no more alike."""
    return bool(get_close_matches(name.lstrip("-"), [option.lstrip("-")]))


def _missing(error: typer.TyperException, name: str) -> str:
    parameter = getattr(error, "param", None)
    what = ARGUMENTS.get(str(getattr(parameter, "name", "")))
    if what and getattr(parameter, "param_type_name", "") == "argument":
        return localize(GIVE, what=what)
    text = getattr(parameter, "help", None) or "…"
    inside = text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
    return localize(SENTENCES["MissingParameter"], name=name, help=inside.rstrip("."))


def _reason(reason_text: str) -> str:
    for pattern, sentence in REASONS:
        if found := re.fullmatch(pattern, reason_text, re.DOTALL):
            return localize(sentence, **{name: text or "" for name, text in found.groupdict().items()})
    return localize(reason_text).rstrip(".")


def _name(error: typer.TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return (
            str(max(parameter.opts, key=len))
            if parameter.opts[0].startswith("-")
            else argument_word(str(parameter.name))
        )
    for attribute in ("option_name", "command_name", "param_hint"):
        if value := getattr(error, attribute, None):
            return str(value)
    return ""
