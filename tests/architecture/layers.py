"""The layers of both packages: which part may import which, and what may be imported from outside."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    # lowest layer first; parts of one layer do not import each other
    "formats": (
        ("words", "printable"),
        ("errors",),
        ("regular_files", "name_table"),
        (
            "findings",
            "paths",
            "digests",
            "xml",
            "xml_markup",
            "names",
            "media_types",
            "target",
            "json_text",
        ),
        ("folders", "zip"),
        ("model",),
        ("reading", "mapping", "tables", "outside_files", "contents", "seda", "bagit", "ocfl", "tlog"),
        ("databases",),
        ("fhir", "dicom", "opendental", "papers", "sources", "cda"),
        ("previews", "xdm"),
        ("pdlgc",),
        ("fhir_interchange",),
        ("plain_archives", "portability", "fhir_exports", "imaging_folders", "eark", "judging"),
        ("registry",),
    ),
    "archiver": (
        ("errors", "indications", "nouns", "opener", "report_columns"),
        ("disk", "network", "verdict", "verdict_basis"),
        ("file_transaction", "temporary_files", "verdict_questions", "verdict_words"),
        ("bloom_filter", "spool", "spooled_list", "worker_pool"),
        ("practice", "sealing", "signing"),
        ("evidence", "cluster", "dicom_network", "loopback", "parity", "storage"),
        ("package",),
        ("compliance", "instructions", "paper"),
        ("scope",),
        ("examination",),
        ("identity",),
        ("handover", "search", "dossier_text", "twins"),
        ("assembly", "delivery", "ingest", "paperwork", "vault"),
        ("backup",),
        ("operations",),
        ("cli",),
    ),
}
"""Parts (a folder or a module at the top of its package), layer by layer."""

ALLOWED: dict[str, frozenset[str]] = {
    "formats/xml": frozenset({"lxml"}),
    "formats/zip": frozenset({"isal"}),
    "formats/contents": frozenset({"PIL"}),
    "formats/dicom": frozenset({"pydicom"}),
    "formats/judging": frozenset({"cryptography", "pydicom", "saxonche"}),
    "formats/tlog": frozenset({"cryptography"}),
    "formats/tables": frozenset({"python_calamine", "xlsxwriter"}),
    "formats/databases": frozenset({"cryptography", "icalendar", "ijson", "pymysql", "sqlalchemy"}),
    "archiver/spooled_list": frozenset({"cryptography"}),
    "archiver/practice": frozenset({"sqlite_utils"}),
    "archiver/cluster": frozenset({"distributed"}),
    "archiver/delivery": frozenset({"pynetdicom"}),
    "archiver/dicom_network": frozenset({"pydicom", "pynetdicom"}),
    "archiver/evidence": frozenset({"asn1crypto"}),
    "archiver/paper": frozenset({"reportlab", "segno", "typst"}),
    "archiver/sealing": frozenset({"cryptography", "isal", "numpy", "pyzipper", "shamir_mnemonic"}),
    "archiver/signing": frozenset({"asn1crypto", "cryptography", "pkcs11", "pyhanko_certvalidator"}),
    "archiver/storage": frozenset({"boto3", "botocore", "obstore"}),
    "archiver/identity": frozenset({"rapidfuzz"}),
    "archiver/package": frozenset({"isal", "lxml"}),
    "archiver/search": frozenset({"rapidfuzz"}),
    "archiver/vault": frozenset({"cryptography"}),
    "archiver/twins": frozenset({"pypdfium2", "striprtf"}),
    "archiver/cli": frozenset({"platformdirs", "tqdm", "typer"}),
}
"""Outside packages each part may import; a part that is not listed uses the standard library alone."""

ONE_MODULE_ONLY = {"pyzipper": "archiver/sealing/", "typst": "archiver/paper/"}
"""Packages that move or weigh: exactly one module may import each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """One import: the module that asks, the dotted name it asks for, the line."""

    module: str
    name: str
    line: int


def modules(root: Path) -> Iterator[Path]:
    """Yield every module of both packages."""
    for package in LAYERS:
        yield from sorted((root / package).rglob("*.py"))


@cache
def syntax(path: Path) -> ast.Module:
    """Return the syntax tree of the module at ``path``: each is made once, whoever looks at it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of the module at ``path``."""
    return tuple(ast.walk(syntax(path)))


def imports(root: Path, path: Path) -> Iterator[Import]:
    """Yield every import of the module at ``path``, those inside functions included."""
    module = path.relative_to(root).with_suffix("").as_posix()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module=module, name=alias.name, line=node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports relatively"
            for alias in node.names:
                yield Import(module=module, name=f"{node.module}.{alias.name}", line=node.lineno)


def part(name: str) -> tuple[str, str] | None:
    """Return package and part of a dotted or slashed name, or ``None`` when it lies outside both packages."""
    parts = name.replace("/", ".").split(".")
    if parts[0] not in LAYERS:
        return None
    return parts[0], parts[1] if len(parts) > 1 else "__init__"


def layer(package: str, name: str) -> int:
    """Return the layer of a part.

    Raises:
        LookupError: when no layer has such a part.
    """
    for level, parts in enumerate(LAYERS[package]):
        if name in parts:
            return level
    raise LookupError(f"{package}/{name} has no layer")


def faults(root: Path) -> list[str]:
    """Return every import that the layers forbid."""
    found: list[str] = []
    for path in modules(root):
        for one in imports(root, path):
            found += _fault(one)
    return found


def _fault(one: Import) -> list[str]:
    here, there = part(one.module), part(one.name)
    assert here is not None
    place = f"{one.module}:{one.line}"
    if there is None:
        return _outside_fault(one, place)
    if here[0] == "formats" and there[0] == "archiver":
        return [f"{place} formats must not know archiver ({one.name})"]
    if here[0] != there[0] or here == there or "__init__" in {here[1], there[1]} or there[1] == "__version__":
        return []
    try:
        if layer(*there) >= layer(*here):
            return [f"{place} must not import upwards or sideways: {one.name}"]
    except LookupError as fault:
        return [f"{place} {fault}"]
    return []


def _outside_fault(one: Import, place: str) -> list[str]:
    package = one.name.split(".", 1)[0]
    if package in sys.stdlib_module_names or package == "_typeshed":
        return []
    here = "/".join(one.module.split("/")[:2])
    if package not in ALLOWED.get(here, frozenset()):
        return [f"{place} may not import {package}"]
    return []
