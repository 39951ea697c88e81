"""Evidence that a package has beyond what was deposited: the same package, examined again, to which records were added.

1. Every evidence record of the offer, in it or beside it, is proven.
2. Each file is the one that was deposited, or has the same bytes up to its evidence, which lies behind everything else.
3. What is added are the evidence members of such a file, and records beside files, each as it came. A record that was
   renewed is another file: it lies beside the one that was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from archiver.evidence.records import MAX_RECORD_BYTES
from archiver.operations.vault.examine_offer import DepositOffer, DepositSource
from archiver.package import layout
from archiver.package.append import size_before_evidence
from archiver.package.contents import contents_of, small
from archiver.vault.found_object import FoundObject
from archiver.vault.preservation.stored_evidence import next_number
from archiver.verdict import State
from formats.digests import SHA512, Digest, chunks
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place
from formats.regular_files import open_regular, read_regular
from formats.words import mark


def evidence_beyond(
    found: FoundObject, newest: Inventory, offer: DepositOffer, folder: str
) -> dict[str, bytes] | None:
    """Return what the offer adds to the revision in ``folder``, by logical path; nothing at all where it differs.

    An empty mapping: all of it is there.

    Raises:
        PackageFailure, FormatFailure, LimitExceeded, DiskFault: when a file of the offer cannot be read.
    """
    # 1. the records
    verdicts = (offer.examined.verdict, *(one.verdict for one in offer.examined.volumes))
    if any(one.existed_at.state is not State.PROVEN for each in verdicts for one in each.records):
        return None
    there = {
        PurePosixPath(path).name: digest
        for path, digest in newest.logical_paths().items()
        if path.startswith(f"{folder}/")
    }
    offered = {one.file.name for one in offer.sources}
    if any(not _is_record(name) for name in there.keys() - offered):
        return None
    added: dict[str, bytes] = {}
    for one in offer.sources:
        deposited = there.get(one.file.name)
        if deposited == one.file.sha512:
            continue
        if _is_record(one.file.name):
            name = mark("the size of the evidence record in bytes")
            added[one.file.name] = read_regular(one.path, MAX_RECORD_BYTES, name)
        # 2. the same bytes
        elif deposited is None or not _same_before_evidence(found, deposited, one):
            return None
        else:
            added |= dict(_members(one.path))
    # 3. what is not there yet
    number = next_number(newest)
    return {
        f"evidence/{number:03}/{name}": data
        for name, data in added.items()
        if Digest.of(data, algorithm=SHA512) not in newest.manifest
    }


def _is_record(name: str) -> bool:
    return name.endswith(".ers")


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the evidence members of a package, below its name."""
    contents = contents_of(path)
    for name in contents:
        if layout.is_evidence(name):
            yield f"{path.name}/{name}", small(contents, name, MAX_RECORD_BYTES)


def _same_before_evidence(found: FoundObject, deposited: Digest, offered: DepositSource) -> bool:
    """Say whether a storage has the same bytes under the digest ``deposited``, up to the evidence of the offer."""
    size = size_before_evidence(offered.path)
    for replica, inventory in found:
        places = inventory.manifest.get(deposited, ()) if inventory else ()
        if inventory is None or not places:
            continue
        key = f"{object_place(inventory.id)}/{places[0]}"
        try:
            with replica.storage.open(key, 0, size) as there, open_regular(offered.path) as here:
                if all(piece == here.read(len(piece)) for piece in chunks(there)) and here.tell() == size:
                    return True
        except Failure:
            continue
    return False
