"""Examine what is offered for deposit: as ``verify`` does, without any key, and its files hashed as they then are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver import disk
from archiver.examination.evidence_places import find_places
from archiver.examination.examine import examine_whole
from archiver.examination.examine_each import ExaminedPlace, Result
from archiver.examination.examined import ExaminedPackage
from archiver.examination.first_use import FirstUse
from archiver.nouns import SEALED_UNITS
from archiver.package import layout
from archiver.package.checks.check_set import is_set
from archiver.package.layout import unit_member
from archiver.signing.trust.anchors import Trust
from archiver.vault.deposit_receipt import DepositFacts, DepositFile, deposit_facts
from archiver.vault.disposal.destroyed import stored_unit_tombstones
from archiver.vault.disposal.errors import UnitsDestroyed
from archiver.vault.errors import DepositChanged, DepositUnpacked, DepositUnproven
from archiver.vault.open_vault import Replica
from archiver.verdict import State
from archiver.verdict_questions import BY_NAME
from formats.digests import SHA256, SHA512, Digest, chunks
from formats.errors import Failure, PlacedSentence
from formats.ocfl.inventory import Inventory
from formats.paths import safe_path
from formats.regular_files import open_regular
from formats.words import Counted


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositSource:
    """A file to be deposited: where it lies, and what it is."""

    path: Path
    file: DepositFile


@dataclass(frozen=True, kw_only=True, slots=True)
class DepositOffer:
    """A package or a set that may be deposited, every question that is asked of it being proven."""

    path: Path
    facts: DepositFacts
    examined: ExaminedPackage
    sources: tuple[DepositSource, ...]

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(one.file.size for one in self.sources)


def examine_offer(path: Path, trust: Trust, first_use: FirstUse | None) -> DepositOffer:
    """Return the package at ``path``, with its files as they were when it was examined.

    Raises:
        DepositUnpacked, DepositUnproven, DepositChanged, UnsafeName: why it is not taken.
        PackageFailure, FormatFailure, DiskFault: what examining it raises, or the first answer that is refuted.
    """
    if path.is_dir():
        raise DepositUnpacked(where=str(path))
    files = list(_files(path, trust))
    for one in files:
        safe_path(one.name)
    before = [_state(one) for one in files]
    examined = examine_whole(path, trust, first_use)
    place = ExaminedPlace(path=path, examined=examined)
    if place.refusal is not None:
        raise place.refusal
    if place.result is not Result.PROVEN:
        raise _unproven(examined, str(path))
    sources = [DepositSource(path=one, file=_hashed(one)) for one in files]
    if before != [_state(one) for one in files]:
        raise DepositChanged(where=str(path))
    return DepositOffer(path=path, facts=deposit_facts(examined), examined=examined, sources=tuple(sources))


def refuse_destroyed_units(found: Sequence[tuple[Replica, Inventory]], offer: DepositOffer) -> None:
    """Refuse a package that has a unit which was destroyed here, in whatever revision.

    Raises:
        UnitsDestroyed: when it has; VaultStatementInvalid, Failure: when a tombstone cannot be read.
    """
    tombstones = stored_unit_tombstones(found)
    gone = {unit_member(unit.unit) for one in tombstones for unit in one.units}
    packages = (offer.examined, *offer.examined.volumes)
    there = sum(name in gone for one in packages for name in one.contents) if gone else 0
    if there:
        raise UnitsDestroyed(
            where=str(offer.path),
            units=Counted(there, SEALED_UNITS),
            package=offer.facts.package,
            day=max(one.destroyed_at for one in tombstones)[: len("2026-11-29")],
        )


def _unproven(examined: ExaminedPackage, where: str) -> Failure:
    """Return the failure that says what is open of what a deposit asks for."""
    asked = [
        answer
        for question, answer in examined.verdict.answers()
        if answer.state is not State.PROVEN and answer.code not in BY_NAME[question].optional
    ]
    for answer in asked:
        if answer.failure is not None:
            return answer.failure
    open_answer = asked[0] if asked else examined.verdict.existed_at
    return DepositUnproven(where=where, reason=PlacedSentence("", open_answer.sentence, open_answer.facts))


def _files(path: Path, trust: Trust) -> Iterator[Path]:
    """Yield the files of a package or a set: the set's own, its evidence beside it, and its volumes."""
    yield path
    if is_set(path):
        for number in range(1, layout.MAX_RECORDS + 1):
            record = path.with_name(layout.record_beside(path.name, number))
            if record.is_file():
                yield record
        yield from (one for one in find_places([path], trust).places if one.resolve() != path.resolve())


def _state(path: Path) -> tuple[int, int, int]:
    with disk.failures_about(path):
        status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _hashed(path: Path) -> DepositFile:
    states = {one: one.new() for one in (SHA256, SHA512)}
    size = 0
    with disk.failures_about(path), open_regular(path) as stream:
        for piece in chunks(stream):
            size += len(piece)
            for state in states.values():
                state.update(piece)
    return DepositFile(
        name=path.name,
        size=size,
        sha256=Digest(SHA256, states[SHA256].digest()),
        sha512=Digest(SHA512, states[SHA512].digest()),
    )
