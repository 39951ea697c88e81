"""A unit read by pyzipper, which shares no code with us; the only module that imports it.

A drill asks whether the dossiers can be opened when they must be. That a reader of somebody else's opens one
says that they can be without this program.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from pyzipper import AESZipFile, BadZipFile

from archiver.sealing.errors import UnitMismatch
from archiver.sealing.keyring_lines import KeyringEntry
from formats.digests import SHA256, Digest

PIECE = 1 << 20
"""Bytes read at a time."""


def check_elsewhere(source: BinaryIO, entry: KeyringEntry) -> None:
    """Read the unit that is all of ``source`` with pyzipper, and compare it with what the keyring says.

    Only for a unit that our own strict reader took: pyzipper has no limits.

    Raises:
        UnitMismatch: pyzipper cannot open it, or finds another plain archive.
    """
    state = hashlib.sha256()
    try:
        with AESZipFile(source) as archive:
            archive.setpassword(entry.passphrase.encode("ascii"))
            with archive.open(entry.member) as member:
                while piece := member.read(PIECE):
                    state.update(piece)
    # another passphrase or member, damaged data or headers
    except (BadZipFile, KeyError, RuntimeError, ValueError) as fault:
        raise UnitMismatch(unit=entry.unit) from fault
    if Digest(SHA256, state.digest()) != entry.plain_digest:
        raise UnitMismatch(unit=entry.unit)
