"""Writing the container that ties a set: its manifest, signed as a package is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from archiver.package import layout
from archiver.package.build import sign_container, stated_signatures
from archiver.package.container import Container
from archiver.package.manifests.set_manifest import SetManifest, write_set_manifest
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.validity import Stamping


def write_set(
    target: BinaryIO,
    manifest: SetManifest,
    pages: Mapping[str, bytes],
    signer: Signer,
    *,
    at: datetime,
    co_signer: Signer | None = None,
    stamp: Stamping | None = None,
    sources: Sources = NO_SOURCES,
) -> SetManifest:
    """Write the container of ``manifest`` to ``target``, which is empty and can seek; return what it says.

    ``pages`` are the texts for people by their names, ``README.TXT`` the first of them.
    Signers, time-stamp and sources are those of a package (``PackageBuilder.finish``).

    Raises:
        Failure: what the signers' devices or the time-stamping authorities answered.
    """
    signers = [signer, *([co_signer] if co_signer else [])]
    manifest = replace(manifest, signatures=stated_signatures(signers, stamp, sources))
    container = Container(target)
    members = (
        (layout.MIMETYPE, layout.MEDIA_TYPE),
        *pages.items(),
        (layout.SET_MANIFEST, write_set_manifest(manifest)),
    )
    for name, data in members:
        container.add(name, [data])
    sign_container(container, signers, at=at, stamp=stamp, sources=sources)
    container.close()
    return manifest
