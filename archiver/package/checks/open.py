"""Opening a package: refused by the first answer that does not hold.

A signature whose algorithm ended leaves *signed by*, and with it *intact* and *complete*, unknown:
anybody might have made it since. Such a package is opened only on the word of the person who
opens it, and that word is about this very package, by the digest of its signed list: the
signer's certificate tells nothing any more.

What was examined and what is read afterwards lie on the same disk; somebody
who can exchange the file in between is not defended against here. The sealed
units carry their own integrity check, which opening them repeats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.errors import PackageFailure
from archiver.package import layout
from archiver.package.checks.check_package import THREADS, examine
from archiver.package.contents import member_digest
from archiver.package.errors import MemberMissing, SignatureAlgorithmEnded
from archiver.package.lists.hashing import Progress, silent
from archiver.package.manifests.manifest import Handover, Manifest
from archiver.package.manifests.unit_table import Unit
from archiver.package.member_table import Contents, Place
from archiver.package.provenance.sources import FoundSource, written_for
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer, State, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPackage:
    """A package whose every part was found intact, complete and signed, or is opened on a person's word."""

    manifest: Manifest
    verdict: Verdict
    contents: Contents
    sources: Sequence[FoundSource] = ()

    @property
    def doubt(self) -> Answer | None:
        """What could not be proven about the signature; nothing where it was."""
        return doubt_of(self.verdict)

    def units(self) -> Iterator[tuple[Unit, BinaryIO]]:
        """Yield every unit with its sealed bytes, closing each when the next is asked for."""
        for unit in self.manifest.units:
            with self.contents[unit.member].open() as stream:
                yield unit, stream

    def unit(self, unit_id: str) -> BinaryIO:
        """Open the sealed unit ``unit_id``; the stream can seek.

        Raises:
            MemberMissing: when the package has no such unit.
        """
        return self.member(layout.unit_member(unit_id))

    def place(self, unit_id: str) -> Place:
        """Return where the sealed unit ``unit_id`` lies.

        Raises:
            MemberMissing: when the package has no such unit.
        """
        return self._place(layout.unit_member(unit_id))

    def handover_of(self, unit_id: str) -> Handover:
        """Return the public facts of the handover for which the content of ``unit_id`` was written.

        They are another package's for what was taken from it; the practice's unit of a package that was split off
        tells what the first of its sources told.
        """
        return written_for(self.manifest, self.sources, layout.unit_member(unit_id))

    def keyring(self, name: str = layout.KEYRING) -> BinaryIO:
        """Open a keyring; the stream can seek.

        Raises:
            MemberMissing: when the package has no such keyring.
        """
        return self.member(name)

    def member(self, name: str) -> BinaryIO:
        """Open any member.

        Raises:
            MemberMissing: when the package has no such member.
        """
        return self._place(name).open()

    def _place(self, name: str) -> Place:
        place = self.contents.get(name)
        if place is None:
            raise MemberMissing(where=name, member=name)
        return place


def open_package(
    path: Path, trust: Trust, *, threads: int = THREADS, progress: Progress = silent
) -> OpenPackage:
    """Examine the package at ``path`` and return it when no answer is refuted.

    Without roots and fingerprints in ``trust`` anybody's signature will do.

    Raises:
        PackageFailure, FormatFailure: the failure of the first refuted answer.
        SignatureAlgorithmEnded: as ``refuse_unproven``.
        DiskFault: when the disk refuses.
    """
    examination = examine(path, trust, threads=threads, progress=progress)
    refuse_unproven(examination.verdict, examination.contents, trust)
    if examination.manifest is None:
        raise PackageFailure(where=str(path))
    return OpenPackage(
        manifest=examination.manifest,
        verdict=examination.verdict,
        contents=examination.contents,
        sources=examination.sources,
    )


def refuse_unproven(verdict: Verdict, contents: Contents, trust: Trust) -> None:
    """Refuse what is refuted, and what might have been made by anybody unless ``trust`` names its signed list.

    Raises:
        PackageFailure, FormatFailure: the failure of the first refuted answer.
        SignatureAlgorithmEnded: when nothing proves that the signature is older than its algorithm's end.
    """
    if verdict.refusal is not None:
        raise verdict.refusal
    doubt = doubt_of(verdict)
    if doubt is None:
        return
    signed_list = member_digest(contents, layout.ASIC_MANIFEST)
    if doubt.code != SignatureAlgorithmEnded.code or signed_list not in trust.lists:
        stated = signed_list.hex if signed_list else ""
        raise SignatureAlgorithmEnded(where=doubt.where, list=stated, **doubt.facts)


def doubt_of(verdict: Verdict) -> Answer | None:
    """Return what could not be proven about the signature, with which *intact* and *complete* stand."""
    return None if verdict.signed_by.state is State.PROVEN else verdict.signed_by
