"""Examination: what was seen of a package, or of the container of a set, without any key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from archiver.package.checks.evidence import FoundEvidence
from archiver.package.lists.hashing import HashedMember
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.member_table import Contents
from archiver.package.provenance.sources import FoundSource
from archiver.verdict import Verdict

AnyManifest_co = TypeVar("AnyManifest_co", bound=Manifest | SetManifest, covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination(Generic[AnyManifest_co]):
    """Verdict about a package or a set's container, and the parts that opening and renewing go on with.

    ``sources`` are the packages that a package which was split off carries.
    ``hashed`` are the members of a package by name, or the one file of a set; ``evidence`` lies inside a
    package and beside a set.
    """

    verdict: Verdict
    manifest: AnyManifest_co | None = None
    contents: Contents = field(default_factory=dict)
    hashed: Mapping[str, HashedMember] = field(default_factory=dict)
    evidence: FoundEvidence = field(default_factory=dict)
    sources: Sequence[FoundSource] = ()
