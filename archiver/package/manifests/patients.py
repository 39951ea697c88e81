"""The commitment to the set of patients: the root of a Merkle tree over salted digests, in the signed manifest.

A leaf is the canonical JSON of a patient's unit: its identifier, the digest of its plain archive, the
traits of the keyring's line, and a salt that stands in that line and inside the unit. Whoever has one unit
and an audit path proves that the patient was handed over; nobody learns another name from it. The
practice's unit is no leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archiver.package.manifests.manifest import PatientsCommitment
from archiver.package.manifests.merkle_tree import TreeRoot
from archiver.sealing.keyring import KeyringEntry
from formats.json_text import canonical_json


def patient_leaf(entry: KeyringEntry) -> bytes:
    """Return the data of a patient's leaf."""
    return canonical_json(
        {
            "patient": dict(entry.patient or {}),
            "plain_sha256": entry.plain_digest.hex,
            "salt": entry.salt,
            "unit": entry.unit,
        }
    )


def add_patient(tree: TreeRoot, entry: KeyringEntry) -> None:
    """Add the leaf of ``entry`` to ``tree``, where it is a patient's."""
    if entry.patient is not None:
        tree.add(patient_leaf(entry))


def commitment_to(entries: Iterable[KeyringEntry]) -> PatientsCommitment:
    """Return the commitment to the patients among ``entries``, which are in the order of the manifest."""
    tree = TreeRoot()
    for one in entries:
        add_patient(tree, one)
    return commitment_of(tree)


def commitment_of(tree: TreeRoot) -> PatientsCommitment:
    """Return the commitment to the patients whose leaves ``tree`` has."""
    return PatientsCommitment(root=tree.digest(), size=tree.size)


def patient_leaves(units: Iterable[str], entries: Sequence[KeyringEntry]) -> Iterator[tuple[str, bytes]]:
    """Yield the unit and the leaf's data of each patient, in the order of the tree."""
    for one in in_manifest_order(units, entries):
        if one.patient is not None:
            yield one.unit, patient_leaf(one)


def in_manifest_order(units: Iterable[str], entries: Sequence[KeyringEntry]) -> Iterator[KeyringEntry]:
    """Yield the entry of each of ``units``, which are those of ``entries``; mostly both have one order."""
    places: dict[str, int] = {}
    for number, unit in enumerate(units):
        entry = None if places else entries[number]
        if entry is None or entry.unit != unit:
            places = places or {one.unit: place for place, one in enumerate(entries)}
            entry = entries[places[unit]]
        yield entry
