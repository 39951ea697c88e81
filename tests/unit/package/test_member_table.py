"""Packed tables of names, members, digests and units, beside what the standard library's mappings say of the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from archiver.package.lists.hashing import HashedMembers, hash_pieces
from archiver.package.manifests.unit_table import Unit, UnitTable
from archiver.package.member_table import DigestTable, MemberTable, Place, digest_table, names_of
from formats.digests import ALGORITHMS, SHA512, Digest, DigestAlgorithm
from formats.name_table import ABSENT, NameSet, NameTable

NAMES = st.lists(st.text(st.characters(), max_size=8), max_size=200)


@given(NAMES, NAMES)
def test_a_table_numbers_names_in_the_order_in_which_they_came(names: list[str], others: list[str]) -> None:
    table, numbers = NameTable(), dict[str, int]()
    for name in names:
        assert table.add(name) == numbers.setdefault(name, len(numbers))
    assert [table[number] for number in range(len(table))] == list(numbers)
    assert all(table.find(name) == numbers.get(name, ABSENT) for name in [*names, *others])


@given(NAMES, NAMES)
def test_a_set_has_what_was_added_and_no_other_name_of_its_table(names: list[str], others: list[str]) -> None:
    table = NameTable()
    for name in others:
        table.add(name)
    found, known = NameSet(table), set[str]()
    for name in names:
        assert found.add(name) == (name not in known)
        known.add(name)
    assert all((name in found) == (name in known) for name in [*names, *others])


def members(*names: str) -> MemberTable:
    table = MemberTable(Path("a.asice"), NameTable())
    for number, name in enumerate(names):
        table.names.add(name)
        table.add(offset=10 * number, size=number, crc32=7)
    return table


def test_members_are_a_mapping_of_the_first_names_alone() -> None:
    table = members("mimetype", "units/a.zip")
    table.names.add("only/listed")
    assert list(table) == ["mimetype", "units/a.zip"]
    assert dict(table) == {
        "mimetype": Place(path=Path("a.asice"), offset=0, size=0, crc32=7),
        "units/a.zip": Place(path=Path("a.asice"), offset=10, size=1, crc32=7),
    }
    assert list(table.values()) == [table[name] for name in table]
    assert "only/listed" not in table and table.get("only/listed") is None
    assert names_of(table) is table.names


def test_digests_are_a_mapping_in_the_order_of_their_list() -> None:
    names = members("a", "b", "c").names
    table = DigestTable(names)
    for name in ("c", "later", "a"):
        table.put(names.add(name), Digest.of(name.encode()))
    assert dict(table) == {name: Digest.of(name.encode()) for name in ("c", "later", "a")}
    assert list(table) == ["c", "later", "a"]
    assert "b" not in table and table.at(names.find("b")) is None
    other = Digest.of(b"another")
    assert table == dict(table) and table not in ({**table, "b": other}, {**table, "a": other})


def test_a_digest_contradicts_another_one_and_no_absent_one() -> None:
    names = members("a", "b").names
    table = DigestTable(names)
    assert not table.contradicts(names.find("a"), Digest.of(b"a"))
    table.put(names.find("b"), Digest.of(b"b"))
    later = names.add("later")
    assert [table.contradicts(one, Digest.of(b"b")) for one in (0, 1, later)] == [False, False, False]
    assert table.contradicts(1, Digest.of(b"a"))
    # the same bytes under another hash function are another digest, whatever their length
    assert table.contradicts(1, Digest(ALGORITHMS["sha3_256"], Digest.of(b"b").value))
    assert table.contradicts(1, Digest.of(b"b", algorithm=SHA512))


def test_digests_of_one_table_are_under_one_algorithm() -> None:
    table = digest_table({"a": Digest.of(b"a", algorithm=SHA512)})
    assert (table.algorithm, table["a"].algorithm) == (SHA512, SHA512)
    with pytest.raises(ValueError, match="sha256"):
        table.put(table.names.add("b"), Digest.of(b"b"))
    assert dict(table) == {"a": Digest.of(b"a", algorithm=SHA512)}


@pytest.mark.parametrize("others", [(), (SHA512, ALGORITHMS["sha3_256"])])
def test_what_was_read_of_members_is_given_back(others: tuple[DigestAlgorithm, ...]) -> None:
    table = members("a", "b")
    hashed = HashedMembers(table.names, 2, others)
    found = {name: hash_pieces([name.encode()], others) for name in table}
    for number, one in enumerate(found.values()):
        hashed.put(number, one)
    assert dict(hashed) == found
    for number, one in enumerate(found.values()):
        for algorithm, digest in one.digests.items():
            assert hashed.found(number, algorithm) == (digest, one.size, one.crc32)


def test_units_are_given_back_as_they_were_added() -> None:
    units = [
        Unit(
            id=letter * 26,
            member=f"units/{letter * 26}.zip",
            size=(1 << 53) - 1,
            digest=Digest.from_hex(f"{number:064x}"),
            destroy_from=date(number, 1, 1) if number else None,
            hold=number == 2,
            unknown={"later": number} if number == 1 else {},
        )
        for number, letter in enumerate("abc")
    ]
    table = UnitTable(units)
    assert list(table) == units and table[-1] == units[-1] and table[:2] == tuple(units[:2])
    assert table == UnitTable(units, names=members("other").names) and table != UnitTable(units[:2])
