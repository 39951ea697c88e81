"""What was sent, as the package itself tells: with a key each dossier, without one which units there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.examination.examined import ExaminedPackage
from archiver.handover.opening import OpenedHandover, announced_counts, announced_sums
from archiver.handover.receipt_comparison import SentPackage, SentUnit
from archiver.package.checks.open import OpenPackage
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
    for manifest in _manifests(package):
        yield from (ExportedUnit(unit=unit.id) for unit in manifest.units)


def _manifests(package: KnownPackage) -> list[Manifest]:
    if isinstance(package, OpenedHandover):
        return [one.package.manifest for one in package.volumes]
    return [one.manifest for one in (package, *package.volumes) if one.manifest is not None]


def _opened(received: OpenedHandover) -> SentPackage:
    manifests = _manifests(received)
    return SentPackage(
        identifier=received.identifier,
        revision=_revision(manifests),
        signed_list=_hex(received.signed_list),
        units={entry.unit: _unit(entry) for _, entry in received.entries()},
        announced={
            **announced_counts(one.package for one in received.volumes),
            **announced_sums(received),
        },
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
        units={unit.id: SentUnit() for manifest in manifests for unit in manifest.units},
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
