"""Receipts of deposits: signed for the object of the package, and handed out to the depositor as they lie there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.operations.vault.examine_offer import DepositOffer
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.keys.key_file import Signer
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.detached_files import SHORT_FINGERPRINT
from archiver.signing.validity import Stamping
from archiver.vault.deposit_receipt import MAX_RECEIPT_BYTES, RECEIPT, SIGNATURE, DepositFacts, receipt_bytes
from archiver.vault.index import stored_bytes
from archiver.vault.open_vault import Vault
from formats.ocfl.inventory import Inventory
from formats.regular_files import read_regular
from formats.words import mark


def signed_receipt(
    vault: Vault,
    offer: DepositOffer,
    object_id: str,
    signer: Signer,
    stamp: Stamping | None,
    *,
    at: datetime,
) -> dict[str, bytes]:
    """Return the receipt of ``offer`` and its signature, by logical path."""
    files = (one.file for one in offer.sources)
    receipt = receipt_bytes(offer.facts, offer.examined, files, vault.description, object_id=object_id, at=at)
    signature = sign_manifest(receipt, signer, at=at, stamp=stamp)
    path = RECEIPT.format(revision=offer.facts.revision)
    short = fingerprint(signer.certificate)[:SHORT_FINGERPRINT]
    return {path: receipt, f"{path}.{short}{SIGNATURE}": signature}


def hand_out_receipt(vault: Vault, inventory: Inventory, facts: DepositFacts, folder: Path) -> Path:
    """Write the receipt and its signature for the depositor, as they lie in the vault; return where the receipt is.

    Raises:
        AlreadyExists: when another file has its name; DiskFull, DiskFault, and what the storage answered.
    """
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
