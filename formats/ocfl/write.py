"""The files of an OCFL object that are not its content: inventory and sidecar, the same bytes for the same values."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from formats.digests import Digest
from formats.ocfl.inventory import CONTENT, NAME, TYPE, Inventory, Paths, Version


def inventory_bytes(inventory: Inventory) -> bytes:
    """Return ``inventory.json``, deterministic: keys in order, a line end at the end."""
    document: dict[str, Any] = {
        "id": inventory.id,
        "type": TYPE,
        "digestAlgorithm": inventory.algorithm.name,
        "head": inventory.head,
        "manifest": _path_lists(inventory.manifest),
        "versions": {name: _version(one) for name, one in inventory.versions.items()},
    }
    if inventory.content_folder != CONTENT:
        document["contentDirectory"] = inventory.content_folder
    if inventory.fixity:
        document["fixity"] = _fixity(inventory.fixity)
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def sidecar_name(inventory: Inventory) -> str:
    """Return the name of the file with the digest of ``inventory``."""
    return f"{NAME}.{inventory.algorithm.name}"


def sidecar_bytes(digest: Digest) -> bytes:
    """Return the sidecar of an inventory that has ``digest``."""
    return f"{digest.hex} {NAME}\n".encode()


def _version(version: Version) -> dict[str, Any]:
    document: dict[str, Any] = {
        "created": version.created.isoformat(timespec="seconds"),
        "state": _path_lists(version.state),
        "message": version.message,
    }
    if version.author is not None:
        address = {"address": version.author.address} if version.author.address else {}
        document["user"] = {"name": version.author.name, **address}
    return document


def _path_lists(paths: Mapping[Digest, Paths]) -> dict[str, list[str]]:
    return {digest.hex: list(each) for digest, each in sorted(paths.items())}


def _fixity(paths: Mapping[Digest, Paths]) -> dict[str, dict[str, list[str]]]:
    document: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for digest, each in sorted(paths.items()):
        document[digest.algorithm.name][digest.hex] = list(each)
    return dict(document)
