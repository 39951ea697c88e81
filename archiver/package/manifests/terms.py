"""What a keyring's first line repeats of the public manifest: who hands over what to whom, on which ground."""

from __future__ import annotations

from archiver.package.manifests.manifest import Handover, Manifest, Organisation
from archiver.sealing.keyring import KeyringHeader, Party, Terms


def terms_of(handover: Handover) -> Terms:
    """Return the terms that a public manifest states; keys it holds besides are no part of them."""
    return Terms(
        legal_ground=handover.legal_ground,
        controller_before=party_of(handover.controller_before),
        controller_after=optional_party(handover.controller_after),
        sender=party_of(handover.sender),
        receiver=optional_party(handover.receiver),
    )


def party_of(organisation: Organisation) -> Party:
    """Return an organisation as a keyring names it."""
    identifiers = tuple((one.system, one.value) for one in organisation.identifiers)
    return Party(name=organisation.name, identifiers=identifiers)


def optional_party(organisation: Organisation | None) -> Party | None:
    """Return an organisation as a keyring names it, or nobody."""
    return None if organisation is None else party_of(organisation)


def header_of(manifest: Manifest, nonce: bytes) -> KeyringHeader:
    """Return the first line that the keyrings of the revision ``manifest`` have."""
    return KeyringHeader(
        package=manifest.package_id,
        nonce=nonce,
        revision=manifest.revision,
        signers=manifest.signers,
        terms=terms_of(manifest.handover),
    )
