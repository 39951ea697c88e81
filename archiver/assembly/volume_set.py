"""Tie the volumes of an export: the signed list of them, in a container of its own."""

from __future__ import annotations

from typing import BinaryIO

from archiver.assembly.request import ExportContext, ExportedVolume, ExportOutcome
from archiver.assembly.volume import named_organisation, organisation_of
from archiver.instructions.pages import package_pages
from archiver.instructions.readme import set_readme
from archiver.opener import opener_page
from archiver.package import layout
from archiver.package.checks.volumes import latest_term
from archiver.package.manifests.set_manifest import ListedVolume, SetManifest
from archiver.package.set_build import write_set


def write_volume_set(course: ExportContext, exported: ExportOutcome, target: BinaryIO) -> SetManifest:
    """Write the container that ties the volumes of ``exported``, signed as they are; return what it says."""
    request = course.request
    before = organisation_of(course.practice)
    manifest = SetManifest(
        set_id=exported.set_id,
        created=course.at,
        legal_ground=request.ground.value,
        controller_before=before,
        controller_after=named_organisation(request.controller_after),
        sender=before,
        receiver=named_organisation(request.receiver),
        counts=dict(exported.counts),
        volumes=tuple(map(_listed, exported.volumes)),
    )
    return write_set(
        target,
        manifest,
        {
            layout.README: set_readme(),
            layout.OPENER: opener_page(),
            **{f"docs/{name}": text for name, text in package_pages()},
        },
        request.signer,
        at=course.at,
        co_signer=request.co_signer,
        stamp=request.stamp,
        sources=request.sources,
    )


def _listed(volume: ExportedVolume) -> ListedVolume:
    manifest = volume.manifest
    return ListedVolume(
        file=volume.path.name,
        package_id=manifest.package_id,
        size=volume.size,
        manifest_digest=volume.manifest_digest,
        units=len(manifest.units),
        retention_year=volume.retention_year,
        destroy_from=latest_term(unit.destroy_from for unit in manifest.units),
    )
