"""Refusals of commands about a backup: they name what its person can type."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from formats.errors import Failure

Outcome = TypeVar("Outcome")


def for_backup(command: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Return ``command``, whose refusals name the commands of the backup in the folder that it was given, if any."""

    @functools.wraps(command)
    def refusing(**options: Any) -> Outcome:
        try:
            return command(**options)
        except Failure as failure:
            if options.get("backup") is not None:
                from archiver.cli.run.backup.next_commands import name_backup_commands

                name_backup_commands(failure, options["backup"])
            raise

    return refusing
