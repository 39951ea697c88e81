"""What ``archiver sources`` prints: what can be collected, and by which command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.cli.commands import collect
from archiver.cli.terminal.command_group import command_group
from archiver.cli.terminal.console import say, show_json, show_table
from formats import registry
from formats.words import mark

NETWORK_SOURCES: Mapping[str, str] = {"dicom-receive": "dicom", "dicom-node": "dicom", "dicomweb": "dicom"}
"""Sources that lie in the network, and as what they are collected when they are here."""


def show(*, as_json: bool) -> int:
    """List the sources, and return the exit status."""
    commands = command_group(collect.app).commands
    names = (*registry.SOURCES, *NETWORK_SOURCES)
    listed = [(name, commands[name].get_short_help_str(1000)) for name in names]
    if as_json:
        rows = [{"source": name, "sentence": sentence, **_covered(name)} for name, sentence in listed]
        show_json({"sources": 1, "list": rows})
        return 0
    covered = [registry.coverage_of(NETWORK_SOURCES.get(name, name)) for name, _ in listed]
    shown = [(*row, f"{one.fields}/{one.of}") for row, one in zip(listed, covered, strict=True)]
    show_table(shown, heading=(mark("source"), mark("what it is"), mark("fields it can fill")))
    say(mark("archiver collect PLACE recognises most of them; archiver collect SOURCE PLACE names one."))
    return 0


def _covered(name: str) -> dict[str, Any]:
    found = registry.coverage_of(NETWORK_SOURCES.get(name, name))
    return {"fields": found.fields, "of": found.of, "kinds": list(found.kinds)}
