"""The opened keyring beside the public manifest that was signed.

1. Every keyring of a revision names its package and its revision, or an earlier one whose keyrings stay.
2. It names the certificates that signed the revision it was written for: whoever has no key can sign a package
   anew, and cannot have that written here.
3. It repeats the terms of that revision: sender, receiver, controllers, legal ground.
4. A later revision that keeps an earlier keyring proves by its MAC that whoever made it had opened the package.
5. It names exactly the units of the manifest, each with its term and hold; a later revision may only lengthen them.
6. Where units were taken from other packages, the practice's is of none of them, and every other is of one.
7. The Merkle root over its patients is that of the manifest.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import zip_longest

from archiver.handover.errors import PatientsMismatch, RevisionUnproven, SignerUnnamed, TermsDiffer
from archiver.package import layout
from archiver.package.checks.open import OpenPackage
from archiver.package.checks.revision import is_earlier
from archiver.package.contents import small
from archiver.package.errors import TermShortened
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES, read_manifest
from archiver.package.manifests.merkle_tree import TreeRoot
from archiver.package.manifests.patients import add_patient, in_manifest_order
from archiver.package.manifests.terms import header_of
from archiver.package.manifests.unit_table import Unit
from archiver.sealing.errors import CommitmentMismatch, UnitMismatch
from archiver.sealing.keyring import Keyring, KeyringEntry, KeyringHeader, revision_mac


def compare_keyring(package: OpenPackage, keyring: Keyring) -> None:
    """Follow the steps above.

    Raises:
        CommitmentMismatch: when the keyring is of another package, or of a revision that is yet to come.
        SignerUnnamed: when others signed than the keyring names.
        TermsDiffer: when the public manifest states other terms.
        RevisionUnproven: when a later revision was made by somebody who had not opened the package.
        UnitMismatch, TermShortened, PatientsMismatch: when the lines and the manifest differ.
    """
    manifest, header = package.manifest, keyring.header
    # 1. package and revision
    if header.package != manifest.package_id or header.revision > manifest.revision:
        raise CommitmentMismatch
    # 2, 3. signers and terms
    written_for = _revision(package, header.revision)
    _compare_header(header, header_of(written_for, header.nonce))
    # 4. whoever made a later revision
    expected = revision_mac(header_of(manifest, header.nonce))
    if manifest.revision > 1 and not hmac.compare_digest(expected, manifest.revision_mac):
        raise RevisionUnproven(revision=manifest.revision)
    # 5. the units
    tree = _compare_units(manifest, keyring)
    # 6. where they were taken from
    if package.sources:
        _compare_sources(package, keyring)
    # 7. the patients
    promised = manifest.handover.patients_commitment
    if (tree.digest(), tree.size) != (promised.root, promised.size):
        raise PatientsMismatch


def _compare_units(manifest: Manifest, keyring: Keyring) -> TreeRoot:
    """Compare the units of both, and return the tree of the patients; one reading of either is enough in one order."""
    for pairs in (zip_longest(manifest.units, keyring.entries), _ordered(manifest, keyring)):
        tree, departure = TreeRoot(), None
        for unit, entry in pairs:
            if unit is None or entry is None or unit.id != entry.unit:
                break
            departure = departure or _departure(manifest, unit, entry)
            add_patient(tree, entry)
        else:
            if departure is not None:
                raise departure
            return tree
    raise UnitMismatch(unit="-")


def _compare_sources(package: OpenPackage, keyring: Keyring) -> None:
    for entry in keyring.entries:
        member = layout.unit_member(entry.unit)
        if any(one.has(member) for one in package.sources) != (entry.patient is not None):
            raise UnitMismatch(unit=entry.unit)


def _ordered(manifest: Manifest, keyring: Keyring) -> Iterator[tuple[Unit, KeyringEntry]]:
    """Yield each unit with its entry, when both have the same ones."""
    listed, known = {unit.id for unit in manifest.units}, {entry.unit for entry in keyring.entries}
    if listed != known:
        raise UnitMismatch(unit=min(listed ^ known))
    entries = in_manifest_order((unit.id for unit in manifest.units), keyring.entries)
    yield from zip(manifest.units, entries, strict=True)


def _revision(package: OpenPackage, number: int) -> Manifest:
    """Return the manifest of the revision ``number``; the examination compared it with the ones after it."""
    if number == package.manifest.revision:
        return package.manifest
    name = layout.previous_member(number, layout.MANIFEST)
    return read_manifest(small(package.contents, name, MAX_MANIFEST_BYTES))


def _compare_header(header: KeyringHeader, public: KeyringHeader) -> None:
    if header.signers != public.signers:
        raise SignerUnnamed(revision=header.revision)
    for field in ("legal_ground", "controller_before", "controller_after", "sender", "receiver"):
        if getattr(header.terms, field) != getattr(public.terms, field):
            raise TermsDiffer(where=layout.MANIFEST, field=field)


def _departure(manifest: Manifest, unit: Unit, entry: KeyringEntry) -> TermShortened | TermsDiffer | None:
    """Return how the term of a unit departs from what its line says, if it does."""
    if is_earlier(unit.destroy_from, entry.destroy_from) or (entry.hold and not unit.hold):
        return TermShortened(where=layout.MANIFEST, unit=unit.id)
    if manifest.revision == 1 and _term(unit) != _term(entry):
        return TermsDiffer(where=unit.member, field="destroy_from")
    return None


def _term(one: Unit | KeyringEntry) -> tuple[object, bool]:
    return one.destroy_from, one.hold
