"""Where passphrases come from: a file, the environment, or a person who types; never the command line.

What stands on a command line is seen by every program of the machine.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from archiver import disk
from archiver.cli.errors import PassphraseMissing
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.prompts import ask
from archiver.errors import KeyUnreadable
from formats.regular_files import open_regular
from formats.words import mark

SIGNER_VARIABLE = "ARCHIVER_SIGNER_PASSPHRASE"
IDENTITY_VARIABLE = "ARCHIVER_IDENTITY_PASSPHRASE"
PIN_VARIABLE = "ARCHIVER_SIGNER_PIN"
DATABASE_VARIABLE = "ARCHIVER_DATABASE_PASSWORD"
WEB_VARIABLE = "ARCHIVER_DICOMWEB_PASSWORD"
WEB_ACCESS_VARIABLE = "ARCHIVER_DICOMWEB_TOKEN"
MAX_PASSPHRASE_FILE = 4096
"""Bytes of a passphrase file; its first line counts."""

SignerPassphrase = Annotated[
    Path | None,
    typer.Option(
        "--signer-passphrase-file", help=localize(mark("File whose first line opens the signing key."))
    ),
]
IdentityPassphrase = Annotated[
    Path | None,
    typer.Option(
        "--identity-passphrase-file",
        help=localize(mark("File whose first line opens your receiving key, if it has a passphrase.")),
    ),
]
OpeningPassphrase = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help=localize(mark("File whose first line, a passphrase, opens it as well."))
    ),
]
FurtherPassphrase = Annotated[
    Path | None,
    typer.Option(
        "--new-passphrase-file", help=localize(mark("File whose first line, a passphrase, opens it as well."))
    ),
]


DatabasePassword = Annotated[
    Path | None,
    typer.Option("--password-file", help=localize(mark("File whose first line is the server's password."))),
]


def database_password(file: Path | None, place: str) -> str:
    """Return the password of the database at ``place``, empty where none is needed or the address has it.

    Raises:
        KeyUnreadable: when the file holds none.
        DatabaseAddressInvalid: when nobody can follow the address.
    """
    from formats.databases.servers.address import is_database_address, parse_database_address

    if file is not None:
        return from_file(file)
    if not is_database_address(place):
        return ""
    address = parse_database_address(place)
    if os.environ.get(DATABASE_VARIABLE):
        return os.environ[DATABASE_VARIABLE]
    if not address.asks_password or not sys.stdin.isatty():
        return ""
    question = mark("Password of {user} at {database} (empty for none)")
    return ask(localize(question, user=address.user, database=address.shown), default="", hidden=True)


def web_password(file: Path | None, user: str, server: str) -> str:
    """Return the password of ``user`` at a DICOMweb server, empty where none is needed.

    Raises:
        KeyUnreadable: when the file holds none.
    """
    if file is not None:
        return from_file(file)
    if os.environ.get(WEB_VARIABLE):
        return os.environ[WEB_VARIABLE]
    if not sys.stdin.isatty():
        return ""
    question = mark("Password of {user} at {server} (empty for none)")
    return ask(localize(question, user=user, server=server), default="", hidden=True)


def web_token(file: Path | None) -> str:
    """Return the access token for a DICOMweb server, empty where none is needed.

    Raises:
        KeyUnreadable: when the file holds none.
    """
    return from_file(file) if file is not None else os.environ.get(WEB_ACCESS_VARIABLE, "")


def signer_passphrase(file: Path | None, key: Path) -> str | None:
    """Return the passphrase of the signing key in the file ``key``, or ``None`` for a key without one."""
    if file is not None:
        return from_file(file)
    if SIGNER_VARIABLE in os.environ:
        return os.environ[SIGNER_VARIABLE] or None
    if not sys.stdin.isatty():
        return None
    question = localize(mark("Passphrase of {file} (empty for none)"), file=str(key))
    return ask(question, default="", hidden=True) or None


def identity_passphrase(file: Path | None) -> str | None:
    """Return the passphrase of receiving keys from ``file`` or the environment, or ``None`` when it is to be typed."""
    return from_file(file) if file is not None else os.environ.get(IDENTITY_VARIABLE) or None


def typed_identity_passphrase(identity: Path) -> str:
    """Return the passphrase of the receiving key ``identity`` as somebody types it.

    Raises:
        PassphraseMissing: when nobody is there to type one.
    """
    if not sys.stdin.isatty():
        raise PassphraseMissing(option="--identity-passphrase-file", variable=IDENTITY_VARIABLE)
    return ask(localize(mark("Passphrase of {file}"), file=str(identity)), hidden=True)


def device_pin(file: Path | None, device: str) -> str:
    """Return the PIN of the signing device.

    Raises:
        KeyUnreadable: when nobody is there to type one.
    """
    if file is not None:
        return from_file(file)
    if os.environ.get(PIN_VARIABLE):
        return os.environ[PIN_VARIABLE]
    if not sys.stdin.isatty():
        raise KeyUnreadable(where=device, reason=mark("no PIN was given"))
    question = localize(mark("PIN of the signing device {device}"), device=device)
    return ask(question, hidden=True)


def from_file(file: Path) -> str:
    """Return the first line of ``file``; the mark some editors put before a text is no part of it.

    Raises:
        KeyUnreadable: when it is empty, too long or no text.
    """
    with disk.failures_about(), open_regular(file) as stream:
        data = stream.read(MAX_PASSPHRASE_FILE + 1)
    try:
        text = data.decode("utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError as fault:
        raise KeyUnreadable(where=str(file), reason=mark("it is not a text file")) from fault
    if not text or len(data) > MAX_PASSPHRASE_FILE:
        raise KeyUnreadable(where=str(file), reason=mark("it does not hold one passphrase"))
    return text
