"""The container file that was unpacked in a folder comes out of it byte for byte, piece by piece."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from archiver.package import build, container_file
from archiver.package.archive import read_package_members
from archiver.package.checks.evidence_beside import look_beside
from archiver.package.container_file import container_pieces, place_of
from archiver.package.contents import contents_of
from archiver.package.lists.hashing import hash_members
from formats.digests import BUFFER, SHA512, Digest
from formats.zip.local_headers import Member
from formats.zip.records import LOCAL
from tests import packages
from tests.evidence import add_evidence
from tests.packages import package, signer, unpacked
from tests.unit.evidence.life import first, year


def members(data: bytes) -> list[Member]:
    return list(read_package_members(BytesIO(data)))


def pieces(folder: Path) -> list[bytes]:
    contents = contents_of(folder)
    return list(container_pieces(contents, hash_members(contents, threads=1)))


@pytest.mark.parametrize("co_signer", [None, signer("Dr Zoé Seconde")])
def test_a_package_with_evidence_comes_out_of_its_folder_as_it_was(tmp_path: Path, co_signer) -> None:
    path = tmp_path / "p.asice"
    path.write_bytes(package(co_signer=co_signer))
    add_evidence(path)
    add_evidence(path, first().at(year(2027)), number=2)
    data = path.read_bytes()
    folder = unpacked(data, tmp_path / "p")
    assert b"".join(pieces(folder)) == data
    assert look_beside(folder, [SHA512]).hashed["p.asice"].others == (Digest.of(data, algorithm=SHA512),)


def test_members_past_four_gibibytes_have_their_sizes_in_64_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = (100, 50_000, 60_000)
    large = [(unit_id, bytes(size)) for (unit_id, _), size in zip(packages.units(), sizes, strict=True)]
    monkeypatch.setattr(packages, "units", lambda _: large)
    for module in (build, container_file):
        monkeypatch.setattr(module, "MAX32", 50_000)
    data = package()
    assert [one.offset - one.header - len(one.name) - LOCAL.size for one in members(data)].count(20) == 2
    assert b"".join(pieces(unpacked(data, tmp_path / "p"))) == data


def test_no_member_is_in_memory_whole(tmp_path: Path) -> None:
    folder = unpacked(package(), tmp_path / "p")
    unit = next((folder / "units").iterdir())
    unit.write_bytes(bytes(9 * BUFFER))
    made = pieces(folder)
    assert sum(map(len, made)) > 9 * BUFFER
    assert max(map(len, made)) <= BUFFER


def test_the_file_has_the_name_of_the_folder_with_its_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, file in (("p", "p.asice"), ("p.asice", "p.asice"), ("P.ASICE", "P.ASICE")):
        (tmp_path / name).mkdir()
        assert place_of(tmp_path / name) == tmp_path / file
    monkeypatch.chdir(tmp_path / "p")
    assert place_of(Path()) == tmp_path / "p.asice"
    assert place_of(tmp_path / "absent.asice") == tmp_path / "absent.asice"
