"""Write a proof from an opened package: of one patient, or the list by which an expert sees that somebody is absent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver import disk
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenedHandover, UnlockedPackage
from archiver.package.manifests.merkle_tree import inclusion_path
from archiver.package.manifests.patients import patient_leaf, patient_leaves
from archiver.package.proofs.inclusion import InclusionProof, write_inclusion_proof
from archiver.package.proofs.patient_leaf import read_leaf
from archiver.package.proofs.patient_list import list_part
from archiver.sealing.age import Randomness, Recipient, encrypting
from archiver.sealing.keyring import KeyringEntry
from formats.digests import SHA256, Digest


def prove_patient(opened: UnlockedPackage, entry: KeyringEntry, target: Path) -> InclusionProof:
    """Write to ``target`` that the patient of ``entry`` is in the package, having read whose dossier the unit holds.

    Raises:
        UnitMismatch, SealBroken: when the unit is not what the keyring promises, or another patient's.
        FormatFailure, InconsistentDossier: as ``open_dossier``.
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
    """
    with open_dossier(opened.package, entry):
        pass  # whose it is was read in it
    manifest = opened.package.manifest
    index = next(place for place, (unit, _) in enumerate(_leaves(opened)) if unit == entry.unit)
    path = inclusion_path(index, (data for _, data in _leaves(opened)))
    promised = manifest.handover.patients_commitment
    proof = InclusionProof(
        package=manifest.package_id,
        index=index,
        size=promised.size,
        root=promised.root,
        leaf=read_leaf(patient_leaf(entry)),
        path=tuple(Digest(SHA256, one) for one in path),
    )
    with disk.write_aside(target, mode=disk.PRIVATE) as stream:
        stream.write(write_inclusion_proof(proof))
    return proof


def list_patients(
    received: OpenedHandover, experts: Sequence[Recipient], target: Path, *, randomness: Randomness
) -> int:
    """Write to ``target`` every patient of the package or set, for the keys of ``experts`` alone; return how many.

    Raises:
        RecipientsRefused: when the keys cannot stand beside each other.
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
    """
    with (
        disk.write_aside(target) as stream,
        encrypting(stream, experts, randomness=randomness) as inner,
    ):
        for opened in received.volumes:
            manifest = opened.package.manifest
            leaves = (data for _, data in _leaves(opened))
            for line in list_part(manifest.package_id, manifest.handover.patients_commitment, leaves):
                inner.write(line)
    return sum(one.package.manifest.handover.patients_commitment.size for one in received.volumes)


def _leaves(opened: UnlockedPackage) -> Iterator[tuple[str, bytes]]:
    units = (one.id for one in opened.package.manifest.units)
    return patient_leaves(units, opened.keyring.entries)
