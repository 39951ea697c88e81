"""Check one inventory by itself: every rule of OCFL 1.1, section 3.5, that its bytes alone can break."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from formats.digests import ALGORITHMS, SHA256, SHA512
from formats.findings import Finding
from formats.ocfl.codes import broken_rule
from formats.ocfl.inventory import CONTENT, TYPES

ALLOWED = (SHA512.name, SHA256.name)
"""Digest algorithms of an inventory (OCFL 1.1, 3.5.1)."""
REQUIRED = ("id", "type", "digestAlgorithm", "head")
VERSION = re.compile(r"v(0*)([1-9][0-9]*)")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_HEX = re.compile(r"[0-9A-Fa-f]+")


class _TwoAlike(ValueError):
    """Two keys of one JSON object that are the same."""


def parse_inventory(data: bytes) -> dict[str, Any]:
    """Return the JSON object that ``data`` is.

    Raises:
        ValueError: when it is none, or has a key twice.
    """
    document = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    if not isinstance(document, dict):
        raise ValueError(type(document).__name__)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _TwoAlike(Counter(key for key, _ in pairs).most_common(1)[0][0])
    return document


def check_inventory(document: Mapping[str, Any], where: str) -> Iterator[Finding]:
    """Yield every rule that the inventory ``document`` breaks."""
    yield from (broken_rule("E036", where, name) for name in REQUIRED if name not in document)
    yield from (broken_rule("E041", where, name) for name in ("manifest", "versions") if name not in document)
    yield from _check_head(document, where)
    manifest = document.get("manifest", {})
    if not isinstance(manifest, dict):
        yield broken_rule("E041", where, "manifest")
        return
    folder = document.get("contentDirectory", CONTENT)
    yield from _check_digests(manifest, algorithm_name(document), where, ("E025", "E096", "E091"))
    yield from _check_content_paths(manifest, folder, where)
    versions = document.get("versions", {})
    if not isinstance(versions, dict):
        yield broken_rule("E044", where)
        return
    if "versions" in document:
        yield from _check_sequence(versions, document.get("head"), where)
    for name, version in versions.items():
        yield from _check_version(version, document, f"{where} {name}")
    states = [one.get("state") for one in versions.values() if isinstance(one, dict)]
    used = {digest.lower() for state in states if isinstance(state, dict) for digest in state}
    yield from (broken_rule("E107", where, one) for one in manifest if one.lower() not in used)
    yield from _check_fixity(document, where)


def algorithm_name(document: Mapping[str, Any]) -> str:
    """Return the digest algorithm of an inventory, or nothing where it is not allowed."""
    name = document.get("digestAlgorithm")
    return name if name in ALLOWED else ""


def paths_of(lists: Any) -> Iterator[str]:
    """Yield the paths of a manifest, state or fixity block, as far as it is one."""
    for paths in lists.values() if isinstance(lists, dict) else ():
        yield from (one for one in paths if isinstance(one, str)) if isinstance(paths, list) else ()


def _check_head(document: Mapping[str, Any], where: str) -> Iterator[Finding]:
    name = document.get("id")
    if "id" in document and (not isinstance(name, str) or not name):
        yield broken_rule("E037", where, name)
    elif isinstance(name, str) and not URI.fullmatch(name):
        yield broken_rule("W005", where, name)
    if "type" in document and document["type"] not in list(TYPES):
        yield broken_rule("E038", where, document["type"])
    if "digestAlgorithm" in document and not algorithm_name(document):
        yield broken_rule("E025", where, document["digestAlgorithm"])
    elif document.get("digestAlgorithm") == SHA256.name:
        yield broken_rule("W004", where)
    folder = document.get("contentDirectory", CONTENT)
    if not isinstance(folder, str) or "/" in folder or not folder:
        yield broken_rule("E017", where, folder)
    elif folder in {".", ".."}:
        yield broken_rule("E018", where, folder)


def _check_sequence(versions: Mapping[str, Any], head: Any, where: str) -> Iterator[Finding]:
    matches = [VERSION.fullmatch(name) for name in versions]
    if not versions:
        yield broken_rule("E008", where)
        return
    numbers = sorted(int(one[2]) for one in matches if one)
    if None in matches or numbers != list(range(1, len(versions) + 1)):
        yield broken_rule("E010" if 1 in numbers else "E009", where, ", ".join(versions))
    padded = [name for name, one in zip(versions, matches, strict=True) if one and one[1]]
    if padded:
        yield broken_rule("W001", where)
    if padded and len(padded) != len(versions):
        yield broken_rule("E011", where, ", ".join(versions))
    if head is None:
        return
    stated = VERSION.fullmatch(head) if isinstance(head, str) else None
    if stated is None or int(stated[2]) != max(numbers, default=0):
        yield broken_rule("E040", where, head)
    elif head not in versions:
        yield broken_rule("E013", where, head)


def _check_digests(
    lists: Mapping[str, Any], algorithm: str, where: str, codes: tuple[str, str, str]
) -> Iterator[Finding]:
    """Yield what is wrong with digests and their lists; ``codes`` are those of form, repetition and list."""
    form, twice, no_list = codes
    size = 2 * ALGORITHMS[algorithm].size if algorithm in ALGORITHMS else 0
    for digest, paths in lists.items():
        if not _HEX.fullmatch(digest) or (size and len(digest) != size):
            yield broken_rule(form, where, digest)
        if not isinstance(paths, list) or not all(isinstance(one, str) for one in paths):
            yield broken_rule(no_list, where, digest)
    counted = Counter(digest.lower() for digest in lists)
    yield from (broken_rule(twice, where, one) for one, count in counted.items() if count > 1)


def _check_content_paths(manifest: Mapping[str, Any], folder: Any, where: str) -> Iterator[Finding]:
    paths = list(paths_of(manifest))
    for path in paths:
        version, _, rest = path.partition("/")
        if path.startswith("/") or path.endswith("/"):
            yield broken_rule("E100", where, path)
        elif not {"", ".", ".."}.isdisjoint(path.split("/")):
            yield broken_rule("E099", where, path)
        elif not VERSION.fullmatch(version) or not rest.startswith(f"{folder}/"):
            yield broken_rule("E042", where, path)
    yield from _check_unique(paths, where, "E101")


def _check_unique(paths: Iterable[str], where: str, code: str) -> Iterator[Finding]:
    """Yield the paths that are there twice, or in the place of a folder."""
    counted = Counter(paths)
    folders = {path.rsplit("/", count)[0] for path in counted for count in range(1, path.count("/") + 1)}
    for path, count in counted.items():
        if count > 1 or path in folders:
            yield broken_rule(code, where, path)


def _check_version(version: Any, document: Mapping[str, Any], where: str) -> Iterator[Finding]:
    if not isinstance(version, dict):
        yield broken_rule("E048", where, version)
        return
    yield from (broken_rule("E048", where, name) for name in ("created", "state") if name not in version)
    if "created" in version and not _is_moment(version["created"]):
        yield broken_rule("E049", where, version["created"])
    yield from _check_state(version.get("state", {}), document, where)
    message, user = version.get("message"), version.get("user")
    if message is not None and not isinstance(message, str):
        yield broken_rule("E094", where, message)
    yield from (broken_rule("W007", where, name) for name in ("message", "user") if version.get(name) is None)
    if user is not None:
        yield from _check_author(user, where)


def _is_moment(text: Any) -> bool:
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _check_state(state: Any, document: Mapping[str, Any], where: str) -> Iterator[Finding]:
    if not isinstance(state, dict):
        yield broken_rule("E050", where, state)
        return
    manifest = document.get("manifest")
    known = set(manifest) if isinstance(manifest, dict) else set()
    yield from _check_digests(state, algorithm_name(document), where, ("E050", "E050", "E050"))
    yield from (broken_rule("E050", where, one) for one in state if one not in known)
    paths = list(paths_of(state))
    for path in paths:
        if path.startswith("/") or path.endswith("/"):
            yield broken_rule("E052", where, path)
        elif not {"", ".", ".."}.isdisjoint(path.split("/")):
            yield broken_rule("E053", where, path)
    yield from _check_unique(paths, where, "E095")


def _check_author(user: Any, where: str) -> Iterator[Finding]:
    if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
        yield broken_rule("E054", where, user)
        return
    address = user.get("address")
    if address is None:
        yield broken_rule("W008", where, user["name"])
    elif not isinstance(address, str):
        yield broken_rule("E054", where, address)
    elif not URI.fullmatch(address):
        yield broken_rule("W009", where, address)


def _check_fixity(document: Mapping[str, Any], where: str) -> Iterator[Finding]:
    fixity = document.get("fixity", {})
    if not isinstance(fixity, dict) or not all(isinstance(one, dict) for one in fixity.values()):
        yield broken_rule("E057", where, fixity)
        return
    known = set(paths_of(document.get("manifest")))
    for algorithm, lists in fixity.items():
        yield from _check_digests(lists, algorithm, where, ("E057", "E097", "E057"))
        for path in paths_of(lists):
            if path.startswith("/") or path.endswith("/"):
                yield broken_rule("E100", where, path)
            elif not {"", ".", ".."}.isdisjoint(path.split("/")):
                yield broken_rule("E099", where, path)
            elif path not in known:
                yield broken_rule("E057", where, path)
