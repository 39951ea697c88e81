"""Imports follow the layers, and the test that says so can fail."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture import layers

ROOT = Path(__file__).resolve().parents[2]


def test_imports_only_go_down() -> None:
    assert layers.faults(ROOT) == []


def test_every_module_has_its_layer() -> None:
    seen = list(layers.modules(ROOT))
    assert len(seen) >= 40
    for path in seen:
        place = layers.part(path.relative_to(ROOT).with_suffix("").as_posix())
        assert place is not None
        if place[1] != "__init__":
            layers.layer(*place)


def test_what_moves_is_wrapped_once() -> None:
    for package, folder in layers.ONE_MODULE_ONLY.items():
        users = {
            one.module
            for path in layers.modules(ROOT)
            for one in layers.imports(ROOT, path)
            if one.name.split(".", 1)[0] == package
        }
        assert len(users) == 1, (package, users)
        assert next(iter(users)).startswith(folder)


def test_xml_parsers_come_from_one_place() -> None:
    makers = [
        path.relative_to(ROOT).as_posix()
        for path in layers.modules(ROOT)
        if any(
            word in path.read_text(encoding="utf-8")
            for word in ("XMLParser(", "etree.fromstring(", "iterparse(", "ParserCreate(")
        )
    ]
    assert makers == ["formats/xml.py"]


def test_every_list_for_a_spreadsheet_is_written_in_one_place() -> None:
    writers = [
        path.relative_to(ROOT).as_posix()
        for path in layers.modules(ROOT)
        for node in layers.nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"})
        or (isinstance(node, ast.ImportFrom) and node.module == "csv")
    ]
    assert writers == ["formats/tables/write.py"]


MADE_HERE = {"archiver/signing/signatures/creation.py": {"attributes"}}
"""Values of asn1crypto that are made where they are encoded."""


def test_what_was_read_is_encoded_as_it_was_read() -> None:
    """asn1crypto encodes some of it anew (``archiver/signing/encoding.py``); what is made on the spot it may."""
    found = {}
    for path in layers.modules(ROOT):
        place = path.relative_to(ROOT).as_posix()
        dumped = {
            ast.unparse(node.func.value)
            for node in layers.nodes(path)
            if isinstance(node, ast.Call) and not node.args and not node.keywords
            if isinstance(node.func, ast.Attribute) and node.func.attr == "dump"
            if not isinstance(node.func.value, ast.Call)
        }
        if left := dumped - MADE_HERE.get(place, set()):
            found[place] = left
    assert found == {"archiver/signing/encoding.py": {"value"}}


def test_what_a_program_prints_is_read_as_utf_8() -> None:
    """By ``text=True`` it is read as the locale of the process has it, which a library may have changed (ODBC does)."""
    places = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for folder in ("archiver", "formats", "samples", "tests", ".ci")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("subprocess.")
        if {"text", "universal_newlines"}.intersection(one.arg or "" for one in node.keywords)
    ]
    assert places == []


OWN_FILES = {
    "archiver/disk.py": "what it made itself",
    "archiver/spool.py": "a temporary file of this run",
    "archiver/practice/attachments.py": "the store's own folder",
    "archiver/signing/policy.py": "part of the program",
    "archiver/identity/questions_page.py": "part of the program",
    "archiver/instructions/pages.py": "part of the program",
    "archiver/opener/__init__.py": "part of the program",
    "archiver/scope/ownership/report_page.py": "part of the program",
    "archiver/compliance/report_page.py": "part of the program",
    "archiver/operations/vault/report/plots.py": "part of the program",
    "archiver/paperwork/templates.py": "part of the program",
    "archiver/twins/cache.py": "what it made itself",
    "archiver/twins/chart_style.py": "part of the program",
    "archiver/twins/worker.py": "part of the program, and files of this run",
    "formats/pdlgc/page/page.py": "part of the program",
    "formats/pdlgc/readme/instructions.py": "part of the program",
    "formats/registry/sources.py": "part of the program",
    "formats/words.py": "part of the program",
}
"""What else opens files by name, and whose they are."""


def test_files_of_others_are_opened_in_one_place() -> None:
    words = ('.open("rb"', ".read_bytes()", ".read_text(", ".open(encoding", " open(")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in layers.modules(ROOT)
        if any(word in path.read_text(encoding="utf-8").replace("def open(", "") for word in words)
    }
    assert found <= OWN_FILES.keys()


def test_only_the_disk_renames_and_removes() -> None:
    words = ("os.replace(", "os.rename(", "os.fsync(", ".unlink(", "shutil.rmtree(", "os.remove(")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in layers.modules(ROOT)
        if any(word in path.read_text(encoding="utf-8") for word in words)
    ]
    assert found == ["archiver/disk.py", "archiver/temporary_files.py"]


@pytest.mark.parametrize(
    ("where", "line", "sentence"),
    [
        ("formats/fhir/write.py", "import archiver.disk", "must not know archiver"),
        ("archiver/disk.py", "from archiver.cli import main", "upwards or sideways"),
        ("archiver/sealing/unit.py", "from archiver.signing import keys", "upwards or sideways"),
        ("archiver/operations/export.py", "import typer", "may not import typer"),
        ("formats/model/care.py", "import numpy", "may not import numpy"),
        ("archiver/attic/box.py", "from archiver.errors import Failure", "has no layer"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, where: str, line: str, sentence: str) -> None:
    module = tmp_path / where
    module.parent.mkdir(parents=True)
    module.write_text(line + "\n", encoding="utf-8")
    (fault,) = layers.faults(tmp_path)
    assert sentence in fault


SECRETS = ("passphrase", "password", "pin", "seed", "salt", "leaf_salt", "secret")


def test_no_secret_is_in_the_text_of_an_object() -> None:
    shown = []
    for path in layers.modules(ROOT):
        for node in layers.nodes(path):
            if not isinstance(node, ast.ClassDef) or not any(
                "dataclass" in ast.unparse(d) for d in node.decorator_list
            ):
                continue
            for one in node.body:
                if isinstance(one, ast.AnnAssign) and ast.unparse(one.target) in SECRETS:
                    default = ast.unparse(one.value) if one.value else ""
                    typed = ast.unparse(one.annotation)
                    if "repr=False" not in default and typed.startswith(("str", "bytes")):
                        shown.append(f"{path.name} {node.name}.{ast.unparse(one.target)}")
    assert shown == []
