"""Inclusion proof (RFC 9162, 2.1.3): a file that shows one patient to be in a package, without another name.

It is JSON of one spelling, one value a line, so that tools without JSON can read it:
``docs/en/format/proofs.md``. A node of the tree is a digest over salted leaves: it tells of nobody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from archiver.package import layout
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.merkle_tree import proves_inclusion
from archiver.package.proofs.errors import ProofForeign, ProofInvalid
from archiver.package.proofs.patient_leaf import MAX_LEAF, PatientLeaf, digest_of, read_leaf, refuse_proof
from formats.digests import Digest
from formats.words import mark

BEGINNING = b'{\n "inclusion_proof": 1,\n'
"""How such a file begins."""
MAX_PATH = 32
"""Nodes of an audit path; 200,000 leaves need 18."""
MAX_PROOF = MAX_LEAF + MAX_PATH * 80 + 1024
"""Bytes of a file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InclusionProof:
    """That the ``leaf`` is number ``index``, from 0, of the ``size`` leaves under ``root`` of ``package``."""

    package: str
    index: int
    size: int
    root: Digest
    leaf: PatientLeaf
    path: tuple[Digest, ...]


def write_inclusion_proof(proof: InclusionProof) -> bytes:
    """Return the file of ``proof``."""
    head = {"package": proof.package, "index": proof.index, "size": proof.size, "root": proof.root.hex}
    lines = [f' "{name}": {json.dumps(value)},\n'.encode() for name, value in head.items()]
    path = ",\n".join(f'  "{one.hex}"' for one in proof.path)
    return (
        BEGINNING
        + b"".join(lines)
        + b' "leaf": '
        + proof.leaf.data
        + b',\n "path": ['
        + (f"\n{path}\n " if path else "").encode()
        + b"]\n}\n"
    )


def read_inclusion_proof(source: BinaryIO) -> InclusionProof:
    """Return the proof that ``source`` is.

    Raises:
        ProofUnreadable: when it is none, or would be written differently.
    """
    malformed = mark("it is not an inclusion proof as this program writes it")
    data = source.read(MAX_PROOF + 1)
    if len(data) > MAX_PROOF:
        refuse_proof(mark("it is longer than any"))
    line = next(
        (one for one in data.split(b"\n") if one.startswith(b' "leaf": ') and one.endswith(b",")), b""
    )
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        refuse_proof(malformed)
    if not isinstance(found, dict) or not {"package", "index", "size", "root", "path"} <= found.keys():
        refuse_proof(malformed)
    package, numbers, path = found["package"], (found["index"], found["size"]), found["path"]
    if not (isinstance(package, str) and layout.is_package_id(package)) or not all(map(_is_count, numbers)):
        refuse_proof(malformed)
    if not isinstance(path, list) or len(path) > MAX_PATH:
        refuse_proof(malformed)
    proof = InclusionProof(
        package=package,
        index=numbers[0],
        size=numbers[1],
        root=digest_of(found["root"]),
        leaf=read_leaf(line[len(b' "leaf": ') : -1]),
        path=tuple(map(digest_of, path)),
    )
    if write_inclusion_proof(proof) != data:
        refuse_proof(malformed)
    return proof


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32


def judge_inclusion(proof: InclusionProof, manifest: Manifest) -> None:
    """Refuse ``proof`` unless it shows that the patient is one of those whom ``manifest`` commits to.

    1. It is about this package.
    2. Its root and its number of leaves are those of the signed manifest.
    3. The audit path leads from the leaf to the root (RFC 9162, 2.1.3.2).
    4. The unit of the leaf stands in the manifest, at the place of the leaf: the practice's unit is no leaf.

    Raises:
        ProofForeign: at step 1; ProofInvalid: at any other.
    """
    if proof.package != manifest.package_id:
        raise ProofForeign(package=proof.package)
    promised = manifest.handover.patients_commitment
    if (proof.root, proof.size) != (promised.root, promised.size):
        raise ProofInvalid(reason=mark("its root is not the one that the signed manifest states"))
    path = [one.value for one in proof.path]
    if not proves_inclusion(proof.leaf.data, proof.index, proof.size, path, proof.root):
        raise ProofInvalid(reason=mark("its path does not lead from the patient to the root"))
    if proof.leaf.unit not in _units_at(manifest, (proof.index, proof.index + 1)):
        raise ProofInvalid(reason=mark("the manifest has another unit at this place"))


def _units_at(manifest: Manifest, places: Sequence[int]) -> set[str]:
    return {manifest.units[place].id for place in places if place < len(manifest.units)}
