"""What an examination without any key found out about a package, or about a set with its volumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archiver.package import layout
from archiver.package.contents import member_digest
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.member_table import Contents
from archiver.package.provenance.sources import FoundSource
from archiver.verdict import Due, Verdict
from formats.digests import Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedPackage:
    """The verdict about a package or a set, and what its manifest says where that could be read.

    ``contents`` are those of the package, or of the container of a set. A set has a ``volume_list`` instead
    of a ``manifest``, and what was found of each of its ``volumes``, packages in the file called ``file``.
    ``sources`` are the packages from which its units were taken.
    """

    verdict: Verdict
    file: str = ""
    manifest: Manifest | None = None
    contents: Contents = field(default_factory=dict)
    sources: Sequence[FoundSource] = ()
    volume_list: SetManifest | None = None
    volumes: tuple[ExaminedPackage, ...] = ()

    @property
    def due(self) -> Due | None:
        """What has to be done next for the package, or for what ends first of a whole set."""
        verdicts = (self.verdict, *(one.verdict for one in self.volumes))
        return min((one.due for one in verdicts if one.due), key=lambda one: one.before, default=None)

    @property
    def signed_list(self) -> Digest | None:
        """The SHA-256 of the signed list, where there is one."""
        return member_digest(self.contents, layout.ASIC_MANIFEST)
