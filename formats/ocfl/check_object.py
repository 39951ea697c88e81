"""Check an OCFL object: its declaration, inventories and sidecars, every file, and every digest of every file.

1. The object root holds its declaration, an inventory with its sidecar, versions, ``logs`` and ``extensions`` alone.
2. The inventory is checked by itself (``check_inventory``), and so is that of each version.
3. What an earlier inventory says of a version is what the last one says of it.
4. Every file below a content folder is in the manifest, and every file of the manifest is there.
5. With ``digests``, each file is read once and has every digest that any inventory lists for it.

What cannot be read is a ``Failure`` of the storage: nothing was found out about it then.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from formats.digests import ALGORITHMS, Digest, DigestMalformed
from formats.findings import Finding
from formats.ocfl.check_inventory import VERSION, check_inventory, parse_inventory, paths_of
from formats.ocfl.codes import broken_rule
from formats.ocfl.inventory import CONTENT, MAX_INVENTORY_BYTES, NAME, TYPES
from formats.ocfl.layout import REGISTERED
from formats.ocfl.tree import FileTree, digests_of, read_whole

DECLARATION = "0=ocfl_object_"
DECLARATIONS = {f"{DECLARATION}{version}": f"ocfl_object_{version}\n".encode() for version in TYPES.values()}
MAX_SIDECAR_BYTES = 1024
"""Bytes of a sidecar; a digest and a name have 143."""
LOGS, EXTENSIONS = "logs", "extensions"
_SIDECAR = re.compile(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json(\r?\n)?")

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Object:
    """An object of ``tree`` whose root is ``place``; ``keys`` are its files, from that root on."""

    tree: FileTree
    place: str
    keys: tuple[str, ...]

    def key(self, name: str) -> str:
        return f"{self.place}/{name}" if self.place else name

    def names(self) -> set[str]:
        """Return what lies in the object root; folders end with a slash."""
        return {head + slash for head, slash, _ in (one.partition("/") for one in self.keys)}

    def where(self, name: str = "") -> str:
        return self.key(name) if name else self.place


def check_object(tree: FileTree, place: str, *, digests: bool = True) -> Iterator[Finding]:
    """Yield every rule that the object at ``place`` of ``tree`` breaks.

    Raises:
        Failure: when the storage does not give something back that is there; LimitExceeded.
    """
    prefix = f"{place}/" if place else ""
    keys = tuple(one.removeprefix(prefix) for one in tree.keys(prefix))
    found = _Object(tree=tree, place=place, keys=keys)
    yield from _check_root(found)
    if NAME not in keys:
        yield broken_rule("E063", found.where())
        return
    root = None
    for one in _read(found, ""):
        if isinstance(one, Finding):
            yield one
        else:
            root = one
    if root is None:
        return
    inventories = {"": root}
    for name in _version_names(root):
        for read in _check_version_folder(found, name, root):
            if isinstance(read, Finding):
                yield read
            else:
                inventories[name] = read
    yield from _check_types(inventories, place)
    yield from _check_files(found, inventories)
    if digests:
        yield from _check_digests(found, inventories)


def _version_names(document: Document) -> list[str]:
    versions = document.get("versions")
    return [one for one in versions if VERSION.fullmatch(one)] if isinstance(versions, dict) else []


def _check_root(found: _Object) -> Iterator[Finding]:
    """Follow step 1."""
    declared = [one for one in found.keys if one.startswith(DECLARATION) and "/" not in one]
    if len(declared) != 1:
        yield broken_rule("E003", found.where())
    for name in declared:
        if name not in DECLARATIONS:
            yield broken_rule("E006", found.where(), name)
        elif read_whole(found.tree, found.key(name), MAX_SIDECAR_BYTES) != DECLARATIONS[name]:
            yield broken_rule("E007", found.where(name))
    plain = re.compile(rf"{NAME}(\.[a-z0-9]+)?|({LOGS}|{EXTENSIONS}|v[0-9]+)/")
    for name in sorted(found.names() - set(declared)):
        if not plain.fullmatch(name):
            yield broken_rule("E001", found.where(), name)
    for key in found.keys:
        folder, _, rest = key.partition("/")
        if folder == EXTENSIONS and rest and "/" not in rest:
            yield broken_rule("E067", found.where(), key)
    extensions = {
        key.split("/")[1] for key in found.keys if key.startswith(f"{EXTENSIONS}/") and key.count("/") > 1
    }
    for name in sorted(extensions - REGISTERED):
        yield broken_rule("W013", found.where(), name)


def _read(found: _Object, folder: str) -> Iterator[Finding | Document]:
    """Yield the inventory in ``folder`` and what is wrong with it; follow step 2."""
    name = f"{folder}/{NAME}" if folder else NAME
    where = found.where(name)
    data = read_whole(found.tree, found.key(name), MAX_INVENTORY_BYTES)
    try:
        document = parse_inventory(data)
    except ValueError as fault:
        yield broken_rule("E033", where, fault)
        return
    yield from check_inventory(document, where)
    algorithm = ALGORITHMS.get(str(document.get("digestAlgorithm")))
    if algorithm is not None:
        sidecar = f"{name}.{algorithm.name}"
        if sidecar not in found.keys:
            yield broken_rule("E058", where)
        else:
            written = read_whole(found.tree, found.key(sidecar), MAX_SIDECAR_BYTES)
            stated = _SIDECAR.fullmatch(written)
            if stated is None:
                yield broken_rule("E061", found.where(sidecar))
            elif stated[1].decode().lower() != Digest.of(data, algorithm=algorithm).hex:
                yield broken_rule("E060", where)
    yield document


def _check_version_folder(found: _Object, name: str, root: Document) -> Iterator[Finding | Document]:
    """Follow steps 1 to 3 for the version ``name``."""
    below = [one.removeprefix(f"{name}/") for one in found.keys if one.startswith(f"{name}/")]
    if not below:
        yield broken_rule("E010", found.where(), name)
        return
    yield from _check_entries(below, found.where(name), root.get("contentDirectory", CONTENT))
    if NAME not in below:
        yield broken_rule("W010", found.where(), name)
        return
    if name == root.get("head"):
        last = read_whole(found.tree, found.key(f"{name}/{NAME}"), MAX_INVENTORY_BYTES)
        if last != read_whole(found.tree, found.key(NAME), MAX_INVENTORY_BYTES):
            yield broken_rule("E064", found.where(NAME))
    for one in _read(found, name):
        yield one
        if not isinstance(one, Finding):
            yield from _compare(one, root, name, found.where(name))


def _check_entries(below: list[str], where: str, folder: str) -> Iterator[Finding]:
    """Yield what does not belong into the folder of a version."""
    for entry in below:
        head, slash, rest = entry.partition("/")
        if not slash and entry and entry.split(".")[0] != "inventory":
            yield broken_rule("E015", where, entry)
        elif slash and head != folder:
            yield broken_rule("W002", where, head)
        elif slash and not rest:
            yield broken_rule("W003", where, entry)


def _check_types(inventories: Mapping[str, Document], place: str) -> Iterator[Finding]:
    """Yield the versions that are of an earlier version of OCFL than one before them."""
    order = list(TYPES)
    newest = 0
    for name, document in (*[*inventories.items()][1:], ("", inventories[""])):
        number = order.index(document["type"]) if document.get("type") in order else newest
        if number < newest:
            yield broken_rule("E103", place, name or document.get("head"))
        newest = max(newest, number)


def _compare(earlier: Document, root: Document, name: str, where: str) -> Iterator[Finding]:
    """Follow step 3: ``earlier`` is the inventory of the version ``name``."""
    if earlier.get("id") != root.get("id"):
        yield broken_rule("E037", where, earlier.get("id"))
    if earlier.get("head") != name:
        yield broken_rule("E040", where, earlier.get("head"))
    if earlier.get("contentDirectory", CONTENT) != root.get("contentDirectory", CONTENT):
        yield broken_rule("E019", where, earlier.get("contentDirectory"))
    if earlier.get("digestAlgorithm") == "sha256" != root.get("digestAlgorithm"):
        yield broken_rule("W004", where)
    for one in _version_names(earlier):
        if one not in root["versions"] or _content(earlier, one) != _content(root, one):
            yield broken_rule("E066", where, one)
        elif _facts(earlier["versions"][one]) != _facts(root["versions"][one]):
            yield broken_rule("W011", where, one)


def _content(document: Document, version: str) -> dict[str, frozenset[str]]:
    """Return the content paths of each logical path of a version: they are the same under any digest."""
    manifest, described = document.get("manifest"), document["versions"][version]
    state = described.get("state") if isinstance(described, dict) else None
    if not isinstance(manifest, dict) or not isinstance(state, dict):
        return {}
    places = {digest.lower(): frozenset(paths_of({digest: paths})) for digest, paths in manifest.items()}
    return {
        path: frozenset(one for one in places.get(digest.lower(), ()) if _not_later(one, version))
        for digest, paths in state.items()
        for path in paths_of({digest: paths})
    }


def _not_later(path: str, version: str) -> bool:
    """Tell whether a content path lies in no later version than ``version``."""
    stated, last = VERSION.match(path), VERSION.fullmatch(version)
    return stated is None or last is None or int(stated[2]) <= int(last[2])


def _facts(version: Any) -> tuple[Any, ...]:
    return (
        tuple(version.get(name) for name in ("created", "message", "user"))
        if isinstance(version, dict)
        else ()
    )


def _check_files(found: _Object, inventories: Mapping[str, Document]) -> Iterator[Finding]:
    """Follow step 4."""
    root = inventories[""]
    content = {one for one in found.keys if _is_content(one, root)}
    for name in sorted({one.partition("/")[0] for one in found.keys if one.count("/")}):
        if VERSION.fullmatch(name) and name not in _version_names(root):
            yield broken_rule("E046", found.where(), name)
    listed = set(paths_of(root.get("manifest")))
    yield from (broken_rule("E023", found.where(), one) for one in sorted(content - listed))
    for name, document in inventories.items():
        of_version = set(paths_of(document.get("manifest")))
        there = {one for one in content if not name or _not_later(one, name)}
        if name:
            yield from (broken_rule("E023", found.where(name), one) for one in sorted(there - of_version))
        yield from (broken_rule("E092", found.where(name), one) for one in sorted(of_version - content))


def _is_content(key: str, root: Document) -> bool:
    version, _, rest = key.partition("/")
    folder = root.get("contentDirectory", CONTENT)
    return bool(VERSION.fullmatch(version)) and rest.startswith(f"{folder}/") and not key.endswith("/")


def _check_digests(found: _Object, inventories: Mapping[str, Document]) -> Iterator[Finding]:
    """Follow step 5."""
    wanted: defaultdict[str, dict[Digest, str]] = defaultdict(dict)
    for document in inventories.values():
        for code, name, lists in _lists(document):
            for text, paths in lists.items():
                for path in paths_of({text: paths}):
                    wanted[path].setdefault(_digest(text, name), code)
    present = set(found.keys)
    for path in sorted(present & wanted.keys()):
        asked = {one: code for one, code in wanted[path].items() if one.algorithm.known}
        there = digests_of(found.tree, found.key(path), frozenset(one.algorithm for one in asked))
        for code in sorted({code for one, code in asked.items() if one not in there}):
            yield broken_rule(code, found.where(), path)


def _lists(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    manifest, fixity = document.get("manifest"), document.get("fixity")
    if isinstance(manifest, dict):
        yield "E092", str(document.get("digestAlgorithm")), manifest
    for name, lists in fixity.items() if isinstance(fixity, dict) else ():
        if isinstance(lists, dict) and name in ALGORITHMS:
            yield "E093", name, lists


def _digest(text: str, name: str) -> Digest:
    """Return the digest of a list; one of another form is equal to none, and was found before."""
    try:
        return Digest.from_hex(text.lower(), ALGORITHMS[name])
    except (KeyError, DigestMalformed):
        return Digest(ALGORITHMS.get(name, ALGORITHMS["sha512"]), b"")
