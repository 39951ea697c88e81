"""Patient list: every leaf of the commitment to the patients, for an expert who is to see that somebody is none.

It names everybody and opens no dossier, for no passphrase is in it. A package has one part: a first line, then a
leaf a line; of a set the parts of its volumes follow each other. ``docs/en/format/proofs.md`` describes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archiver.package import layout
from archiver.package.manifests.manifest import Manifest, PatientsCommitment
from archiver.package.manifests.merkle_tree import TreeRoot
from archiver.package.proofs.errors import ProofForeign, ProofInvalid
from archiver.package.proofs.patient_leaf import (
    MAX_LEAF,
    PatientLeaf,
    canonical_object,
    digest_of,
    read_leaf,
    refuse_proof,
)
from formats.json_text import canonical_json
from formats.words import mark

BEGINNING = b'{"package":'
"""How such a list begins."""
MAX_PATIENTS = 200_000
"""Leaves of one package: the units of a keyring."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPackage:
    """The first line of a part: of which package the patients are, and what its manifest commits to."""

    package: str
    commitment: PatientsCommitment


def list_part(package: str, commitment: PatientsCommitment, leaves: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of the part about ``package``."""
    head = {
        "package": package,
        "patient_list": 1,
        "root": commitment.root.hex,
        "size": commitment.size,
    }
    yield canonical_json(head) + b"\n"
    for one in leaves:
        yield one + b"\n"


def read_parts(source: BinaryIO) -> Iterator[tuple[ListedPackage, Iterator[PatientLeaf]]]:
    """Yield every part of the list in ``source`` with its leaves, which are to be read before the next.

    Raises:
        ProofUnreadable: when it is no list of patients, or ends too early.
    """
    while line := _line(source):
        listed = _first_line(line)
        yield listed, _leaves(source, listed.commitment.size)


def _first_line(line: bytes) -> ListedPackage:
    malformed = mark("it is no list of patients")
    value = canonical_object(line, malformed)
    if value.keys() != {"package", "patient_list", "root", "size"} or value["patient_list"] != 1:
        refuse_proof(malformed)
    package, size = value["package"], value["size"]
    if not isinstance(package, str) or not layout.is_package_id(package):
        refuse_proof(malformed)
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= MAX_PATIENTS:
        refuse_proof(malformed)
    commitment = PatientsCommitment(root=digest_of(value["root"]), size=size)
    return ListedPackage(package=package, commitment=commitment)


def _leaves(source: BinaryIO, count: int) -> Iterator[PatientLeaf]:
    for _ in range(count):
        line = _line(source)
        if not line:
            refuse_proof(mark("it ends before its last patient"))
        yield read_leaf(line)


def _line(source: BinaryIO) -> bytes:
    """Return the next line without its end; nothing at the end of the list."""
    line = source.readline(MAX_LEAF + 2)
    if line and not line.endswith(b"\n"):
        refuse_proof(mark("a line has no end, or is longer than any"))
    return line[:-1]


def judge_list(
    listed: ListedPackage, leaves: Iterable[PatientLeaf], manifest: Manifest
) -> Iterator[PatientLeaf]:
    """Yield the leaves, of which the last is followed by the judgement that they are all there are.

    1. The part is about this package.
    2. Its root and its number of leaves are those of the signed manifest, and those that the leaves give.
    3. Every unit of the manifest but one, the practice's, has a leaf, in the same order.

    Raises:
        ProofForeign: at step 1, before the first leaf.
        ProofInvalid: at any other; what only all leaves tell, behind the last one.
    """
    if listed.package != manifest.package_id:
        raise ProofForeign(package=listed.package)
    promised = manifest.handover.patients_commitment
    others = ProofInvalid(reason=mark("its patients are not those whom the signed manifest commits to"))
    if listed.commitment != promised:
        raise others
    tree, units, unlisted = TreeRoot(), (one.id for one in manifest.units), 0
    for leaf in leaves:
        tree.add(leaf.data)
        for unit in units:
            if unit == leaf.unit:
                break
            unlisted += 1
        else:
            raise ProofInvalid(reason=mark("it names a unit that the manifest does not, or another order"))
        yield leaf
    if PatientsCommitment(root=tree.digest(), size=tree.size) != promised:
        raise others
    if unlisted + sum(1 for _ in units) != 1:
        raise ProofInvalid(reason=mark("it leaves out a unit that is not the practice's"))
