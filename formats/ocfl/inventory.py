"""Inventory of an OCFL object: which files it has, under which digests, and what each version holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from formats.digests import SHA512, Digest, DigestAlgorithm

TYPE = "https://ocfl.io/1.1/spec/#inventory"
TYPES = {"https://ocfl.io/1.0/spec/#inventory": "1.0", TYPE: "1.1"}
"""Types of an inventory, and the version of the specification that each is of, the oldest first."""
OBJECT_DECLARATION = "0=ocfl_object_1.1"
"""Name of the file that declares a folder an object (NAMASTE); what is in it follows from the name."""
OBJECT_TEXT = b"ocfl_object_1.1\n"
NAME = "inventory.json"
CONTENT = "content"
"""Content folder of a version where the inventory names no other."""
MAX_INVENTORY_BYTES = 32 << 20
"""Bytes of an inventory; one of 500 volumes with evidence renewed for 50 years has about 10,000,000."""

Paths = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionAuthor:
    """Who made a version: ``address`` is a URI, a ``mailto:`` for instance."""

    name: str
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version: ``state`` has, for each digest, the logical paths of the files that have it."""

    created: datetime
    state: Mapping[Digest, Paths]
    message: str = ""
    author: VersionAuthor | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inventory:
    """Inventory of the object ``id``: ``manifest`` has the content paths of each digest, ``versions`` are by name.

    ``fixity`` are further digests of the same files.
    """

    id: str
    versions: Mapping[str, Version]
    manifest: Mapping[Digest, Paths]
    fixity: Mapping[Digest, Paths] = field(default_factory=dict)
    algorithm: DigestAlgorithm = SHA512
    content_folder: str = CONTENT

    @property
    def head(self) -> str:
        """The name of the last version."""
        return list(self.versions)[-1]

    @property
    def last(self) -> Version:
        """The last version."""
        return self.versions[self.head]

    def content_paths(self) -> dict[str, Digest]:
        """Return the digest of each content path."""
        return {path: digest for digest, paths in self.manifest.items() for path in paths}

    def logical_paths(self, version: str = "") -> dict[str, Digest]:
        """Return the digest of each logical path of a version, of the last one without a name."""
        state = self.versions[version or self.head].state
        return {path: digest for digest, paths in state.items() for path in paths}


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFile:
    """One file that a version adds: its ``logical`` path, its digest, and further ones."""

    logical: str
    digest: Digest
    fixity: tuple[Digest, ...] = ()


def next_version(
    before: Inventory | None,
    identifier: str,
    files: tuple[NewFile, ...],
    *,
    created: datetime,
    message: str,
    author: VersionAuthor,
) -> tuple[Inventory, dict[str, str]]:
    """Return the inventory that follows ``before``, or the first, with ``files`` besides what is there.

    Returned too: where each new file lies, from its logical path. A file whose bytes are there already lies nowhere
    anew. Nothing that an earlier version holds is left out or replaced: a logical path that is there keeps its file.

    Raises:
        ValueError: when a logical path has another file already.
    """
    inventory = before or Inventory(id=identifier, versions={}, manifest={})
    name = f"v{len(inventory.versions) + 1}"
    state = dict(inventory.last.state) if inventory.versions else {}
    manifest, fixity = dict(inventory.manifest), dict(inventory.fixity)
    known = {path: digest for digest, paths in state.items() for path in paths}
    places: dict[str, str] = {}
    for one in files:
        if known.setdefault(one.logical, one.digest) != one.digest:
            raise ValueError(one.logical)
        state[one.digest] = tuple(sorted({*state.get(one.digest, ()), one.logical}))
        if one.digest not in manifest:
            place = f"{name}/{inventory.content_folder}/{one.logical}"
            places[one.logical] = place
            manifest[one.digest] = (place,)
            for further in one.fixity:
                fixity[further] = (*fixity.get(further, ()), place)
    version = Version(created=created, state=state, message=message, author=author)
    versions = {**inventory.versions, name: version}
    return replace(inventory, versions=versions, manifest=manifest, fixity=fixity), places
