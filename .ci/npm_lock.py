"""The npm packages whose code lies in OUVRIR.HTM, as ``archiver/opener/package-lock.json`` pins them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = "node_modules/"


class NpmPackage(NamedTuple):
    """A package of the lock: whether the page asks for it itself, and which packages it asks for."""

    version: str
    licence: str
    direct: bool
    below: tuple[str, ...]


def npm_packages(lock: Path) -> dict[str, NpmPackage]:
    """Return the packages that are shipped, by name; those that only build are left out."""
    listed: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    direct = listed[""]["dependencies"]
    return {
        path.removeprefix(FOLDER): NpmPackage(
            version=one["version"],
            licence=one["license"],
            direct=path.removeprefix(FOLDER) in direct,
            below=tuple(sorted(one.get("dependencies", ()))),
        )
        for path, one in sorted(listed.items())
        if path and not one.get("dev")
    }


def npm_component(name: str, one: NpmPackage) -> dict[str, Any]:
    """Return a package as a component of the bill of materials."""
    group, _, plain = name.rpartition("/")
    component = {
        "type": "library",
        "bom-ref": npm_reference(name, one),
        "name": plain,
        "version": one.version,
        "scope": "required",
        "licenses": [{"license": {"id": one.licence}}],
        "purl": npm_reference(name, one),
    }
    return {"type": "library", "group": group, **component} if group else component


def npm_reference(name: str, one: NpmPackage) -> str:
    """Return the package URL (purl) of a package: the sign ``@`` of a scope is encoded."""
    return f"pkg:npm/{re.sub('^@', '%40', name)}@{one.version}"
