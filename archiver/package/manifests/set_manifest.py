"""The manifest of a set: which volumes belong together, and what they hold in all.

A set is one export cut into several packages. Its manifest lies in a container of its
own, signed like a package, beside the volumes. ``set.schema.json`` describes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from archiver.package.manifests.manifest import (
    FORMAT,
    Organisation,
    StatedSignature,
    organisation_json,
    signature_json,
)
from formats.digests import Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedVolume:
    """One volume: the name of its file, which package it is, and what its manifest says.

    ``size`` is that of the file in bytes when it was written; ``manifest_digest`` is
    the SHA-256 of its ``manifest.json``; ``units`` counts them.
    ``retention_year`` is that of a volume of one year; ``destroy_from`` the latest of its units,
    and nothing when nobody can tell.
    """

    file: str
    package_id: str
    size: int
    manifest_digest: Digest
    units: int
    retention_year: int | None = None
    destroy_from: date | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetManifest:
    """Everything ``set.json`` says; ``counts`` are the totals of all volumes, ``signatures`` as in a package."""

    set_id: str
    created: datetime
    legal_ground: str
    controller_before: Organisation
    controller_after: Organisation | None
    sender: Organisation
    receiver: Organisation | None
    counts: Mapping[str, int]
    volumes: tuple[ListedVolume, ...]
    signatures: tuple[StatedSignature, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


def write_set_manifest(manifest: SetManifest) -> bytes:
    """Return ``set.json`` as UTF-8; what was unknown goes back where it was."""
    document = {
        "format": FORMAT,
        "set": manifest.set_id,
        "signatures": [signature_json(one) for one in manifest.signatures],
        "created": manifest.created.isoformat(),
        "legal_ground": manifest.legal_ground,
        "controller_before": organisation_json(manifest.controller_before),
        "controller_after": organisation_json(manifest.controller_after),
        "sender": organisation_json(manifest.sender),
        "receiver": organisation_json(manifest.receiver),
        "counts": dict(manifest.counts),
        "volumes": [_volume(one) for one in manifest.volumes],
        **manifest.unknown,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _volume(volume: ListedVolume) -> dict[str, Any]:
    return {
        "file": volume.file,
        "package": volume.package_id,
        "size": volume.size,
        "manifest_sha256": volume.manifest_digest.hex,
        "units": volume.units,
        "retention_year": volume.retention_year,
        "destroy_from": volume.destroy_from.isoformat() if volume.destroy_from else None,
        **volume.unknown,
    }
