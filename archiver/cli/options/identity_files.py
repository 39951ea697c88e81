"""Files of keys where the command line says they are; the passphrase of one that is encrypted is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.cli.options.passphrases import typed_identity_passphrase
from archiver.sealing.age import are_encrypted, decrypt_identities
from formats.errors import Failure
from formats.regular_files import open_regular


@contextmanager
def open_identities(path: Path, passphrase: str | None) -> Iterator[BinaryIO]:
    """Open a file of identities to be read from its start; whatever fails in the block names the file.

    One that is encrypted opens with ``passphrase``, or with what somebody types when that is ``None``.

    Raises:
        WrongPassphrase, PassphraseMissing: when it is encrypted and stays so.
        KeyUnreadable, LimitExceeded, DiskFault: when it cannot be read.
    """
    with failures_in_file(path), disk.failures_about(), open_regular(path) as stream:
        if not are_encrypted(stream):
            yield stream
            return
        yield decrypt_identities(stream, passphrase or typed_identity_passphrase(path))


@contextmanager
def failures_in_file(path: Path) -> Iterator[None]:
    """Say of what fails in the block in which file it is, and where there is a line, in which."""
    try:
        yield
    except Failure as failure:
        if "path" in failure.facts:  # it names the file itself
            raise
        failure.where = f"{path}:{failure.where}" if failure.where.isdigit() else failure.where or str(path)
        raise
