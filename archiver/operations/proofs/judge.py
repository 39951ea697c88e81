"""Judge a proof beside the package it is about, of which no key is needed.

1. The package, or every volume of the set, is examined as ``verify`` does.
2. An inclusion proof is judged by the manifest of the package it names; a list of patients by those of all of them,
   none of which may be missing: who is in it nobody sees.
3. A plain archive that somebody holds is compared with what the inclusion proof says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from archiver import disk
from archiver.examination.errors import VolumeMissing
from archiver.examination.examine import examine_whole
from archiver.examination.examined import ExaminedPackage
from archiver.examination.first_use import FirstUse
from archiver.package.manifests.manifest import Manifest
from archiver.package.proofs import inclusion, patient_list
from archiver.package.proofs.errors import ProofForeign, ProofInvalid, ProofOfOtherKind, ProofUnreadable
from archiver.package.proofs.inclusion import InclusionProof, judge_inclusion, read_inclusion_proof
from archiver.package.proofs.patient_list import judge_list, read_parts
from archiver.sealing.age import Identity, decrypting
from archiver.sealing.age.header import FAMILY
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from formats.digests import Digest, digest_of_stream
from formats.regular_files import open_regular
from formats.words import mark

KeysOnDemand = Callable[[], Sequence[Identity]]
"""Gives the keys of an expert, once a list turns out to be sealed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgeRequest:
    """Which proof, beside which package.

    ``archive`` is a plain archive that is to be the one of the proof; ``wanted`` are words for persons who are looked
    for in a list of patients.
    """

    proof: Path
    package: Path
    archive: Path | None = None
    wanted: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedProof:
    """What was found: the package as examined, and what the proof shows.

    Either ``inclusion``, of one patient, or ``patients``, the traits of everybody in the package.
    """

    examined: ExaminedPackage
    inclusion: InclusionProof | None = None
    patients: Sequence[Mapping[str, str]] = field(default=(), repr=False)
    archive_compared: bool = False


def judge_proof(
    request: JudgeRequest,
    trust: Trust,
    first_use: FirstUse | None,
    keys: KeysOnDemand,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> JudgedProof:
    """Follow the steps above; a package that cannot be trusted is no reason not to say what the proof shows of it.

    Raises:
        ProofUnreadable: when it is no proof; ProofForeign: when it is about another package.
        ProofInvalid: when it does not hold; ProofOfOtherKind: when it cannot answer what is asked.
        VolumeMissing: when the volume it is about is not there, or, of a list, any.
        WrongKey, SealBroken: when a list of patients is for another expert, or was changed.
        ManifestInvalid, and what else refutes the package: when its manifest cannot be read.
        DiskFault: when the disk refuses.
    """
    compared = _digest(request.archive)
    with _opened(request.proof, keys) as (stream, is_list):
        _refuse_other_kind(request, is_list=is_list)
        proof = None if is_list else read_inclusion_proof(stream)
        # 1. the package
        examined = examine_whole(request.package, trust, first_use, progress=progress)
        manifests = {one.package_id: one for one in _manifests(examined)}
        _refuse_unreliable(examined)
        _refuse_missing(examined, manifests, None if proof is None else proof.package)
        # 2. the proof
        if proof is None:
            return JudgedProof(examined=examined, patients=_patients(stream, manifests))
        judge_inclusion(proof, _manifest(manifests, proof.package))
    # 3. the archive
    if compared is not None and compared != proof.leaf.plain_digest:
        reason = mark("this archive is not the one it was made for")
        raise ProofInvalid(where=str(request.archive), reason=reason)
    return JudgedProof(examined=examined, inclusion=proof, archive_compared=compared is not None)


def _digest(archive: Path | None) -> Digest | None:
    if archive is None:
        return None
    with disk.failures_about(archive), open_regular(archive) as plain:
        return digest_of_stream(plain)[0]


def _refuse_other_kind(request: JudgeRequest, *, is_list: bool) -> None:
    if is_list and request.archive is not None:
        raise ProofOfOtherKind(
            reason=mark("an archive is compared with the proof of one patient (--archive)")
        )
    if not is_list and request.wanted:
        raise ProofOfOtherKind(reason=mark("somebody is looked for in an expert's list (--patient)"))


def _refuse_unreliable(examined: ExaminedPackage) -> None:
    """Refuse a package whose manifest may not be the one that was signed; what only lacks a unit still proves the rest.

    Raises:
        PackageFailure, FormatFailure: what refutes it.
    """
    for verdict in (examined.verdict, *(one.verdict for one in examined.volumes)):
        for answer in (verdict.intact, verdict.signed_by):
            if answer.state is State.REFUTED and answer.failure is not None:
                raise answer.failure


def _refuse_missing(examined: ExaminedPackage, there: Collection[str], package: str | None) -> None:
    """Refuse a set without the volume that is ``package``, or, where it is ``None``, without any it lists."""
    listed = examined.volume_list.volumes if examined.volume_list else ()
    for one in listed:
        if one.package_id not in there and package in {None, one.package_id}:
            raise VolumeMissing(where=one.file)


@contextmanager
def _opened(path: Path, keys: KeysOnDemand) -> Iterator[tuple[BinaryIO, bool]]:
    """Yield what a proof says, decrypted where it is sealed, and whether it is a list of patients."""
    with disk.failures_about(path), open_regular(path) as stream:
        beginning = stream.read(len(inclusion.BEGINNING))
        stream.seek(0)
        if beginning.startswith(FAMILY):
            yield cast("BinaryIO", decrypting(stream, keys())), True
            return
        is_list = beginning.startswith(patient_list.BEGINNING)
        if not is_list and beginning != inclusion.BEGINNING:
            raise ProofUnreadable(where=str(path), reason=mark("it does not begin like one"))
        yield stream, is_list


def _patients(stream: BinaryIO, manifests: Mapping[str, Manifest]) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    left = set(manifests)
    for listed, leaves in read_parts(stream):
        manifest = _manifest(manifests, listed.package)
        if manifest.package_id not in left:
            raise ProofInvalid(reason=mark("it lists the patients of a package twice"))
        left.remove(manifest.package_id)
        found += (leaf.patient for leaf in judge_list(listed, leaves, manifest))
    if left:
        raise ProofInvalid(reason=mark("it does not list the patients of every volume"))
    return found


def _manifest(manifests: Mapping[str, Manifest], package: str) -> Manifest:
    if package not in manifests:
        raise ProofForeign(package=package)
    return manifests[package]


def _manifests(examined: ExaminedPackage) -> Iterator[Manifest]:
    """Yield the manifest of the package, or of each volume that is there."""
    for one in (examined, *examined.volumes):
        if one.manifest is not None:
            yield one.manifest
