"""What was sent, as the package itself tells: with a key each dossier, without one which units there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.examination.examined import ExaminedPackage
from archiver.handover.opening import OpenedHandover, announced_counts, announced_sums, present_totals
from archiver.handover.receipt_comparison import SentPackage, SentUnit
from archiver.package.checks.open import OpenPackage
from archiver.package.destruction.present_units import destroyed_members
from archiver.package.manifests.manifest import Handover, Manifest
from archiver.practice.registers.handovers import ExportedUnit
from archiver.sealing.keyring import KeyringEntry
from formats.digests import Digest

KnownPackage = OpenedHandover | ExaminedPackage
"""A package or a set: opened with a key, or examined without one and not to be refused."""


def sent_of(package: KnownPackage) -> SentPackage:
    """Return what a package or a set holds; one that was examined without a key only announces it."""
    return _opened(package) if isinstance(package, OpenedHandover) else _examined(package)


def handover_of(package: KnownPackage) -> Handover:
    """Return who handed the package over to whom, as its manifest says; every volume of a set says the same."""
    return _manifests(package)[0].handover


def exported_units_of(package: KnownPackage) -> Iterator[ExportedUnit]:
    """Yield the units as the sender's store remembers them: with a key whose they are and what each holds."""
    if isinstance(package, OpenedHandover):
        for entry in (one for volume in package.volumes for one in volume.keyring.entries):
            if entry.patient is None:
                yield ExportedUnit(unit=entry.unit)
            else:
                yield ExportedUnit(
                    unit=entry.unit, patient=entry.patient.get("id", ""), counts=dict(entry.counts)
                )
        return
    yield from (ExportedUnit(unit=one) for one in _present_units(package))


def destroyed_units(package: KnownPackage) -> int:
    """Return how many units of a package or a set are not there, because a keeper destroyed them by law."""
    if isinstance(package, OpenedHandover):
        return sum(len(one.destroyed) for one in package.volumes)
    return sum(len(destroyed_members(one.verdict)) for one in _volumes(package))


def _present_units(package: ExaminedPackage) -> Iterator[str]:
    """Yield every unit that is there."""
    for one in _volumes(package):
        gone = destroyed_members(one.verdict)
        yield from (unit.id for unit in one.manifest.units if unit.member not in gone) if one.manifest else ()


def _volumes(package: ExaminedPackage) -> Iterator[ExaminedPackage]:
    """Yield the package, or the volumes of the set: whatever has units."""
    return (one for one in (package, *package.volumes) if one.manifest is not None)


def _manifests(package: KnownPackage) -> list[Manifest]:
    if isinstance(package, OpenedHandover):
        return [one.package.manifest for one in package.volumes]
    return [one.manifest for one in _volumes(package) if one.manifest is not None]


def _opened(received: OpenedHandover) -> SentPackage:
    manifests = _manifests(received)
    return SentPackage(
        identifier=received.identifier,
        revision=_revision(manifests),
        signed_list=_hex(received.signed_list),
        units={entry.unit: _unit(entry) for _, entry in received.entries()},
        announced={**present_totals(received), **announced_sums(received)},
    )


def _examined(examined: ExaminedPackage) -> SentPackage:
    opened = [
        OpenPackage(manifest=one.manifest, verdict=one.verdict, contents=one.contents, sources=one.sources)
        for one in (examined, *examined.volumes)
        if one.manifest is not None
    ]
    manifests = [one.manifest for one in opened]
    identifier = examined.volume_list.set_id if examined.volume_list else manifests[0].package_id
    return SentPackage(
        identifier=identifier,
        revision=_revision(manifests),
        signed_list=_hex(examined.signed_list),
        units={one: SentUnit() for one in _present_units(examined)},
        announced=announced_counts(opened),
        opened=False,
    )


def _revision(manifests: Sequence[Manifest]) -> int:
    """Return the revision of a package; that of a set is 1."""
    return manifests[0].revision if len(manifests) == 1 else 1


def _hex(digest: Digest | None) -> str:
    return digest.hex if digest else ""


def _unit(entry: KeyringEntry) -> SentUnit:
    shown = ((entry.patient or {}).get(trait, "") for trait in ("family", "given", "birth_date"))
    return SentUnit(name=" ".join(filter(None, shown)), counts=entry.counts)
