"""A digest travels as one type (``formats.digests.Digest``), and one table says which hash functions there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from formats.digests import ALGORITHMS
from tests.architecture import layers
from tests.architecture.structure import ROOT

DIGESTS = {"digest", "digests", "sha256", "sha512", "imprint", "imprints", "commitment"}
"""Words of names under which a digest travels."""
PLAIN = re.compile(r"\b(str|bytes|bytearray|memoryview)\b")
AS_TEXT = {
    "formats/model": "public field of the model: ``Attachment.sha256`` is a text, and a value of formats",
    "formats/pdlgc": "names of the files of a dossier: ``Attachment.sha256``, and columns of its lists",
    "formats/dicom": "names of the files of a study: ``Attachment.sha256``",
    "formats/fhir_exports/files.py": "a value of FHIR: how ours name a file of ``Attachment.sha256``",
    "archiver/practice/attachments.py": "names of the files of the store: ``Attachment.sha256``",
    "archiver/practice/previews.py": "names of the files of the store: ``Attachment.sha256``",
    "archiver/delivery/fhir_server.py": "names of the files of a dossier: ``Attachment.sha256``",
    "archiver/practice/registers/handovers.py": "column of the store: the file of a receipt, as a text",
    "archiver/delivery/sent_list.py": "names of the files of a dossier: ``Attachment.sha256``, a column of the list",
    "archiver/paper/verdict_text.py": "``file_digest`` is a label",
    "archiver/sealing/age/header.py": "``hkdf_sha256`` derives a key, and no digest",
}
"""Where a digest is a text or bytes, and why."""
TABLES = {
    "formats/digests.py": "the table",
    "archiver/signing/algorithms.py": "object identifiers of RSA with each hash function (RFC 8017, A.2.4)",
    "archiver/signing/signatures/signer_info.py": "hash functions as strong as each ML-DSA (RFC 9882, table 1)",
    "archiver/vault/deposit_receipt.py": "keys of a file in a receipt (docs/en/format/vault.md, 5)",
    "archiver/cli/commands/evidence.py": "how an option is written; ``tests/unit/digests`` compares",
}
"""Where names of hash functions stand in a list, and what it says of them."""


def plain_digests(tree: ast.Module) -> Iterator[str]:
    """Yield the fields, parameters and functions of a module that give a digest as text or bytes."""
    for node in ast.walk(tree):
        found: list[tuple[str, ast.expr | None]] = []
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found = [(node.target.id, node.annotation)]
        elif isinstance(node, ast.arg):
            found = [(node.arg, node.annotation)]
        elif isinstance(node, ast.FunctionDef):
            found = [(node.name, node.returns)]
        for name, annotation in found:
            stated = ast.unparse(annotation) if annotation else ""
            if (
                not DIGESTS.isdisjoint(name.lower().split("_"))
                and PLAIN.search(stated)
                and "Digest" not in stated
            ):
                yield name


def lists_of_names(tree: ast.Module) -> Iterator[int]:
    """Yield the lines at which several names, or identifiers, of hash functions stand in a literal or a class."""
    known = {*ALGORITHMS, *(one.oid for one in ALGORITHMS.values())}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict | ast.Set | ast.List | ast.Tuple | ast.ClassDef):
            texts = {
                one.value
                for child in ast.iter_child_nodes(node)
                for one in (child, *(ast.iter_child_nodes(child) if isinstance(node, ast.ClassDef) else ()))
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
            if len(texts & known) > 1:
                yield node.lineno


def is_excused(place: str, reasons: dict[str, str]) -> bool:
    return any(place == one or place.startswith(f"{one}/") for one in reasons)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in layers.modules(ROOT):
        yield path.relative_to(ROOT).as_posix(), layers.syntax(path)


def test_a_digest_crosses_modules_as_what_it_is() -> None:
    wrong = {place: found for place, tree in modules() if (found := set(plain_digests(tree)))}
    assert {place: found for place, found in wrong.items() if not is_excused(place, AS_TEXT)} == {}
    unused = [one for one in AS_TEXT if not any(is_excused(place, {one: ""}) for place in wrong)]
    assert not unused, "an excuse that nothing needs"


def test_one_table_says_which_hash_functions_there_are() -> None:
    wrong = {place: found for place, tree in modules() if (found := list(lists_of_names(tree)))}
    assert {place: found for place, found in wrong.items() if not is_excused(place, TABLES)} == {}
    assert not [one for one in TABLES if one not in wrong and one != "formats/digests.py"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("class A:\n    plain_sha256: str", {"plain_sha256"}),
        ("class A:\n    digest: bytes | None = None", {"digest"}),
        ("def f(digests: Mapping[str, bytes]) -> None: ...", {"digests"}),
        ("def member_digest(name: str) -> str: ...", {"member_digest"}),
        ("def f(digests: Iterable[tuple[str, Digest]], name: str) -> Digest: ...", set()),
    ],
)
def test_a_digest_as_text_is_found(code: str, found: set[str]) -> None:
    assert set(plain_digests(ast.parse(code))) == found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('A = {"sha1", "sha256"}', 1),
        ('A = {"sha256": 1, "sha512": 2}', 1),
        ('class A(StrEnum):\n    B = "sha256"\n    C = "sha512"', 1),
        ('A = ("2.16.840.1.101.3.4.2.1", "sha512")', 1),
        ('A = {"sha256": "SHA-256 of the file"}', 0),
    ],
)
def test_a_second_list_is_found(code: str, count: int) -> None:
    assert len(list(lists_of_names(ast.parse(code)))) == count
