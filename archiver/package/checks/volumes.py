"""What makes a package the volume of a set that is listed.

1. It says itself which volume of which set it is, and of which year.
2. It has the identifier, the number of units and the latest term that the set lists; a later revision
   may put off that term.
3. Its ``manifest.json``, or that of an earlier revision that it carries, has the listed digest:
   who may open a volume can be renewed without signing the set again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from archiver.package import layout
from archiver.package.checks.revision import is_earlier
from archiver.package.errors import VolumeForeign
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.set_manifest import SetManifest
from archiver.package.member_table import Contents
from formats.digests import Digest, digest_of_stream


def compare_volume(
    number: int, volume_list: SetManifest, manifest: Manifest, contents: Contents
) -> VolumeForeign | None:
    """Return what is wrong when the package ``manifest`` is not volume ``number`` (from 1) of the set ``volume_list``.

    The package was examined: what it carries of earlier revisions is what they said.
    """
    listed, stated = volume_list.volumes[number - 1], manifest.handover.volume
    place = None if stated is None else (stated.set_id, stated.volume, stated.of, stated.retention_year)
    latest = latest_term(unit.destroy_from for unit in manifest.units)
    if (
        place == (volume_list.set_id, number, len(volume_list.volumes), listed.retention_year)
        and (manifest.package_id, len(manifest.units)) == (listed.package_id, listed.units)
        and not is_earlier(latest, listed.destroy_from)
        and (manifest.revision > 1 or latest == listed.destroy_from)
        and listed.manifest_digest in _manifest_digests(manifest, contents)
    ):
        return None
    return VolumeForeign(where=listed.file)


def _manifest_digests(manifest: Manifest, contents: Contents) -> set[Digest]:
    earlier = (layout.previous_member(one, layout.MANIFEST) for one in range(1, manifest.revision))
    digests = set[Digest]()
    for name in (layout.MANIFEST, *earlier):
        if name in contents:
            with contents[name].open() as stream:
                digests.add(digest_of_stream(stream)[0])
    return digests


def latest_term(terms: Iterable[date | None]) -> date | None:
    """Return when the last of ``terms`` ends; nobody can tell where one of them is unknown."""
    latest = None
    for term in terms:
        if term is None:
            return None
        latest = max(latest or term, term)
    return latest
