"""Make a backup: keys and recovery cards, a vault where it is to lie, and what was agreed; a run and a drill follow.

1. Nothing is made where something lies: the folder of the backup, the storages. What a command left that was ended
   goes, and is known by a file that it wrote first (``UNFINISHED``): other folders of these names are somebody's own.
2. The machine gets a key that signs, and the public key for which it seals (``keys``). The key that opens, and its
   recovery cards, are for the person (``person``): a folder that is taken away.
3. The vault is made on the storages that were named; of an object storage it is tried whether it locks.
4. The description goes last: without it there is no backup, and the command can be given again. From then on the
   folders hold what nobody can make again, and the file goes.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.assembly.request import Randomness
from archiver.backup.description import (
    AGREED_HOURS,
    KEYS,
    LOCK_DAYS,
    NAME,
    PERSON,
    SECRET_BYTES,
    VAULT,
    BackupDescription,
    write_backup_description,
)
from archiver.errors import AlreadyExists
from archiver.operations.backup.backup_vault import Backup, open_backup
from archiver.operations.make_keys import RECIPIENT, write_identity
from archiver.operations.recover import KitRequest, make_kit
from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.sealing.age import HybridIdentity
from archiver.sealing.age.hybrid import SEED
from archiver.sealing.recovery.recovery_set import RecoverySet
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import ROOTS, SignerName, make_signer, write_signer
from archiver.storage.credentials import require_credentials_file
from archiver.temporary_files import remove_folder
from archiver.vault.description import Hosting

CARDS = "recovery-cards.pdf"
UNFINISHED = "init.unfinished"
"""In the folder of a backup that is being made: what lies beside it was made by this command, for nobody yet."""
FIXITY_DAYS = 30
"""Days within which everything in the vault of a backup is read again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBackup:
    """What is asked: ``store`` and ``sources``, the ``storages`` it goes to, and ``name``, who it is of.

    ``passphrase`` is that of the key that opens; ``register`` the folder of the drill register.
    """

    folder: Path
    name: str
    store: Path
    storages: Sequence[str]
    hosting: Hosting
    register: Path
    sources: Sequence[tuple[str, ...]] = ()
    credentials: Path | None = None
    unlocked: str = ""
    passphrase: str | None = field(default=None, repr=False)
    agreed_hours: int = AGREED_HOURS
    lock_days: int = LOCK_DAYS


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeBackup:
    """The backup, and the recovery cards of the key that opens it; the person's ``identity`` is for the first drill."""

    backup: Backup
    cards: RecoverySet
    identity: HybridIdentity


def init_backup(new: NewBackup, *, clock: Callable[[], datetime], randomness: Randomness) -> MadeBackup:
    """Make the backup ``new``.

    Raises:
        AlreadyExists: when a backup lies there, or a folder of a name that this needs; StorageOccupied: when a storage
            has anything.
        HostingUnexplained, StorageLockUnheld, KeyUnreadable, DiskFull, DiskFault and others: why none is made.
    """
    folder, at = new.folder, clock().replace(microsecond=0)
    if (folder / NAME).exists():
        raise AlreadyExists(path=str(folder / NAME))
    require_credentials_file(new.credentials)
    disk.make_private_folder(folder)
    _begin(folder)
    identity = HybridIdentity(seed=randomness(SEED))
    _make_machine_keys(new, identity, at=at, randomness=randomness)
    cards = _make_person_keys(new, identity, clock=clock, randomness=randomness)
    vault = VaultRequest(
        folder=folder / VAULT,
        name=new.name,
        storages=new.storages,
        hosting=new.hosting,
        identifier=str(uuid.UUID(bytes=randomness(16), version=4)),
        credentials=new.credentials,
        unlocked=new.unlocked,
        fixity_days=FIXITY_DAYS,
        lock_days=new.lock_days,
    )
    init_vault(vault, clock=clock)
    description = BackupDescription(
        id=f"urn:uuid:{uuid.UUID(bytes=randomness(16), version=4)}",
        name=new.name,
        created=at,
        store=new.store.absolute(),
        recipients=(str(identity.to_recipient()),),
        secret=randomness(SECRET_BYTES),
        sources=tuple(new.sources),
        credentials=new.credentials.absolute() if new.credentials else None,
        agreed_hours=new.agreed_hours,
        lock_days=new.lock_days,
    )
    write_backup_description(folder, description)
    disk.remove(folder / UNFINISHED)
    return MadeBackup(backup=open_backup(folder), cards=cards, identity=identity)


def _begin(folder: Path) -> None:
    """Remove what a command left that was ended, and say first that what follows is of one that has not.

    Raises:
        AlreadyExists: when something lies there that no ended command left.
    """
    made = [path for name in (KEYS, PERSON, VAULT) if os.path.lexists(path := folder / name)]
    if made and not (folder / UNFINISHED).is_file():
        raise AlreadyExists(path=str(made[0]))
    for path in made:
        remove_folder(path)
    if not (folder / UNFINISHED).is_file():
        disk.write_text(folder / UNFINISHED, "archiver backup init\n", mode=disk.PRIVATE)


def _make_machine_keys(
    new: NewBackup, identity: HybridIdentity, *, at: datetime, randomness: Randomness
) -> None:
    """Make what the machine has: it signs and seals, and can open nothing."""
    folder = new.folder / KEYS
    signer = make_signer(SignerName(name=new.name), at=at, random=randomness)
    disk.make_private_folder(folder)
    write_signer(folder, signer, None)
    disk.write_text(folder / RECIPIENT, f"# {new.name}\n{identity.to_recipient()}\n")
    disk.make_private_folder(new.folder / PERSON)
    disk.write_text(new.folder / PERSON / ROOTS, write_pem(signer.roots))


def _make_person_keys(
    new: NewBackup, identity: HybridIdentity, *, clock: Callable[[], datetime], randomness: Randomness
) -> RecoverySet:
    """Make what the person takes away: the key that opens, its recovery cards, and whom to accept as signer."""
    folder = new.folder / PERSON
    write_identity(folder, identity, [new.name], passphrase=new.passphrase, randomness=randomness)
    request = KitRequest(identity=identity, owner=new.name, target=folder / CARDS, register=new.register)
    return make_kit(request, clock=clock)
