"""What ties the volumes of a set lasts as long as they do: evidence beside it, renewed with theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.examination.errors import EvidencePresent
from archiver.examination.evidence_places import find_places, places_without_evidence
from archiver.examination.examine import examine_whole
from archiver.operations.build_evidence import BuildRequest, EvidenceBuilt, build_evidence
from archiver.operations.renew_evidence import RenewedRecord, RenewRequest, renew_evidence
from archiver.operations.show_evidence import list_evidence
from archiver.package.checks.check_set import examine_set
from archiver.package.container_file import container_pieces
from archiver.package.contents import contents_of
from archiver.package.errors import VolumeForeign
from archiver.package.lists.hashing import hash_members
from archiver.signing.keys.key_file import KeySigner
from archiver.verdict import Renewal, State, Verdict
from formats.digests import SHA512, DigestAlgorithm
from tests.authorities import FAR, practitioners
from tests.evidence import add_evidence, reader
from tests.packages import package, signer, unpacked, volume_set
from tests.tsa import LocalAuthority
from tests.unit.evidence.life import first, second, third, year

RECORD = "p-set.asice.001.ers"


@pytest.fixture
def volume_list(tmp_path: Path) -> Path:
    return volume_set(tmp_path)


def built(
    *named: Path, at: int = 2026, by: LocalAuthority | None = None, another: bool = False
) -> list[EvidenceBuilt]:
    """Give evidence of the year ``at`` to the sets and packages ``named``."""
    trust = reader(at=year(at))
    found = find_places(named, trust)
    places = found.places if another else places_without_evidence(found, named)
    order = BuildRequest(packages=places, trust=trust, another=another)
    return list(build_evidence(order, (by or first()).at(year(at))))


def renewed(
    volume_list: Path, at: int, by: LocalAuthority, *, algorithm: DigestAlgorithm | None = None
) -> list[RenewedRecord]:
    """Renew the evidence of a set and its volumes in the year ``at``."""
    trust = reader(at=year(at))
    places = find_places([volume_list], trust).places
    return list(
        renew_evidence(RenewRequest(packages=places, trust=trust, algorithm=algorithm), by.at(year(at)))
    )


def verdict(volume_list: Path, at: int) -> Verdict:
    return examine_whole(volume_list, reader(at=year(at))).verdict


def test_one_time_stamp_serves_the_set_and_its_volumes(volume_list: Path) -> None:
    before = volume_list.read_bytes()
    assert verdict(volume_list, 2026).existed_at.code == "no-timestamp"
    done = built(volume_list)
    assert [one.package.name for one in done] == ["p-set.asice", *(f"p-00{n}.asice" for n in (1, 2, 3))]
    assert (done[0].member, done[0].members) == (RECORD, 1)
    assert volume_list.read_bytes() == before
    found = verdict(volume_list, 2027)
    assert found.proven and found.existed_at.facts["moment"] == year(2026).isoformat()
    whole = examine_whole(volume_list, reader(at=year(2027)))
    assert whole.due is not None and whole.due.before == first().leaf.not_valid_after_utc
    (record,) = found.records
    assert (record.member, record.renew_before) == (RECORD, first().leaf.not_valid_after_utc)


def test_the_life_of_a_set(volume_list: Path) -> None:
    built(volume_list)
    for at, by in ((2030, second()), (2035, third())):
        assert {one.done for one in renewed(volume_list, at, by)} == {Renewal.TIME_STAMP}
    (volume_list.parent / "p-001.asice").unlink()
    done = renewed(volume_list, 2040, third(), algorithm=SHA512)
    assert [one.package.name for one in done] == ["p-set.asice", "p-002.asice", "p-003.asice"]
    assert {one.done for one in done} == {Renewal.HASH_TREE}
    search = find_places([volume_list], reader())
    assert [place.name for place in search.missing] == ["p-001.asice"]
    # the volume is missed, and all that is there is proven
    found = verdict(volume_list, 2041)
    assert (found.complete.code, found.existed_at.state) == ("volume-missing", State.PROVEN)
    assert found.existed_at.facts["renewals"] == 3
    assert [found.signed_by.state, found.trusted.state, found.intact.state] == [State.PROVEN] * 3
    (seen,) = list_evidence(volume_list, reader(at=year(2041)))
    assert (seen.member, seen.chains, len(seen.stamps)) == (RECORD, 2, 4)


def test_the_tie_outlives_the_algorithm_of_its_signature(tmp_path: Path) -> None:
    carded = practitioners().rsa_signer(end=FAR)
    volume_list = volume_set(tmp_path, by=carded)
    trust = replace(reader(at=year(2030)), fingerprints=frozenset({carded.fingerprint}))
    assert examine_whole(volume_list, trust).verdict.signed_by.code == "signature-algorithm-ended"
    # evidence of the volumes alone leaves the tie to anybody
    built(*(tmp_path / f"p-00{number}.asice" for number in (1, 2, 3)))
    assert examine_whole(volume_list, trust).verdict.signed_by.code == "signature-algorithm-ended"
    (done,) = built(volume_list, at=2028)
    assert done.member == RECORD
    found = examine_whole(volume_list, trust).verdict
    assert found.proven
    assert found.existed_at.facts["moment"] == year(2028).isoformat()  # all of it, when the last of it did
    with pytest.raises(EvidencePresent):
        built(volume_list)


def test_another_record_for_all(volume_list: Path) -> None:
    built(volume_list)
    again = built(volume_list, at=2030, by=second(), another=True)
    assert again[0].member == "p-set.asice.002.ers"
    late = examine_set(volume_list, reader(at=year(2034)))
    assert [one.existed_at.state for one in late.verdict.records] == [State.UNKNOWN, State.PROVEN]


def test_a_stranger_at_a_volumes_place_gets_no_evidence(volume_list: Path) -> None:
    (volume_list.parent / "p-002.asice").write_bytes(package())
    with pytest.raises(VolumeForeign):
        built(volume_list)
    assert not list(volume_list.parent.glob("*.ers"))


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda volume_list: volume_list.with_name(RECORD).write_bytes(b"0"), "evidence-unreadable"),
        (
            lambda volume_list: volume_list.with_name(RECORD).rename(
                volume_list.with_name("p-set.asice.002.ers")
            ),
            "member-missing",
        ),
        (
            lambda volume_list: volume_list.write_bytes(
                (volume_list.parent / "other" / volume_list.name).read_bytes()
            ),
            "evidence-object-missing",
        ),
    ],
)
def test_evidence_beside_that_does_not_hold(
    volume_list: Path, harm: Callable[[Path], object], code: str
) -> None:
    (volume_list.parent / "other").mkdir()
    volume_set(volume_list.parent / "other", years=(None, None))
    built(volume_list)
    harm(volume_list)
    found = examine_set(volume_list, reader(at=year(2027))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.REFUTED, code)
    assert found.intact.state is State.PROVEN


def test_without_renewal_nothing_is_proven_and_nothing_refuted(volume_list: Path) -> None:
    built(volume_list)
    found = examine_set(volume_list, reader(at=year(2033))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.UNKNOWN, "evidence-authority-ended")
    assert found.refusal is None


@pytest.mark.parametrize("name", ["p-set", "p-set.asice"])
@pytest.mark.parametrize("co_signer", [None, signer("Dr Zoé Seconde")])
def test_a_set_unpacked_in_a_folder_keeps_its_evidence(
    tmp_path: Path, name: str, co_signer: KeySigner | None
) -> None:
    volume_list = volume_set(tmp_path, co_signer=co_signer)
    built(volume_list)
    renewed(volume_list, 2030, second())
    file = volume_list.read_bytes()
    volume_list.unlink()
    tree = unpacked(file, tmp_path / name)
    contents = contents_of(tree)
    assert b"".join(container_pieces(contents, hash_members(contents, threads=1))) == file
    trust = reader(at=year(2031))
    if co_signer:
        trust = replace(trust, roots=(*trust.roots, *co_signer.roots))
    found = examine_whole(tree, trust).verdict
    assert found.proven and found.existed_at.facts["renewals"] == 1
    assert [record.member for record in found.records] == [RECORD]
    with pytest.raises(EvidencePresent):
        built(tree)
    done = renewed(tree, 2035, third(), algorithm=SHA512)
    assert (done[0].member, done[0].done) == (RECORD, Renewal.HASH_TREE)
    # what was renewed for the folder holds for the file
    volume_list = tmp_path / "again" / "p-set.asice"
    for volume in tmp_path.glob("p-0*.asice"):
        volume_list.with_name(volume.name).parent.mkdir(exist_ok=True)
        volume_list.with_name(volume.name).write_bytes(volume.read_bytes())
    volume_list.with_name(RECORD).write_bytes((tmp_path / RECORD).read_bytes())
    volume_list.write_bytes(file)
    assert examine_whole(volume_list, replace(trust, at=year(2036))).verdict.proven


def test_a_set_in_a_folder_gets_evidence_beside_it(volume_list: Path) -> None:
    file = volume_list.read_bytes()
    volume_list.unlink()
    (done, *_) = built(unpacked(file, volume_list.with_name("p-set")))
    assert (done.member, done.members) == (RECORD, 1)
    volume_list.write_bytes(file)
    assert examine_set(volume_list, reader(at=year(2027))).verdict.proven


def test_evidence_of_another_file_than_the_folder_gives_tells_nothing(volume_list: Path) -> None:
    tree = unpacked(volume_list.read_bytes(), volume_list.with_name("p-set"))
    (volume_list.parent / "other").mkdir()
    other = volume_set(volume_list.parent / "other", years=(None, None))
    built(other)
    volume_list.with_name(RECORD).write_bytes(other.with_name(RECORD).read_bytes())
    found = examine_set(tree, reader(at=year(2027))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.UNKNOWN, "evidence-object-missing")
    assert found.intact.state is State.PROVEN and found.refusal is None
    # a folder that lacks what was signed gives another file as well
    (tree / "README.TXT").unlink()
    found = examine_set(tree, reader(at=year(2027))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.UNKNOWN, "evidence-object-missing")
    assert (found.complete.state, found.complete.code) == (State.REFUTED, "member-missing")


def test_a_folder_is_asked_for_from_within(volume_list: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(volume_list)
    monkeypatch.chdir(unpacked(volume_list.read_bytes(), volume_list.with_name("p-set")))
    assert examine_whole(Path(), reader(at=year(2027))).verdict.proven


def test_volumes_with_evidence_of_different_years(volume_list: Path) -> None:
    add_evidence(volume_list.parent / "p-002.asice", first().at(year(2028)))
    built(volume_list, at=2027)
    found = verdict(volume_list, 2029)
    assert found.existed_at.facts["moment"] == year(2028).isoformat()
    assert found.existed_at.where.startswith("p-002.asice")
