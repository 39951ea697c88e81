"""What stays of a package that is destroyed: its tombstone, or of one that loses units the package without them.

The package without units is made anew from the first storage whose copy is sound: of each revision, and of a set of
each volume that has one, a file with the same members but these, and the statement that was signed when the destruction
began. It has to be proven as far as it was (``require_sound``) before anything is removed. The same
destruction makes the same bytes; where a storage has them already, they come from there.

Receipts, holds and evidence stay: that of the older file proves no more than what is left of what it covers. Parity of
the older file goes with it, for it could make the units again; that of the new one is part of what stays, where the
older one had any, or the vault promises it, so that nothing is left to be done when a storage is purged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from archiver import disk, temporary_files
from archiver.operations.vault.disposal.approve_destruction import FoundDestruction, find_destruction
from archiver.operations.vault.disposal.remaining_files import (
    RemainingFile,
    digests_and_size,
    own_file,
    stored_file,
    stored_key,
    version_files,
)
from archiver.operations.vault.disposal.remaining_parity import parity_of_reduced
from archiver.operations.vault.disposal.require_sound import require_sound
from archiver.operations.vault.disposal.sign_statements import SignedStatement, signed_statements
from archiver.operations.vault.fetch import Stored
from archiver.package import layout
from archiver.package.archive import member_names
from archiver.package.destruction.reduce import reduce_package
from archiver.signing.trust.anchors import Trust
from archiver.vault.disposal.destroyed import stored_unit_tombstones
from archiver.vault.disposal.destruction import RequestedPackage
from archiver.vault.disposal.errors import DestructionChanged
from archiver.vault.disposal.tombstone import PRESERVED, TOMBSTONE, tombstone_bytes, tombstone_object
from archiver.vault.disposal.unit_terms import PACKAGE, REVISION, StoredFile, read_ahead
from archiver.vault.disposal.unit_tombstone import (
    MAX_UNIT_TOMBSTONES,
    UNIT_TOMBSTONE,
    ReducedFile,
    TombstoneUnit,
    UnitTombstone,
    generation,
    read_unit_tombstone,
    reduced_path,
    unit_tombstone_bytes,
    unit_tombstones,
)
from archiver.vault.errors import VaultObjectDamaged
from archiver.vault.found_object import vault_author
from archiver.vault.index import stored_bytes
from archiver.vault.objects import ContentFile
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.stored_parity import deposited_files, is_stale
from formats.digests import SHA256, SHA512, chunks
from formats.errors import Failure, LimitExceeded
from formats.ocfl.inventory import Inventory, NewFile, next_version
from formats.regular_files import open_regular
from formats.words import mark

Remains = tuple[Inventory, Mapping[str, ContentFile]]
"""The object that stays, and its files by content path."""


@contextmanager
def remains_of(
    vault: Vault, found: FoundDestruction, package: RequestedPackage, there: Sequence[Stored], begun_at: str
) -> Iterator[Remains]:
    """Give what stays of a package as long as the block lasts; ``there`` are its replicas, the newest first.

    Raises:
        DestructionChanged: when no storage has it; DestructionUnsound, VaultObjectDamaged: when none has a sound one.
        LimitExceeded, DiskFull, DiskFault, Failure: what the disk or a storage answered.
    """
    if not there:
        raise DestructionChanged(where=package.package, reason=mark("no storage has the package"))
    newest = there[0][1]
    if not package.only:
        yield _tombstone(vault, found, package, there, begun_at)
    elif generation(newest)[0] or _is_done(there[0], found.destruction.request.id):
        paths = newest.content_paths()
        content = {path: stored_file(there, path, digest) for path, digest in paths.items()}
        yield newest, {path: one.content(path) for path, one in (content | version_files(there)).items()}
    else:
        with ExitStack() as stack:
            yield _reduced(vault, found, package, there, begun_at, stack)


# -- all of it ----------------------------------------------------------------------------


def _tombstone(
    vault: Vault, found: FoundDestruction, package: RequestedPackage, there: Sequence[Stored], begun_at: str
) -> Remains:
    inventory, content = tombstone_object(
        package.object_id,
        _preserved(vault, found, package, there, begun_at),
        created=datetime.fromisoformat(begun_at),
        author=vault_author(vault.description),
    )
    return inventory, {place: own_file(place, data).content(place) for place, data in content.items()}


def _preserved(
    vault: Vault, found: FoundDestruction, package: RequestedPackage, there: Sequence[Stored], begun_at: str
) -> dict[str, bytes]:
    """Return the files of the tombstone by logical path, from the first storage that gives all of them back."""
    failed: Failure = DestructionChanged(where=package.package, reason=mark("no storage has the package"))
    tombstone = tombstone_bytes(
        vault=vault.description.id,
        object_id=package.object_id,
        package=package.package,
        revisions=package.revisions,
        destruction=found.destruction.request.id,
        request=found.digest,
        at=begun_at,
    )
    for replica, inventory in there:
        try:
            files = {
                logical: stored_bytes(replica, inventory, logical)
                for logical in inventory.logical_paths()
                if logical.startswith(PRESERVED)
            }
        except Failure as failure:
            failed = failure
        else:
            return files | {TOMBSTONE: tombstone}
    raise failed


# -- units of it --------------------------------------------------------------------------


def _earlier(vault: Vault, there: Sequence[Stored]) -> Iterator[FoundDestruction]:
    """Yield the destructions that took units out of an object before: who signed their statements may be another key.

    Raises:
        DestructionUnknown, VaultStatementInvalid, Failure: when a tombstone or a destruction cannot be read.
    """
    for one in dict.fromkeys(one.destruction for one in stored_unit_tombstones(there)):
        yield find_destruction(vault, one)


def _is_done(one: Stored, destruction: str) -> bool:
    """Tell whether a storage has the object as a ``destruction`` of units left it."""
    return any(
        read_unit_tombstone(stored_bytes(*one, path), path).destruction == destruction
        for path in unit_tombstones(one[1])
    )


def _reduced(
    vault: Vault,
    found: FoundDestruction,
    package: RequestedPackage,
    there: Sequence[Stored],
    begun_at: str,
    stack: ExitStack,
) -> Remains:
    newest = there[0][1]
    sound = [one for one in there if generation(one[1]) == generation(newest)]
    number = len(unit_tombstones(newest)) + 1
    if number > MAX_UNIT_TOMBSTONES:
        name = mark("the number of destructions of units of one package")
        raise LimitExceeded(where=package.package, name=name, found=number, limit=MAX_UNIT_TOMBSTONES)
    at = datetime.fromisoformat(begun_at)
    statements = signed_statements(found, at)
    earlier = [each for one in _earlier(vault, sound) for each in signed_statements(one, at).values()]
    accepted = {one.fingerprint for one in (*statements.values(), *earlier)}
    trust = Trust(at=at, fingerprints=frozenset(accepted))
    members = {layout.unit_member(one.unit): one.package for one in package.only}
    files, made = list[RemainingFile](), dict[str, RemainingFile]()
    for logical, digest in sorted(newest.logical_paths().items()):
        gone = _units_in(sound, logical, members.keys())
        if not gone:
            files.append(stored_file(sound, newest.manifest[digest][0], digest, logical))
            continue
        statement = statements[members[min(gone)]]
        target = reduced_path(logical, number)
        path = stack.enter_context(temporary_files.temporary_path(vault.folder))
        made[logical] = _without(sound, logical, gone, statement, trust, target, path, vault.folder)
    changed = tuple(_changed(newest, logical, one) for logical, one in made.items())
    there_still = [one.logical for one in files]
    files = [one for one in files if not is_stale(one.logical, there_still)]
    files += [*made.values(), *parity_of_reduced(vault, sound[0], made, stack)]
    request = found.destruction.request
    tombstone = UnitTombstone(
        object_id=package.object_id,
        package=package.package,
        destruction=request.id,
        request_sha256=found.digest,
        destroyed_at=begun_at,
        units=tuple(
            TombstoneUnit(unit=one.unit, volume=one.volume, destroy_from=one.destroy_from)
            for one in package.only
        ),
        files=changed,
    )
    own = UNIT_TOMBSTONE.format(number=number)
    files.append(own_file(own, unit_tombstone_bytes(tombstone, vault.description.id)))
    first = deposited_files(newest)  # of the same bytes the place stays, by which their parity is found
    return _object(vault, package.object_id, sorted(files, key=lambda one: one.logical not in first), at)


def _changed(newest: Inventory, logical: str, one: RemainingFile) -> ReducedFile:
    before = newest.logical_paths()[logical]
    return ReducedFile(before=logical, sha512_before=before, path=one.logical, sha512=one.digest)


def _object(vault: Vault, object_id: str, files: Sequence[RemainingFile], at: datetime) -> Remains:
    by_path = {one.logical: one for one in files}
    inventory, places = next_version(
        None,
        object_id,
        tuple(NewFile(logical=one.logical, digest=one.digest, fixity=one.fixity) for one in files),
        created=at,
        message="units destroyed",
        author=vault_author(vault.description),
    )
    return inventory, {place: by_path[logical].content(place) for logical, place in places.items()}


def _units_in(there: Sequence[Stored], logical: str, members: AbstractSet[str]) -> AbstractSet[str]:
    """Return which of ``members`` a file has, by its directory; of what is no package, none.

    Raises:
        Failure: what the last storage answered, when none gives the directory back.
    """
    if not (logical.startswith(REVISION) and logical.endswith(PACKAGE)):
        return frozenset()
    failed: Failure | None = None
    for replica, inventory in there:
        try:
            with closing(read_ahead(StoredFile(replica.storage, stored_key(inventory, logical)))) as stream:
                return member_names(stream) & members
        except Failure as failure:
            failed = failure
    raise failed or VaultObjectDamaged(file=logical, package=there[0][1].id)


def _without(
    there: Sequence[Stored],
    logical: str,
    gone: AbstractSet[str],
    statement: SignedStatement,
    trust: Trust,
    target: str,
    path: Path,
    folder: Path,
) -> RemainingFile:
    """Return a file without units, made at ``path`` from the first storage whose copy is proven afterwards.

    Where that has to be compared with the file before, a copy of it lies in ``folder`` meanwhile.
    """
    failed: Failure = VaultObjectDamaged(file=logical, package=there[0][1].id)
    for replica, inventory in there:
        try:
            stored = StoredFile(replica.storage, stored_key(inventory, logical))
            with (
                closing(read_ahead(stored)) as source,
                disk.failures_about(path),
                path.open("w+b") as stream,
            ):
                reduce_package(source, stream, gone, statement.data, statement.signature)
            older = partial(_as_deposited, replica, stored_key(inventory, logical), folder)
            require_sound(path, older, trust, inventory.id)
        except Failure as failure:
            failed = failure
        else:
            opener = partial(open_regular, path)
            (sha512, sha256), size = digests_and_size(opener, SHA512, SHA256)
            return RemainingFile(logical=target, size=size, digest=sha512, open=opener, fixity=(sha256,))
    raise failed


@contextmanager
def _as_deposited(replica: Replica, key: str, folder: Path) -> Iterator[Path]:
    """Give a copy of a stored file as long as the block lasts."""
    with temporary_files.temporary_path(folder) as path:
        source = read_ahead(StoredFile(replica.storage, key))
        with closing(source), disk.failures_about(path), path.open("w+b") as stream:
            for piece in chunks(source):
                stream.write(piece)
        yield path
