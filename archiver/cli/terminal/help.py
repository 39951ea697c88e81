"""Commands whose help is in the person's language, Typer's own words included.

Typer takes some of its words from gettext and writes others itself: the first
are in our catalogue under Typer's own English, the second are written here.
"""

from __future__ import annotations

import gettext
import os
import re
from collections import Counter
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from archiver.cli.terminal.language import language, localize
from formats.words import DOMAIN, mark

TYPERS_OWN = (mark("Commands"), mark("required"), mark("default: {default}"))
"""Words that Typer asks gettext for."""
SECTIONS = {"argument": mark("Arguments"), "option": mark("Options")}
Doing = TypeVar("Doing", bound=Callable[..., Any])
KINDS = {
    "path": mark("FILE"),
    "file": mark("FILE"),
    "Path": mark("FILE"),
    "str": mark("TEXT"),
    "int": mark("NUMBER"),
    "int range": mark("NUMBER"),
    "float": mark("NUMBER"),
}
"""What a value is, for a person instead of for a Python programmer."""
ARGUMENTS = {
    "address": mark("ADDRESS"),
    "breach": mark("BREACH"),
    "checkpoint": mark("CHECKPOINT"),
    "decision": mark("DECISION"),
    "destruction": mark("DESTRUCTION"),
    "folder": mark("FOLDER"),
    "hold": mark("HOLD"),
    "host": mark("HOST"),
    "identity": mark("KEY"),
    "import_number": mark("IMPORT"),
    "journal": mark("JOURNAL"),
    "mapping": mark("MAPPING"),
    "new_package": mark("NEW-PACKAGE"),
    "node": mark("NODE"),
    "question": mark("QUESTION"),
    "package": mark("PACKAGE"),
    "place": mark("PLACE"),
    "packages": mark("PACKAGES"),
    "patient": mark("PATIENT"),
    "percent": mark("PERCENT"),
    "proof": mark("PROOF"),
    "receipt": mark("RECEIPT"),
    "roster": mark("ROSTER"),
    "unit": mark("UNIT"),
    "server": mark("SERVER"),
    "source": mark("SOURCE"),
    "request": mark("REQUEST"),
    "storage": mark("STORAGE"),
    "store": mark("STORE"),
    "store_or_package": mark("STORE|PACKAGE"),
    "vault": mark("VAULT"),
    "backup": mark("BACKUP"),
    "words": mark("WORDS"),
}
"""What stands for an argument, by its name in the program."""
REPEATABLE = mark("(repeatable)")
"""Behind what an option means, where it may come more than once."""
MAIN_LINE = (
    "collect",
    "patients",
    "roster",
    "export",
    "verify",
    "inspect",
    "import",
    "import list",
    "import undo",
    "find",
    "show",
    "read",
    "deliver",
)
"""Commands of the program in the order in which people need them; the others follow as they are."""
_WHOLE = 1000
"""Characters of a sentence about a command; none is longer."""
_ARGUMENT = re.compile(r"\{(?P<needed>\w+)\}|\[(?P<optional>[a-z_]+)\]")
"""How Typer writes an argument in the line of usage; options are in capitals."""
_KIND = re.compile(r"<(?:list\[)?([^<>\[\]]+)\]?>")


def install_translations() -> None:
    """Let gettext, which Typer asks, speak the person's language."""
    os.environ["LANGUAGE"] = language()
    with as_file(files("archiver").joinpath("locale")) as folder:
        gettext.bindtextdomain(DOMAIN, folder)
    gettext.textdomain(DOMAIN)


class _Spoken:
    """Help in the person's language, for a command and for a group alike."""

    collect_usage_pieces: Any
    get_params: Any

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = _ARGUMENT.sub(_usage_piece, " ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, pieces, prefix=localize(mark("Usage: ")))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = localize(mark("Show this message and stop."))
        return option

    def format_options(self, ctx: Any, formatter: Any) -> None:
        for kind, title in SECTIONS.items():
            records = ((one, one.get_help_record(ctx)) for one in self._of_kind(ctx, kind))
            shown = [
                (_first(one, record[0]), _repeatable(one, record[1])) for one, record in records if record
            ]
            if shown:
                with formatter.section(localize(title)):
                    formatter.write_dl(shown)

    def _of_kind(self, ctx: Any, kind: str) -> list[Any]:
        return [one for one in self.get_params(ctx) if one.param_type_name == kind]


class TranslatedCommand(_Spoken, TyperCommand):
    """One command; an option that takes one value takes no second one in silence."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:  # a shell asks what may come next
            return super().parse_args(ctx, args)
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        counts: Counter[Any] = Counter(order)
        for option, times in counts.items():
            if times > 1 and option.param_type_name == "option" and not option.multiple:
                raise typer.BadParameter(mark("it is given more than once"), ctx=ctx, param=option)
        return super().parse_args(ctx, args)


class TranslatedGroup(_Spoken, TyperGroup):
    """Commands that belong together; without one of them it shows its help."""

    def list_commands(self, ctx: Any) -> list[str]:
        if ctx is not None and ctx.parent is not None:  # a group has an order of its own
            return list(self.commands)
        last = len(MAIN_LINE)
        return sorted(self.commands, key=lambda name: MAIN_LINE.index(name) if name in MAIN_LINE else last)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command of two words before the one that is called as its first word (``import``)."""
        words = " ".join(args[:2])
        return super().resolve_command(ctx, [words, *args[2:]] if words in self.commands else args)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Offer what is one word of a command line."""
        return [one for one in super().shell_complete(ctx, incomplete) if " " not in one.value]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands, each with its whole sentence, which Typer would cut at the width."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [
            (name, command.get_short_help_str(_WHOLE))
            for name, command in commands
            if command and not command.hidden
        ]
        if rows:
            with formatter.section(localize(mark("Commands"))):
                formatter.write_dl(rows)


class TranslatedTyper(typer.Typer):
    """A group of commands that speak the person's language; ``help`` is a gettext sentence."""

    def __init__(
        self, sentence: str, *, cls: type[TranslatedGroup] = TranslatedGroup, **settings: Any
    ) -> None:
        super().__init__(
            cls=cls,
            help=localize(sentence),
            no_args_is_help=True,
            subcommand_metavar=localize(mark("COMMAND …")),
            context_settings={"help_option_names": ["--help", "-h"]},
            rich_markup_mode=None,  # drawing boxes takes longer than everything else --help does
            **settings,
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Doing], Doing]:
        return super().command(name, **{"cls": TranslatedCommand, **settings})


def argument_word(name: str) -> str:
    """Return what stands for the argument called ``name``, as the person's language writes it."""
    return localize(ARGUMENTS[name])


def _usage_piece(found: re.Match[str]) -> str:
    """Return an argument in the line of usage; one that may be left out stays in brackets."""
    return argument_word(found["needed"]) if found["needed"] else f"[{argument_word(found['optional'])}]"


def _first(parameter: Any, column: str) -> str:
    """Return the first column of a line of help: what stands for an argument, or an option and its kind."""
    argument = parameter.param_type_name == "argument"
    return argument_word(str(parameter.name)) if argument else _plain(column)


def _repeatable(parameter: Any, text: str) -> str:
    """Return the second column of a line of help, which says of an option that it may come more than once."""
    several = parameter.param_type_name == "option" and parameter.multiple
    return f"{text} {localize(REPEATABLE)}" if several else text


def _plain(name: str) -> str:
    """Return the first column of a line of help, with the kinds of values in words."""

    def replacement(match: re.Match[str]) -> str:
        kind = match[1]
        if kind.startswith("%"):
            return localize(mark("DATE"))
        return localize(KINDS[kind]) if kind in KINDS else f"<{kind}>"

    return _KIND.sub(replacement, name)
