"""Deposit packages: verified before they are accepted, whole on every storage or on none, and acknowledged at the end.

1. What an earlier command left unfinished is read again from the files.
2. The package, or the set with every volume, is examined as ``verify`` does it, without any key; every question that
   ``verify`` asks has to be proven.
3. The object of the package is looked up on every storage. A revision that is there is not written again; where a
   storage lacks it, because an earlier command was ended, it is brought there.
4. The receipt is signed, and becomes part of the version that is written (``archiver.vault.objects``); where a storage
   locks, every file until the term of the package ends (``archiver.vault.retention``).
5. The receipt goes to the depositor: whoever has it knows that every storage gave every file its name, durably.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.examination.first_use import FirstUse
from archiver.operations.vault.examine_offer import DepositOffer, DepositSource, examine_offer
from archiver.operations.vault.init_vault import vault_author
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import Signer
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.detached_files import SHORT_FINGERPRINT
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from archiver.vault.catalogue import Catalogue
from archiver.vault.deposit_receipt import (
    MAX_RECEIPT_BYTES,
    RECEIPT,
    REVISIONS,
    SIGNATURE,
    DepositFacts,
    read_deposit_receipt,
    receipt_bytes,
)
from archiver.vault.errors import (
    DepositDiffers,
    DepositDuplicate,
)
from archiver.vault.index import index_object, stored_bytes
from archiver.vault.objects import ContentFile, bring_up, find_inventory, settle_head, write_version
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.retention import extend_locks, retaining, term_of, term_of_object
from formats.digests import SHA512, Digest
from formats.errors import Fact, Failure
from formats.ocfl.inventory import Inventory, NewFile, next_version
from formats.regular_files import open_regular, read_regular
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositRequest:
    """Who signs receipts, into which folder they go, and whom the vault accepts as signers of packages."""

    trust: Trust
    first_use: FirstUse | None
    signer: Signer
    receipts: Path
    stamp: Stamping | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deposit:
    """What became of one package: in the vault as ``object_id``, on so many ``replicas``; ``failure`` says why not."""

    path: Path
    object_id: str = ""
    facts: DepositFacts | None = None
    files: int = 0
    size: int = 0
    replicas: int = 0
    receipt: Path | None = None
    failure: Failure | None = None


def object_id(package: str) -> str:
    """Return the identifier of the object of ``package``: a URN where that is a UUID, else the identifier itself."""
    try:
        return f"urn:uuid:{uuid.UUID(package)}" if len(package) == len(str(uuid.UUID(int=0))) else package
    except ValueError:
        return package


def deposit_each(
    vault: Vault,
    catalogue: Catalogue,
    places: Sequence[Path],
    request: DepositRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Deposit]:
    """Yield what became of each of ``places``; one that is refused does not stop the others.

    Raises:
        Failure: what a storage or the disk answers while something is written: what was yielded is deposited.
    """
    # 1. what was left unfinished
    for one in catalogue.unfinished():
        index_object(vault, catalogue, one)
    volumes: set[Path] = set()
    for path in places:
        if path.resolve() not in volumes:
            try:
                offer = examine_offer(path, request.trust, request.first_use)
            except Failure as failure:
                yield Deposit(path=path, failure=failure)
            else:
                volumes |= {one.path.resolve() for one in offer.sources}
                yield _deposited(vault, catalogue, offer, request, clock)
        progress(1)


def _deposited(
    vault: Vault,
    catalogue: Catalogue,
    offer: DepositOffer,
    request: DepositRequest,
    clock: Callable[[], datetime],
) -> Deposit:
    """Follow steps 3 to 5 for one package."""
    name = object_id(offer.facts.package)
    found = [(one, find_inventory(one.storage, name)) for one in vault.replicas]
    newest = max((one for _, one in found if one), key=lambda one: len(one.versions), default=None)
    refusal: Failure | None = None
    if newest is not None:
        refusal = _present(found, newest, offer)
        if isinstance(refusal, DepositDiffers):
            return Deposit(path=offer.path, object_id=name, facts=offer.facts, failure=refusal)
        if _bring_up_all(vault, catalogue, found, newest, clock()):
            refusal = None  # an earlier command was ended: this one finishes what it began
            index_object(vault, catalogue, name)
    if newest is None or not _revision_files(newest, offer):
        newest = _written(vault, catalogue, newest, offer, request, clock)
    return Deposit(
        path=offer.path,
        object_id=name,
        facts=offer.facts,
        files=len(offer.sources),
        size=sum(one.file.size for one in offer.sources),
        replicas=len(vault.replicas),
        receipt=_hand_out(vault, newest, offer.facts, request.receipts),
        failure=refusal,
    )


def _revision_files(inventory: Inventory, offer: DepositOffer) -> dict[str, Digest]:
    """Return the files of the offered revision that are there, by logical path."""
    folder = REVISIONS.format(revision=offer.facts.revision)
    return {path: one for path, one in inventory.logical_paths().items() if path.startswith(f"{folder}/")}


def _present(
    found: list[tuple[Replica, Inventory | None]], newest: Inventory, offer: DepositOffer
) -> Failure | None:
    """Return why the revision is not written: it is there, with the same bytes or with others."""
    there = set(_revision_files(newest, offer).values())
    if not there:
        return None
    facts = offer.facts
    replica = next(one for one, inventory in found if inventory == newest)
    path = RECEIPT.format(revision=facts.revision)
    moment = read_deposit_receipt(stored_bytes(replica, newest, path), path).accepted_at
    stated: dict[str, Fact] = {"package": facts.package, "revision": facts.revision, "moment": moment}
    if there == {one.file.sha512 for one in offer.sources}:
        return DepositDuplicate(where=str(offer.path), **stated)
    others = [one.file.name for one in offer.sources if one.file.sha512 not in there]
    return DepositDiffers(where=str(offer.path), file=(others or [offer.path.name])[0], **stated)


def _bring_up_all(
    vault: Vault,
    catalogue: Catalogue,
    found: list[tuple[Replica, Inventory | None]],
    newest: Inventory,
    at: datetime,
) -> bool:
    """Bring every storage to the version that the newest has; tell whether one lacked anything."""
    source = next(one for one, inventory in found if inventory == newest)
    lagging = [(one, inventory) for one, inventory in found if inventory != newest]
    if lagging:
        catalogue.begin(newest.id)
    settle_head(source.storage, newest)
    until = term_of_object(vault.description, [(source, newest)], at=at) if lagging else at
    for one, inventory in lagging:
        bring_up(source.storage, retaining(one, until), newest, inventory)
        extend_locks(one, newest.id, until)
    return bool(lagging)


def _written(
    vault: Vault,
    catalogue: Catalogue,
    before: Inventory | None,
    offer: DepositOffer,
    request: DepositRequest,
    clock: Callable[[], datetime],
) -> Inventory:
    """Follow step 4 and note in the catalogue what lies there."""
    facts = offer.facts
    at = clock().replace(microsecond=0)
    name = object_id(facts.package)
    small = _receipt_files(vault, offer, request, at)
    files = {f"{REVISIONS.format(revision=facts.revision)}/{one.file.name}": one for one in offer.sources}
    deposited = (
        NewFile(logical=logical, digest=one.file.sha512, fixity=(one.file.sha256,))
        for logical, one in files.items()
    )
    receipts = (
        NewFile(logical=logical, digest=Digest.of(data, algorithm=SHA512)) for logical, data in small.items()
    )
    inventory, places = next_version(
        before,
        name,
        (*deposited, *receipts),
        created=at,
        message=f"deposit, revision {facts.revision}",
        author=vault_author(vault.description),
    )
    content = {
        place: _content(place, files[logical]) if logical in files else _small(place, small[logical])
        for logical, place in places.items()
    }
    catalogue.begin(name)
    until = term_of(vault.description, at, facts.destroy_from)
    if before is not None:
        holders = [(one, before) for one in vault.replicas]
        until = max(until, term_of_object(vault.description, holders, at=at))
    write_version([retaining(one, until) for one in vault.replicas], inventory, content)
    if before is not None:
        for one in vault.replicas:
            extend_locks(one, name, until)
    index_object(vault, catalogue, name)
    return inventory


def _receipt_files(
    vault: Vault, offer: DepositOffer, request: DepositRequest, at: datetime
) -> dict[str, bytes]:
    """Return the receipt and its signature, by logical path."""
    receipt = receipt_bytes(
        offer.facts,
        offer.examined,
        (one.file for one in offer.sources),
        vault.description,
        object_id=object_id(offer.facts.package),
        at=at,
    )
    signature = sign_manifest(receipt, request.signer, at=at, stamp=request.stamp)
    path = RECEIPT.format(revision=offer.facts.revision)
    short = fingerprint(request.signer.certificate)[:SHORT_FINGERPRINT]
    return {path: receipt, f"{path}.{short}{SIGNATURE}": signature}


def _content(place: str, source: DepositSource) -> ContentFile:
    file = source.file
    return ContentFile(path=place, size=file.size, digest=file.sha512, open=lambda: open_regular(source.path))


def _small(place: str, data: bytes) -> ContentFile:
    digest = Digest.of(data, algorithm=SHA512)
    return ContentFile(path=place, size=len(data), digest=digest, open=lambda: io.BytesIO(data))


def _hand_out(vault: Vault, inventory: Inventory, facts: DepositFacts, folder: Path) -> Path:
    """Write the receipt and its signature for the depositor, as they lie in the vault; return where the receipt is."""
    path = RECEIPT.format(revision=facts.revision)
    stem = f"{facts.package.replace(':', '-')}-{facts.revision:03}.json"
    with disk.failures_about(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for logical in sorted(one for one in inventory.logical_paths() if one.startswith(path)):
        data = stored_bytes(vault.replicas[0], inventory, logical)
        target = folder / (stem + logical.removeprefix(path))
        try:
            with disk.write_aside(target) as stream:
                stream.write(data)
        except AlreadyExists:
            with disk.failures_about(target):
                if read_regular(target, MAX_RECEIPT_BYTES, mark("the receipt in bytes")) != data:
                    raise
    return folder / stem
