"""Keys of a journal: one signs its checkpoints, another one cosigns the journals of other vaults (Ed25519).

They lie in the folder of the vault, readable by its owner alone, and on no storage: who keeps a copy of the journal
cannot continue it. They open nothing; one that is lost is replaced, and the journal says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from archiver import disk
from archiver.vault.journal.errors import JournalDamaged
from formats.errors import FileNotFound, LimitExceeded
from formats.regular_files import read_regular
from formats.tlog.note import COSIGNATURE, ED25519, NoteKey, Sign
from formats.words import mark

LOG_KEY = "journal.key"
"""File of the key that signs the journal, in the folder of the vault: PKCS#8, PEM."""
WITNESS_KEY = "witness.key"
"""File of the key with which the vault cosigns the journals of others."""
_KINDS = {LOG_KEY: ED25519, WITNESS_KEY: COSIGNATURE}
MAX_KEY_BYTES = 4096
"""Bytes of a key file; one has 119."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogKey:
    """A private key with its public half."""

    public: NoteKey
    sign: Sign


def find_log_key(folder: Path, origin: str, file: str = LOG_KEY) -> LogKey | None:
    """Return the key in ``file`` of the vault in ``folder``, whose name is ``origin``, or nothing.

    Raises:
        JournalDamaged: when the file is no such key; DiskFault.
    """
    path = folder / file
    try:
        with disk.failures_about(path):
            data = read_regular(path, MAX_KEY_BYTES, mark("the key in bytes"))
        private = load_pem_private_key(data, None)
    except FileNotFound:
        return None
    except (ValueError, TypeError, UnsupportedAlgorithm, LimitExceeded) as fault:
        raise JournalDamaged(where=str(path), reason=mark("its key cannot be read")) from fault
    if not isinstance(private, Ed25519PrivateKey):
        raise JournalDamaged(where=str(path), reason=mark("its key cannot be read"))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return LogKey(public=NoteKey(name=origin, kind=_KINDS[file], public=public), sign=private.sign)


def make_log_key(folder: Path, origin: str, file: str = LOG_KEY) -> LogKey:
    """Return the key in ``file``; where there is none yet, a new one, which is durable.

    Raises:
        JournalDamaged, DiskFull, DiskFault: as ``find_log_key``, and what the disk answers.
    """
    found = find_log_key(folder, origin, file)
    if found is not None:
        return found
    made = Ed25519PrivateKey.generate()
    text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    disk.write_text(folder / file, text, mode=disk.PRIVATE)
    public = made.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return LogKey(public=NoteKey(name=origin, kind=_KINDS[file], public=public), sign=made.sign)
