"""Where preservation profiles lie: in the object of the vault on every storage, each revision for ever."""

from __future__ import annotations

import re
from datetime import datetime

from archiver.vault.additions import add_version
from archiver.vault.catalogue import Catalogue
from archiver.vault.errors import PreservationProfileAbsent
from archiver.vault.found_object import find_object, newest_inventory
from archiver.vault.index import stored_bytes
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.open_vault import Vault
from archiver.vault.preservation.profile import (
    MAX_PROFILE_BYTES,
    PreservationProfile,
    profile_bytes,
    read_profile,
)

PROFILE = "preservation-profile/revision-{revision:03}.json"
"""Logical path of a profile in the object of the vault."""
_PROFILE = re.compile(r"preservation-profile/revision-([0-9]{3})\.json")


def find_profile(vault: Vault) -> PreservationProfile | None:
    """Return the newest preservation profile of ``vault``, or nothing where none was set.

    Raises:
        PreservationProfileInvalid: when it cannot be read; what a storage answered.
    """
    found = find_object(vault, vault.description.id)
    newest = newest_inventory(found)
    paths = sorted(one for one in newest.logical_paths() if _PROFILE.fullmatch(one)) if newest else []
    if newest is None or not paths:
        return None
    replica = next(one for one, inventory in found if inventory == newest)
    return read_profile(stored_bytes(replica, newest, paths[-1], MAX_PROFILE_BYTES), paths[-1])


def require_profile(vault: Vault) -> PreservationProfile:
    """Return the newest preservation profile of ``vault``.

    Raises:
        PreservationProfileAbsent: when there is none; as ``find_profile``.
    """
    found = find_profile(vault)
    if found is None:
        raise PreservationProfileAbsent
    return found


def put_profile(vault: Vault, catalogue: Catalogue, profile: PreservationProfile, *, at: datetime) -> None:
    """Write ``profile`` to every storage as a further revision; the caller holds the lock of the vault.

    Raises:
        DiskFull, DiskFault, StorageDigestMismatch and others: what a storage answered.
    """
    files = {PROFILE.format(revision=profile.revision): profile_bytes(profile)}
    message = f"preservation profile, revision {profile.revision}"
    entry = JournalEntry(
        act=VaultAct.DESCRIPTION, outcome="preservation-profile", facts={"revision": profile.revision}
    )
    add_version(vault, catalogue, vault.description.id, files, message=message, at=at, entries=[entry])
