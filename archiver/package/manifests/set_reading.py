"""The strict reader of ``set.json``: what it must say is checked, what it says besides is kept."""

from __future__ import annotations

from typing import BinaryIO

from archiver.package import layout
from archiver.package.manifests.json_reading import CODE, JsonObject, read_object
from archiver.package.manifests.manifest import FORMAT, MAX_VOLUMES
from archiver.package.manifests.manifest_reading import optional_organisation, organisation, read_signatures
from archiver.package.manifests.set_manifest import ListedVolume, SetManifest
from formats import paths
from formats.errors import UnsafeName
from formats.words import mark

MAX_SET_BYTES = 8 << 20
"""500 volumes with the longest names are 1 MB."""

_KNOWN = frozenset(
    {"format", "set", "created", "legal_ground", "controller_before", "controller_after", "sender"}
    | {"receiver", "counts", "volumes", "signatures"}
)
_VOLUME_KEYS = frozenset(
    {"file", "package", "size", "manifest_sha256", "units", "retention_year", "destroy_from"}
)


def read_set_manifest(source: bytes | BinaryIO) -> SetManifest:
    """Return what ``source`` says.

    Raises:
        ManifestInvalid: with the reason, and the key where it lies.
    """
    listed: list[ListedVolume] = []

    def take(row: JsonObject) -> None:
        if len(listed) == MAX_VOLUMES:
            row.refuse("file", mark("a set has from two to five hundred volumes"))
        listed.append(_volume(row))

    whole = read_object(source, file=layout.SET_MANIFEST, limit=MAX_SET_BYTES, rows="volumes", row=take)
    if whole.text("format") != FORMAT:
        whole.refuse("format", mark("it is of another version of the format"))
    return SetManifest(
        set_id=_identifier(whole, "set"),
        created=whole.moment("created"),
        legal_ground=whole.text("legal_ground", CODE),
        controller_before=organisation(whole.object("controller_before")),
        controller_after=optional_organisation(whole, "controller_after"),
        sender=organisation(whole.object("sender")),
        receiver=optional_organisation(whole, "receiver"),
        counts=whole.object("counts").counts(),
        volumes=_volumes(whole, listed),
        signatures=read_signatures(whole),
        unknown=whole.unknown(_KNOWN),
    )


def _identifier(found: JsonObject, key: str) -> str:
    text = found.text(key)
    if not layout.is_package_id(text):
        found.refuse(key, mark("it is no plain identifier"))
    return text


def _volumes(whole: JsonObject, listed: list[ListedVolume]) -> tuple[ListedVolume, ...]:
    whole.list("volumes")
    volumes = tuple(listed)
    if not 2 <= len(volumes) <= MAX_VOLUMES:
        whole.refuse("volumes", mark("a set has from two to five hundred volumes"))
    for names in ({one.file.casefold() for one in volumes}, {one.package_id for one in volumes}):
        if len(names) != len(volumes):
            whole.refuse("volumes", mark("a volume is listed twice"))
    return volumes


def _volume(row: JsonObject) -> ListedVolume:
    return ListedVolume(
        file=_file(row),
        package_id=_identifier(row, "package"),
        size=row.count("size"),
        manifest_digest=row.digest("manifest_sha256"),
        units=row.count("units"),
        retention_year=row.year("retention_year"),
        destroy_from=row.new_year("destroy_from"),
        unknown=row.unknown(_VOLUME_KEYS),
    )


def _file(row: JsonObject) -> str:
    """Return the name of a file beside the set: one part, safe on every system."""
    name = row.text("file")
    try:
        beside = len(paths.safe_path(name).parts) == 1
    except UnsafeName:
        beside = False
    if not beside:
        row.refuse("file", mark("a volume does not lie beside its set"))
    return name
