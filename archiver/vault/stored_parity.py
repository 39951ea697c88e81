"""Parity (PAR2) in the object of a package: where it lies, and of which files there is none yet (format, 13)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from archiver.parity.create import redundancy_of
from formats.digests import Digest
from formats.ocfl.inventory import Inventory

FOLDER = "parity"
"""First folder of the logical paths of parity; behind it comes the path of the file that it is of."""
_CONTENT = re.compile(r"v[0-9]+/content/(?P<logical>.+)")
_DEPOSITED = re.compile(r"revision-[0-9]{3}/.+")
_ENDING = re.compile(r"(?:\.vol[0-9]+\+(?P<blocks>[0-9]+))?\.par2\Z")
"""How the names of parity end: the index, and its recovery blocks, as par2 names them."""


def parity_path(logical: str, name: str) -> str:
    """Return the logical path of the parity file ``name`` of the deposited file ``logical``."""
    return str(PurePosixPath(FOLDER, logical).with_name(name))


def is_parity_of(content: str, protected: str) -> bool:
    """Tell whether one content path of an object has parity of what lies under another."""
    own, other = _CONTENT.fullmatch(content), _CONTENT.fullmatch(protected)
    return own is not None and other is not None and _is_parity(own["logical"], other["logical"])


def deposited_files(inventory: Inventory) -> dict[str, Digest]:
    """Return the files that came with deposits, each once, by the logical path under which its bytes came first."""
    there = inventory.logical_paths().values()
    places = ((_CONTENT.fullmatch(inventory.manifest[one][0]), one) for one in there)
    return {
        match["logical"]: digest
        for match, digest in places
        if match is not None and _DEPOSITED.fullmatch(match["logical"])
    }


def protected_files(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """Return the deposited files that have parity, each with the logical paths of it."""
    parity = [one for one in inventory.logical_paths() if one.startswith(f"{FOLDER}/")]
    found = {
        path: tuple(one for one in parity if _is_parity(one, path)) for path in deposited_files(inventory)
    }
    return {path: paths for path, paths in found.items() if paths}


def is_stale(path: str, remaining: Iterable[str]) -> bool:
    """Tell whether a logical path has parity of none of the ``remaining`` files of its object."""
    return path.startswith(f"{FOLDER}/") and not any(_is_parity(path, one) for one in remaining)


def redundancy_percent(paths: Iterable[str], size: int) -> int:
    """Return of what redundancy the parity at logical ``paths`` is for a file of ``size`` bytes; 0 without any."""
    endings = (_ENDING.search(path) for path in paths)
    blocks = sum(int(one["blocks"] or 0) for one in endings if one is not None)
    return redundancy_of(size, blocks) if blocks else 0


def _is_parity(path: str, logical: str) -> bool:
    start = f"{FOLDER}/{logical}"
    return path.startswith(start) and _ENDING.fullmatch(path.removeprefix(start)) is not None
