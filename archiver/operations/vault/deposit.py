"""One package deposited that was examined: written, recorded and acknowledged; steps 3 to 6 of ``deposit_each``."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.examination.first_use import FirstUse
from archiver.operations.vault.deposit_receipts import hand_out_receipt, signed_receipt
from archiver.operations.vault.evidence_beyond import evidence_beyond
from archiver.operations.vault.examine_offer import DepositOffer, DepositSource, refuse_destroyed_units
from archiver.operations.vault.parity import add_parity
from archiver.signing.keys.key_file import Signer
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from archiver.vault.additions import AddedFile, VersionAddition, add_files, add_version, added_bytes
from archiver.vault.catalogue import Catalogue
from archiver.vault.deposit_receipt import RECEIPT, REVISIONS, DepositFacts, read_deposit_receipt
from archiver.vault.disposal.destroyed import refuse_destroyed
from archiver.vault.disposal.errors import PackageDestroyed, UnitsDestroyed
from archiver.vault.errors import DepositDiffers, DepositDuplicate
from archiver.vault.found_object import FoundObject, bring_up_all, find_object, newest_inventory
from archiver.vault.index import index_object, stored_bytes
from archiver.vault.journal.acts import ACCEPTED, GIVEN_AGAIN, deposit_entry
from archiver.vault.journal.entry import JournalEntry, VaultAct, in_version
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.retention import term_of
from archiver.vault.settle import settle_objects
from formats.digests import Digest
from formats.errors import Fact, Failure
from formats.ocfl.inventory import Inventory
from formats.regular_files import open_regular


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
    """What became of one package: in the vault as ``object_id``, on so many ``replicas``; ``failure`` says why not.

    ``added`` counts files of evidence that a package brought which is there already.
    """

    path: Path
    object_id: str = ""
    facts: DepositFacts | None = None
    files: int = 0
    size: int = 0
    replicas: int = 0
    added: int = 0
    receipt: Path | None = None
    failure: Failure | None = None


def object_id(package: str) -> str:
    """Return the identifier of the object of ``package``: a URN where that is a UUID, else the identifier itself."""
    try:
        return f"urn:uuid:{uuid.UUID(package)}" if len(package) == len(str(uuid.UUID(int=0))) else package
    except ValueError:
        return package


def _given_again(vault: Vault, offer: DepositOffer, inventory: Inventory) -> JournalEntry:
    """Return the entry of the journal about a deposit that is on every storage, and whose receipt is given again."""
    path = RECEIPT.format(revision=offer.facts.revision)
    receipt = stored_bytes(vault.replicas[0], inventory, path)
    version = next(name for name in inventory.versions if path in inventory.logical_paths(name))
    return in_version(deposit_entry(inventory.id, receipt, path, GIVEN_AGAIN), version)


def protect(vault: Vault, catalogue: Catalogue, offer: DepositOffer, clock: Callable[[], datetime]) -> None:
    """Make the parity of a deposit that is recorded, where the vault says so; raises as ``add_parity``."""
    percent = vault.description.parity_percent
    if percent:
        offered = {one.file.sha512: one.path for one in offer.sources}
        add_parity(
            vault, catalogue, object_id(offer.facts.package), percent=percent, clock=clock, offered=offered
        )


def acknowledge(vault: Vault, request: DepositRequest, offer: DepositOffer, inventory: Inventory) -> Deposit:
    """Hand out the receipt of a deposit that is recorded, and protected where the vault says so."""
    return Deposit(
        path=offer.path,
        object_id=object_id(offer.facts.package),
        facts=offer.facts,
        files=len(offer.sources),
        size=offer.size,
        replicas=len(vault.replicas),
        receipt=hand_out_receipt(vault, inventory, offer.facts, request.receipts),
    )


def deposit_package(
    vault: Vault,
    catalogue: Catalogue,
    offer: DepositOffer,
    request: DepositRequest,
    clock: Callable[[], datetime],
) -> Deposit:
    """Follow steps 3 to 6 for one package, and return what became of it.

    Raises:
        Failure: what a storage or the disk answers while something is written.
    """
    name = object_id(offer.facts.package)
    if catalogue.is_unfinished(name):
        settle_objects(vault, catalogue, [name], at=clock())
    found = find_object(vault, name)
    newest = newest_inventory(found)
    refusal: Failure | None = None
    if newest is not None:
        try:
            refuse_destroyed(_holder(found, newest), newest, offer.facts.package, str(offer.path))
            refuse_destroyed_units([(one, known) for one, known in found if known == newest], offer)
        except (PackageDestroyed, UnitsDestroyed) as failure:
            return Deposit(path=offer.path, object_id=name, facts=offer.facts, failure=failure)
        refusal = _present(found, newest, offer)
        if isinstance(refusal, DepositDiffers):
            return _differing(vault, catalogue, (found, newest), offer, request, refusal, clock())
        if bring_up_all(vault, catalogue, found, newest, at=clock()):
            refusal = None  # an earlier command was ended: this one finishes what it began
            index_object(vault, catalogue, name)
    if newest is None or not _revision_files(newest, offer):
        newest = add_files(vault, catalogue, name, newest, addition_of(vault, offer, request, clock))
    else:
        record(vault, [_given_again(vault, offer, newest)], at=clock())
    protect(vault, catalogue, offer, clock)
    return replace(acknowledge(vault, request, offer, newest), failure=refusal)


def _differing(
    vault: Vault,
    catalogue: Catalogue,
    there: tuple[FoundObject, Inventory],
    offer: DepositOffer,
    request: DepositRequest,
    refusal: DepositDiffers,
    at: datetime,
) -> Deposit:
    """Take the evidence that was added to a package since its deposit; refuse other bytes."""
    name, folder = object_id(offer.facts.package), REVISIONS.format(revision=offer.facts.revision)
    added = evidence_beyond(*there, offer, folder)
    done = Deposit(path=offer.path, object_id=name, facts=offer.facts, failure=refusal)
    if added is None:
        return done
    if added:
        message = f"evidence of revision {offer.facts.revision}, as it came"
        facts = {"revision": offer.facts.revision, "files": len(added)}
        entry = JournalEntry(
            act=VaultAct.DEPOSIT, object_id=name, outcome="deposit-evidence-added", facts=facts
        )
        add_version(vault, catalogue, name, added, message=message, at=at, entries=[entry])
    stated = {key: fact for key, fact in refusal.facts.items() if key != "file"}
    return replace(
        done,
        added=len(added),
        size=sum(map(len, added.values())),
        replicas=len(vault.replicas),
        receipt=hand_out_receipt(vault, there[1], offer.facts, request.receipts),
        failure=None if added else DepositDuplicate(where=str(offer.path), **stated),
    )


def _holder(found: FoundObject, newest: Inventory) -> Replica:
    """Return the first storage that has the ``newest`` version."""
    return next(one for one, inventory in found if inventory == newest)


def _revision_files(inventory: Inventory, offer: DepositOffer) -> dict[str, Digest]:
    """Return the files of the offered revision that are there, by logical path."""
    folder = REVISIONS.format(revision=offer.facts.revision)
    return {path: one for path, one in inventory.logical_paths().items() if path.startswith(f"{folder}/")}


def _present(found: FoundObject, newest: Inventory, offer: DepositOffer) -> Failure | None:
    """Return why the revision is not written: it is there, with the same bytes or with others."""
    there = set(_revision_files(newest, offer).values())
    if not there:
        return None
    facts = offer.facts
    replica = _holder(found, newest)
    path = RECEIPT.format(revision=facts.revision)
    moment = read_deposit_receipt(stored_bytes(replica, newest, path), path).accepted_at
    stated: dict[str, Fact] = {"package": facts.package, "revision": facts.revision, "moment": moment}
    if there == {one.file.sha512 for one in offer.sources}:
        return DepositDuplicate(where=str(offer.path), **stated)
    others = [one.file.name for one in offer.sources if one.file.sha512 not in there]
    return DepositDiffers(where=str(offer.path), file=(others or [offer.path.name])[0], **stated)


def addition_of(
    vault: Vault, offer: DepositOffer, request: DepositRequest, clock: Callable[[], datetime]
) -> VersionAddition:
    """Follow step 4: return what is written of a package, its receipt signed."""
    facts = offer.facts
    at = clock().replace(microsecond=0)
    folder = REVISIONS.format(revision=facts.revision)
    name, path = object_id(facts.package), RECEIPT.format(revision=facts.revision)
    receipts = signed_receipt(vault, offer, name, request.signer, request.stamp, at=at)
    return VersionAddition(
        files=(
            *(_deposited_file(folder, one) for one in offer.sources),
            *(added_bytes(logical, data) for logical, data in receipts.items()),
        ),
        message=f"deposit, revision {facts.revision}",
        at=at,
        until=term_of(vault.description, at, facts.destroy_from),
        entries=[deposit_entry(name, receipts[path], path, ACCEPTED)],
    )


def _deposited_file(folder: str, source: DepositSource) -> AddedFile:
    file = source.file
    return AddedFile(
        logical=f"{folder}/{file.name}",
        size=file.size,
        digest=file.sha512,
        open=lambda: open_regular(source.path),
        fixity=(file.sha256,),
    )
