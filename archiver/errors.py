"""The failures that several layers know; each has its own in an ``errors.py`` beside it.

Codes are stable: they are documented in ``reference/errors.md`` and never
given a second meaning. ``archiver.cli.exits`` gives each its exit status.
"""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class PackageFailure(Failure):
    """A package that must not be opened."""

    code = "package"
    sentence = mark("This package cannot be trusted.")


class KeyFailure(Failure):
    """A key or a passphrase that does not fit."""

    code = "key"
    sentence = mark("The key cannot be used.")


class WrongPassphrase(KeyFailure):
    code = "wrong-passphrase"
    sentence = mark("The passphrase is wrong.")


class KeyUnreadable(KeyFailure):
    code = "key-unreadable"
    sentence = mark("This is not a usable key file: {reason}.")


class InstallationOverwritten(Failure):
    """Another distribution that brings a package ``formats`` too was installed into the same environment."""

    code = "installation-overwritten"
    sentence = mark(
        "Another Python distribution has put its own package “formats” in place of this program's. Install archiver"
        " into an environment of its own: uv tool install, or pipx install."
    )


class AlreadyExists(Failure):
    code = "already-exists"
    sentence = mark("{path} exists already and is not replaced.")


class DiskFull(Failure):
    code = "disk-full"
    sentence = mark("The disk is full; nothing was left behind.")


class DiskFault(Failure):
    code = "disk-fault"
    sentence = mark("The disk refused: {reason}.")


class Interrupted(Failure):
    code = "interrupted"
    sentence = mark("Interrupted; nothing was left behind. Run the same command again; it begins anew.")


class WorkerLost(Failure):
    """One of several processes ended that nobody told to; the system does that when memory runs out."""

    code = "worker-lost"
    sentence = mark(
        "A part of the program was ended from outside, perhaps for want of memory; nothing was left behind."
    )
