"""What ties the volumes of a set lasts as long as they do: evidence beside it, renewed with theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.operations.errors import EvidencePresent
from archiver.operations.examine import examine_whole
from archiver.operations.kept import everything, lacking
from archiver.operations.oversee import oversee
from archiver.operations.prove import Evidenced, ProveRequest, prove
from archiver.operations.renew import Renewed, RenewRequest, renew
from archiver.package.errors import VolumeForeign
from archiver.package.set_check import examine_set
from archiver.package.set_file import packed
from archiver.signing.keys import KeySigner
from archiver.verdict import Renewal, State, Verdict
from tests.authorities import FAR, practitioners
from tests.evidence import add_evidence, reader
from tests.packages import package, signer, unpacked, volume_set
from tests.tsa import LocalAuthority
from tests.unit.evidence.life import first, second, third, year

RECORD = "p-set.asice.001.ers"


@pytest.fixture
def tie(tmp_path: Path) -> Path:
    return volume_set(tmp_path)


def built(
    *named: Path, at: int = 2026, by: LocalAuthority | None = None, another: bool = False
) -> list[Evidenced]:
    """Give evidence of the year ``at`` to the sets and packages ``named``."""
    trust = reader(at=year(at))
    kept = everything(named, trust)
    places = kept.places if another else lacking(kept, named)
    order = ProveRequest(packages=places, trust=trust, another=another)
    return list(prove(order, (by or first()).at(year(at))))


def renewed(tie: Path, at: int, by: LocalAuthority, *, hash_name: str = "") -> list[Renewed]:
    """Renew the evidence of a set and its volumes in the year ``at``."""
    trust = reader(at=year(at))
    places = everything([tie], trust).places
    return list(renew(RenewRequest(packages=places, trust=trust, hash_name=hash_name), by.at(year(at))))


def verdict(tie: Path, at: int) -> Verdict:
    return examine_whole(tie, reader(at=year(at))).verdict


def test_one_time_stamp_serves_the_set_and_its_volumes(tie: Path) -> None:
    before = tie.read_bytes()
    assert verdict(tie, 2026).existed_at.code == "no-timestamp"
    done = built(tie)
    assert [one.package.name for one in done] == ["p-set.asice", *(f"p-00{n}.asice" for n in (1, 2, 3))]
    assert (done[0].member, done[0].members) == (RECORD, 1)
    assert tie.read_bytes() == before
    found = verdict(tie, 2027)
    assert found.proven and found.existed_at.facts["moment"] == year(2026).isoformat()
    whole = examine_whole(tie, reader(at=year(2027)))
    assert whole.due is not None and whole.due.before == first().leaf.not_valid_after_utc
    (record,) = found.records
    assert (record.member, record.renew_before) == (RECORD, first().leaf.not_valid_after_utc)


def test_the_life_of_a_set(tie: Path) -> None:
    built(tie)
    for at, by in ((2030, second()), (2035, third())):
        assert {one.done for one in renewed(tie, at, by)} == {Renewal.TIME_STAMP}
    (tie.parent / "p-001.asice").unlink()
    done = renewed(tie, 2040, third(), hash_name="sha512")
    assert [one.package.name for one in done] == ["p-set.asice", "p-002.asice", "p-003.asice"]
    assert {one.done for one in done} == {Renewal.HASH_TREE}
    kept = everything([tie], reader())
    assert [place.name for place in kept.missing] == ["p-001.asice"]
    # the volume is missed, and all that is there is proven
    found = verdict(tie, 2041)
    assert (found.complete.code, found.existed_at.state) == ("volume-missing", State.PROVEN)
    assert found.existed_at.facts["renewals"] == 3
    assert [found.signed_by.state, found.trusted.state, found.intact.state] == [State.PROVEN] * 3
    (seen,) = oversee(tie, reader(at=year(2041)))
    assert (seen.member, seen.chains, len(seen.stamps)) == (RECORD, 2, 4)


def test_the_tie_outlives_the_algorithm_of_its_signature(tmp_path: Path) -> None:
    carded = practitioners().rsa_signer(end=FAR)
    tie = volume_set(tmp_path, by=carded)
    trust = replace(reader(at=year(2030)), fingerprints=frozenset({carded.fingerprint}))
    assert examine_whole(tie, trust).verdict.signed_by.code == "signature-algorithm-ended"
    # evidence of the volumes alone leaves the tie to anybody
    built(*(tmp_path / f"p-00{number}.asice" for number in (1, 2, 3)))
    assert examine_whole(tie, trust).verdict.signed_by.code == "signature-algorithm-ended"
    (done,) = built(tie, at=2028)
    assert done.member == RECORD
    found = examine_whole(tie, trust).verdict
    assert found.proven
    assert found.existed_at.facts["moment"] == year(2028).isoformat()  # all of it, when the last of it did
    with pytest.raises(EvidencePresent):
        built(tie)


def test_another_record_for_all(tie: Path) -> None:
    built(tie)
    again = built(tie, at=2030, by=second(), another=True)
    assert again[0].member == "p-set.asice.002.ers"
    late = examine_set(tie, reader(at=year(2034)))
    assert [one.existed_at.state for one in late.verdict.records] == [State.UNKNOWN, State.PROVEN]


def test_a_stranger_at_a_volumes_place_gets_no_evidence(tie: Path) -> None:
    (tie.parent / "p-002.asice").write_bytes(package())
    with pytest.raises(VolumeForeign):
        built(tie)
    assert not list(tie.parent.glob("*.ers"))


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda tie: tie.with_name(RECORD).write_bytes(b"0"), "evidence-unreadable"),
        (lambda tie: tie.with_name(RECORD).rename(tie.with_name("p-set.asice.002.ers")), "member-missing"),
        (
            lambda tie: tie.write_bytes((tie.parent / "other" / tie.name).read_bytes()),
            "evidence-object-missing",
        ),
    ],
)
def test_evidence_beside_that_does_not_hold(tie: Path, harm: Callable[[Path], object], code: str) -> None:
    (tie.parent / "other").mkdir()
    volume_set(tie.parent / "other", years=(None, None))
    built(tie)
    harm(tie)
    found = examine_set(tie, reader(at=year(2027))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.REFUTED, code)
    assert found.intact.state is State.PROVEN


def test_without_renewal_nothing_is_proven_and_nothing_refuted(tie: Path) -> None:
    built(tie)
    found = examine_set(tie, reader(at=year(2033))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.UNKNOWN, "evidence-authority-ended")
    assert found.refusal is None


@pytest.mark.parametrize("name", ["p-set", "p-set.asice"])
@pytest.mark.parametrize("co_signer", [None, signer("Dr Zoé Seconde")])
def test_a_set_unpacked_in_a_folder_keeps_its_evidence(
    tmp_path: Path, name: str, co_signer: KeySigner | None
) -> None:
    tie = volume_set(tmp_path, co_signer=co_signer)
    built(tie)
    renewed(tie, 2030, second())
    file = tie.read_bytes()
    tie.unlink()
    tree = unpacked(file, tmp_path / name)
    assert packed(tree) == file
    trust = reader(at=year(2031))
    if co_signer:
        trust = replace(trust, roots=(*trust.roots, *co_signer.roots))
    found = examine_whole(tree, trust).verdict
    assert found.proven and found.existed_at.facts["renewals"] == 1
    assert [record.member for record in found.records] == [RECORD]
    with pytest.raises(EvidencePresent):
        built(tree)
    done = renewed(tree, 2035, third(), hash_name="sha512")
    assert (done[0].member, done[0].done) == (RECORD, Renewal.HASH_TREE)
    # what was renewed for the folder holds for the file
    tie = tmp_path / "again" / "p-set.asice"
    for volume in tmp_path.glob("p-0*.asice"):
        tie.with_name(volume.name).parent.mkdir(exist_ok=True)
        tie.with_name(volume.name).write_bytes(volume.read_bytes())
    tie.with_name(RECORD).write_bytes((tmp_path / RECORD).read_bytes())
    tie.write_bytes(file)
    assert examine_whole(tie, replace(trust, at=year(2036))).verdict.proven


def test_a_set_in_a_folder_gets_evidence_beside_it(tie: Path) -> None:
    file = tie.read_bytes()
    tie.unlink()
    (done, *_) = built(unpacked(file, tie.with_name("p-set")))
    assert (done.member, done.members) == (RECORD, 1)
    tie.write_bytes(file)
    assert examine_set(tie, reader(at=year(2027))).verdict.proven


def test_evidence_of_another_file_than_the_folder_gives_tells_nothing(tie: Path) -> None:
    tree = unpacked(tie.read_bytes(), tie.with_name("p-set"))
    (tie.parent / "other").mkdir()
    other = volume_set(tie.parent / "other", years=(None, None))
    built(other)
    tie.with_name(RECORD).write_bytes(other.with_name(RECORD).read_bytes())
    found = examine_set(tree, reader(at=year(2027))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.UNKNOWN, "evidence-object-missing")
    assert found.intact.state is State.PROVEN and found.refusal is None
    # a folder that lacks what was signed gives no file at all
    (tree / "README.TXT").unlink()
    found = examine_set(tree, reader(at=year(2027))).verdict
    assert (found.existed_at.state, found.existed_at.code) == (State.REFUTED, "member-missing")


def test_a_folder_is_asked_for_from_within(tie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tie)
    monkeypatch.chdir(unpacked(tie.read_bytes(), tie.with_name("p-set")))
    assert examine_whole(Path(), reader(at=year(2027))).verdict.proven


def test_volumes_with_evidence_of_different_years(tie: Path) -> None:
    add_evidence(tie.parent / "p-002.asice", first().at(year(2028)))
    built(tie, at=2027)
    found = verdict(tie, 2029)
    assert found.existed_at.facts["moment"] == year(2028).isoformat()
    assert found.existed_at.where.startswith("p-002.asice")
