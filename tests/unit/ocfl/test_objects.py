"""Objects of our writer: read back, judged by our checker, and spoilt file by file."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from formats.digests import SHA512, Digest
from formats.findings import Finding
from formats.ocfl.check_object import check_object
from formats.ocfl.check_root import check_root
from formats.ocfl.inventory import NAME
from formats.ocfl.layout import object_place
from formats.ocfl.read import OcflInvalid, read_inventory
from formats.ocfl.write import inventory_bytes
from tests.unit.ocfl.folders import Folder
from tests.unit.ocfl.objects import ID, add_version, write, write_root

FIRST = {"revision-001/a.asice": b"package", "receipts/001.json": b"receipt"}
SECOND = {"revision-002/a.asice": b"package again", "revision-002/same.asice": b"package"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_root(tmp_path / "root")
    add_version(root, add_version(root, None, FIRST), SECOND)
    return root


def codes(root: Path) -> set[str]:
    return {one.code for one in check_object(Folder(root), object_place(ID))}


def test_an_object_of_ours_breaks_no_rule(root: Path) -> None:
    assert codes(root) == set()
    assert list(check_root(Folder(root))) == [object_place(ID)]


def test_an_inventory_is_read_as_it_was_written(root: Path) -> None:
    data = (root / object_place(ID) / NAME).read_bytes()
    inventory = read_inventory(data, NAME)
    assert inventory_bytes(inventory) == data
    assert inventory.head == "v2" and set(inventory.logical_paths()) == {*FIRST, *SECOND}
    assert set(inventory.logical_paths("v1")) == set(FIRST)
    assert inventory.content_paths() == {
        "v1/content/revision-001/a.asice": Digest.of(b"package", algorithm=SHA512),
        "v1/content/receipts/001.json": Digest.of(b"receipt", algorithm=SHA512),
        "v2/content/revision-002/a.asice": Digest.of(b"package again", algorithm=SHA512),
    }


def test_no_version_replaces_what_is_there(tmp_path: Path) -> None:
    first = add_version(tmp_path, None, FIRST)
    with pytest.raises(ValueError, match=r"receipts/001\.json"):
        add_version(tmp_path, first, {"receipts/001.json": b"another"})


def test_every_file_that_is_spoilt_or_lost_is_found(root: Path) -> None:
    files = [one for one in (root / object_place(ID)).rglob("*") if one.is_file()]
    assert len(files) == 10
    for path in files:
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert {one for one in codes(root) if one.startswith("E")}, path
        path.unlink()
        assert codes(root), path
        path.write_bytes(data)
    assert codes(root) == set()


def test_what_lies_outside_objects_is_found(root: Path) -> None:
    write(root / "abc" / "def" / "012" / "half" / "v1" / "content" / "a", b"1")
    write(root / "notes.txt", b"1")
    found = [(one.code, one.where) for one in check_root(Folder(root)) if isinstance(one, Finding)]
    assert found == [("E072", "abc/def/012/half"), ("E072", "")]


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"id":"a","id":"b"}', b"\xff", b"NaN"])
def test_bytes_that_are_no_inventory_are_refused(data: bytes) -> None:
    with pytest.raises(OcflInvalid) as caught:
        read_inventory(data, NAME)
    assert caught.value.facts["number"] in {"E033", "E036"}


@given(st.data())
def test_an_inventory_with_any_value_replaced_is_read_or_refused(data: st.DataObject) -> None:
    document = json.loads((Path(__file__).with_name("inventory.json")).read_text(encoding="utf-8"))
    node, keys = document, []
    while isinstance(node, dict) and node:
        keys.append(data.draw(st.sampled_from(sorted(node))))
        if data.draw(st.booleans()):
            break
        node = node[keys[-1]]
    holder = document
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = data.draw(st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just({}))
    text = json.dumps(document).encode()
    with suppress(OcflInvalid):
        assert read_inventory(inventory_bytes(read_inventory(text, NAME)), NAME) == read_inventory(text, NAME)


@pytest.mark.parametrize("name", ["urn:uuid:1", "a" * 101, "é/..\\", "..hor/rib:le-$id"])
def test_the_place_of_an_object_is_safe_on_every_system(name: str) -> None:
    place = object_place(name)
    assert place.count("/") == 3 and all(one.isalnum() or one in "-_%/" for one in place)


def test_the_place_of_an_object_is_that_of_the_extension() -> None:
    """The examples of extension 0003."""
    assert object_place("object-01") == "3c0/ff4/240/object-01"
    assert object_place("..hor/rib:le-$id") == "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"
