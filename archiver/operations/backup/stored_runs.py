"""Runs of a backup that lie in a vault: where each has its list, and what the list says once its signature holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from archiver.backup.errors import BackupEmpty, BackupForeign, BackupListInvalid, BackupMomentUnknown
from archiver.backup.run_list import MAX_LIST_BYTES, PLACE, RunList, read_run_list
from archiver.operations.vault.fetch import Stored, find_stored
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.trust.anchors import Trust
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import CheckOutcome, CheckTable
from archiver.vault.index import stored_bytes
from archiver.vault.open_vault import Vault
from archiver.verdict import State
from formats.errors import Failure
from formats.words import mark

_PLACE = re.compile(r"backup/([0-9]{6,9})\.json")
SIGNATURE = ".p7s"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRun:
    """A run whose list lies in the object ``object_id`` of a vault; ``at`` is when that version was written."""

    number: int
    at: datetime
    object_id: str
    found: tuple[Stored, ...]


def stored_runs(vault: Vault, catalogue: Catalogue) -> list[StoredRun]:
    """Return the runs that any storage has, the newest first; a storage that does not answer is passed over."""
    runs: dict[int, StoredRun] = {}
    for name in dict.fromkeys(one for one, _, _ in catalogue.objects()):
        found, _ = find_stored(vault, name)
        for logical in found[0][1].logical_paths() if found else ():
            matched = _PLACE.fullmatch(logical)
            if matched:
                number = int(matched[1])
                at = max(one.created for one in found[0][1].versions.values())
                runs[number] = StoredRun(number=number, at=at, object_id=name, found=tuple(found))
    return [runs[number] for number in sorted(runs, reverse=True)]


def read_stored_run(run: StoredRun, trust: Trust) -> RunList:
    """Return the list of ``run``, from the first storage that gives it back with a signature that is accepted.

    Raises:
        BackupListInvalid: when none does.
    """
    refusal: Failure = BackupListInvalid(number=run.number, reason=mark("no storage gives it back"))
    for replica, inventory in run.found:
        path = PLACE.format(number=run.number)
        try:
            data = stored_bytes(replica, inventory, path, MAX_LIST_BYTES)
            names = [
                one
                for one in inventory.logical_paths()
                if one.startswith(f"{path}.") and one.endswith(SIGNATURE)
            ]
            signatures = {one: stored_bytes(replica, inventory, one) for one in names}
        except Failure as failure:
            refusal = BackupListInvalid(number=run.number, reason=failure)
            continue
        if _accepted(signatures, data, trust):
            return read_run_list(data, run.number)
        reason = mark("nobody signed it whom you accept")
        refusal = BackupListInvalid(number=run.number, reason=reason)
    raise refusal


def _accepted(signatures: Mapping[str, bytes], data: bytes, trust: Trust) -> bool:
    answers = [answer_signature(one, data, trust, where=name) for name, one in signatures.items()]
    return bool(answers) and all(
        (one.signed_by.state, one.trusted.state) == (State.PROVEN, State.PROVEN) for one in answers
    )


def newest_run(vault: Vault, catalogue: Catalogue, trust: Trust, *, backup: str = "") -> RunList | None:
    """Return the list of the newest run, or nothing where the vault has none.

    Raises:
        BackupListInvalid: when it cannot be relied on; BackupForeign: when it is not of ``backup``.
    """
    runs = stored_runs(vault, catalogue)
    if not runs:
        return None
    newest = read_stored_run(runs[0], trust)
    if backup and newest.backup != backup:
        raise BackupForeign(found=newest.backup, expected=backup)
    return newest


def run_as_of(vault: Vault, catalogue: Catalogue, trust: Trust, moment: datetime | None) -> RunList:
    """Return the newest run, of ``moment`` or before, of which every package is in the vault.

    Raises:
        BackupEmpty: when the vault has no run; BackupMomentUnknown: when none is as old.
        BackupListInvalid: when the only ones that could be meant cannot be relied on.
    """
    runs = stored_runs(vault, catalogue)
    if not runs:
        raise BackupEmpty
    refusal: Failure | None = None
    oldest = runs[0].at
    present = {one for one, _, _ in catalogue.objects()}
    for one in runs:
        try:
            found = read_stored_run(one, trust)
        except BackupListInvalid as failure:
            refusal = refusal or failure
            continue
        if not found.objects <= present:
            continue
        oldest = found.at
        if moment is None or found.at <= moment:
            return found
    if refusal is not None:
        raise refusal
    stated = moment.isoformat(timespec="minutes") if moment else ""
    raise BackupMomentUnknown(moment=stated, oldest=oldest.isoformat(timespec="minutes"))


def lost_objects(vault: Vault, table: CheckTable, objects: set[str]) -> set[str]:
    """Return those of ``objects`` that no storage has, or whose copies were all found damaged."""
    return {name for name in objects if not any(_sound_copies(vault, table, name))}


def _sound_copies(vault: Vault, table: CheckTable, name: str) -> Iterator[bool]:
    found, silent = find_stored(vault, name)
    if silent:
        yield True  # a storage that does not answer has lost nothing
    for replica, _ in found:
        last = table.find(name, replica.name)
        yield last is None or last.outcome is not CheckOutcome.DAMAGED
