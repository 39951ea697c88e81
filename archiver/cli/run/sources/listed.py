"""What ``archiver sources`` prints: what can be collected, and by which command."""

from __future__ import annotations

from archiver.cli.commands import collect
from archiver.cli.terminal.command_group import command_group
from archiver.cli.terminal.console import say, show_json, show_table
from formats import registry
from formats.words import mark


def show(*, as_json: bool) -> int:
    """List the sources, and return the exit status."""
    commands = command_group(collect.app).commands
    listed = [(name, commands[name].get_short_help_str(1000)) for name in registry.SOURCES]
    if as_json:
        rows = [{"source": name, "sentence": sentence} for name, sentence in listed]
        show_json({"sources": 1, "list": rows})
        return 0
    show_table(listed, heading=(mark("source"), mark("what it is")))
    say(mark("archiver collect PLACE recognises most of them; archiver collect SOURCE PLACE names one."))
    return 0
