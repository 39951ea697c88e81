"""One command line that would succeed for every command, and every path that a command takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import typer

from archiver.cli.main import app

STORE, PACKAGE = "practice.db", "package.asice"
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
SIGN = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")
STAMP = ("--tsa", "http://127.0.0.1:9/")
LINES: Mapping[str, tuple[str, ...]] = {
    "export": (STORE, "new.asice", "--all", *SIGN),
    "verify": (PACKAGE, "--roots", "roots.pem"),
    "inspect": (PACKAGE, *OPEN),
    "import": (PACKAGE, "--into", "new.db", *OPEN),
    "patients": (STORE,),
    "collect opendental": ("pressoir.sqlite", "--into", "new.db"),
    "collect dicom": ("folder", "--into", STORE),
    "collect documents": ("folder", "--into", STORE),
    "evidence build": (PACKAGE, *STAMP),
    "evidence renew": (PACKAGE, *STAMP),
    "evidence show": (PACKAGE,),
    "keys new": ("new-keys", "--name", "Dr Anne Exemple", "--no-passphrase"),
    "keys show-unit": (PACKAGE, "--patient", "1", *OPEN),
    "keys recovery": ("receiver.identity", "--out", "new.pdf"),
    "keys drill": (PACKAGE, "--cards-file", "cards.txt", "--roots", "roots.pem"),
    "keys restore": ("new-keys", "--cards-file", "cards.txt", "--no-passphrase"),
    "keys share": (PACKAGE, "new.asice", *SIGN, *OPEN),
    "package tools": (PACKAGE, "--to", "new-tools"),
    "people list": (STORE,),
    "people same": (STORE, "1", "--by", "Anne Exemple"),
    "people different": (STORE, "1", "--by", "Anne Exemple"),
    "people separate": (STORE, "1", "--by", "Anne Exemple"),
}
TEXTS_THAT_ARE_PATHS = frozenset(
    {("export", "--signer"), ("export", "--co-signer"), ("export", "--to")}
    | {("keys share", "--signer"), ("keys share", "--co-signer"), ("keys share", "--to")}
    | {("verify", "--report-signer"), ("collect opendental", "source")}
)
"""Parameters that take other things besides paths."""
DEVICE = "pkcs11:token=none"
NEEDS: Mapping[str, tuple[str, ...]] = {
    "--co-signer-passphrase-file": ("--co-signer", "kerbrat/signer.p12"),
    ("verify", "--pkcs11-module"): ("--report", "new.pdf", "--report-signer", DEVICE),
    ("verify", "--chain"): ("--report", "new.pdf", "--report-signer", "kerbrat/signer.p12"),
    "--report-signer": ("--report", "new.pdf"),
    ("export", "--roster"): ("--practitioner", "1"),
    ("verify", "--signer-passphrase-file"): ("--report", "new.pdf", "--report-signer", "kerbrat/signer.p12"),
    ("collect opendental", "--password-file"): ("mysql://reader@127.0.0.1:9/opendental",),
}
"""What must stand beside an option."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PathParameter:
    """A parameter of ``command`` that takes a path: the name of an option, or the place of an argument."""

    command: str
    option: str = ""
    place: int = 0

    def __str__(self) -> str:
        return f"{self.command} {self.option or self.place}"

    def line(self, value: str) -> list[str]:
        """Return the command line with ``value`` in place of this parameter's own."""
        words = list(LINES[self.command])
        needed = NEEDS.get((self.command, self.option), NEEDS.get(self.option, ()))
        if needed and not needed[0].startswith("--"):
            words[0] = needed[0]
        else:
            words += needed
        if self.option == "--pkcs11-module":  # only a key on a device has a use for it
            words = [DEVICE if word == "kerbrat/signer.p12" else word for word in words]
            words += ["--signer-passphrase-file", "pin.txt"]
        if (self.command, self.option) == ("export", "--roster"):
            words.remove("--all")
        if self.option == "--new-passphrase-file" and "--no-passphrase" in words:
            words.remove("--no-passphrase")
        if not self.option:
            words[self.place] = value
        elif self.option in words:
            words[words.index(self.option) + 1] = value
        else:
            words += [self.option, value]
        return [*self.command.split(), *words]


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command of the program with its name."""
    waiting: list[tuple[str, Any]] = [("", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        if hasattr(command, "commands"):
            waiting += [(f"{name} {one}".strip(), below) for one, below in command.commands.items()]
        else:
            yield name, command


def path_parameters() -> list[PathParameter]:
    """Return every parameter of every command that takes a path."""
    found = []
    for name, command in sorted(commands(), key=lambda one: one[0]):
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        for one in command.params:
            takes_path = "Path" in str(one.type_descriptor.annotation)
            if takes_path or (name, one.opts[0]) in TEXTS_THAT_ARE_PATHS:
                if one in arguments:
                    found.append(PathParameter(command=name, place=arguments.index(one)))
                else:
                    found.append(PathParameter(command=name, option=one.opts[0]))
    return found
