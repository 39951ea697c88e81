"""The certificate of a destruction in a vault: what was destroyed and why, who asked for it, who approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from archiver.paperwork.meaning import FieldMeaning
from formats.digests import Digest
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class DestroyedPackageData:
    """A package that was destroyed; whose dossiers were in it, no vault knows."""

    package: Annotated[str, FieldMeaning(mark("Identifier of the package or the set."))]
    sender: Annotated[str, FieldMeaning(mark("Who deposited it."))]
    revisions: Annotated[int, FieldMeaning(mark("Number of its revisions, all destroyed."))]
    destroy_from: Annotated[date, FieldMeaning(mark("Day on which its term ended."))]
    units: Annotated[int, FieldMeaning(mark("Number of sealed units, that of the practice included."))]
    size: Annotated[
        int, FieldMeaning(mark("Bytes of its files, all revisions together; of single units, theirs."))
    ]
    only: Annotated[
        tuple[str, ...],
        FieldMeaning(mark("Identifiers of the units, where only these were destroyed and the rest stays.")),
    ] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PurgedStorageData:
    """A storage from which everything was removed, and which was listed afterwards."""

    name: Annotated[str, FieldMeaning(mark("What the vault calls it."))]
    host: Annotated[str, FieldMeaning(mark("Who hosts it, or empty."))]
    certificate: Annotated[str, FieldMeaning(mark("Number of the host's certificate (HDS), or empty."))]


@dataclass(frozen=True, kw_only=True, slots=True)
class DestructionData:
    """Facts of a destruction that was carried out."""

    made: Annotated[datetime, FieldMeaning(mark("Moment at which the document is made."))]
    vault: Annotated[str, FieldMeaning(mark("Who runs the vault."))]
    vault_id: Annotated[str, FieldMeaning(mark("Identifier of the vault."))]
    destruction: Annotated[str, FieldMeaning(mark("Identifier of the destruction."))]
    requested_by: Annotated[str, FieldMeaning(mark("Who asked for it: the first approver."))]
    requested: Annotated[datetime, FieldMeaning(mark("When it was asked for."))]
    approved_by: Annotated[str, FieldMeaning(mark("Who approved it: the second approver."))]
    approved: Annotated[datetime, FieldMeaning(mark("When it was approved."))]
    begun: Annotated[datetime, FieldMeaning(mark("When removing began."))]
    ended: Annotated[datetime, FieldMeaning(mark("When every storage had been listed afterwards."))]
    signer: Annotated[str, FieldMeaning(mark("Whose signature lies beside the certificate."))]
    request_sha256: Annotated[Digest, FieldMeaning(mark("SHA-256 of the request, which both signed."))]
    packages: Annotated[
        tuple[DestroyedPackageData, ...], FieldMeaning(mark("The packages that were destroyed."))
    ]
    storages: Annotated[
        tuple[PurgedStorageData, ...], FieldMeaning(mark("The storages from which they were removed."))
    ]
