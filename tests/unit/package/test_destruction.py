"""Units taken out of a package at the end of their term: named, signed, and everything else as sound as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from archiver.examination.examine import examine_whole
from archiver.package import layout
from archiver.package.append import put_evidence
from archiver.package.checks.check_package import check
from archiver.package.contents import contents_of
from archiver.package.destruction.reduce import reduce_package
from archiver.package.destruction.statement import DestructionStatement, destruction_statement_bytes
from archiver.vault.deposit_receipt import deposit_facts
from archiver.verdict import LAWFULLY_DESTROYED, State, Verdict
from tests.destruction import (
    DESTROYED,
    LATER,
    TERM,
    accepting,
    keeper,
    reduced,
    statement_of,
)
from tests.evidence import add_evidence, evidence_of, reader
from tests.packages import package, signer, trust, units, unpacked
from tests.unit.evidence.life import first, year


@pytest.fixture(scope="module")
def whole() -> bytes:
    return package(term=TERM)


@pytest.fixture
def path(whole: bytes, tmp_path: Path) -> Path:
    place = tmp_path / "package.asice"
    place.write_bytes(whole)
    return place


def codes(verdict: Verdict) -> set[str]:
    return {one.code for one in verdict.findings}


def members(path: Path) -> dict[str, bytes]:
    found = {}
    for name, place in contents_of(path).items():
        with place.open() as stream:
            found[name] = stream.read()
    return found


def test_a_unit_that_was_lawfully_destroyed_is_named_and_everything_else_is_proven(path: Path) -> None:
    before = members(path)
    statement = statement_of(path, 0)
    (gone,) = (one.member for one in statement.units)
    reduced(path, statement)
    verdict = check(path, accepting())
    assert verdict.refusal is None
    assert (verdict.intact.state, verdict.signed_by.state) == (State.PROVEN, State.PROVEN)
    assert (verdict.complete.state, verdict.complete.code) == (State.PROVEN, LAWFULLY_DESTROYED)
    for fact in ("1 sealed unit", "Archives Exemple", "2026-03-06"):
        assert fact in verdict.complete.text
    assert verdict.complete.facts["fingerprint"] == keeper().fingerprint
    (finding,) = verdict.findings
    assert finding.code == LAWFULLY_DESTROYED
    for fact in (gone, "Anne Martin", "Paul Durand", "Archives Exemple"):
        assert fact in finding.text
    after = members(path)
    assert {name: data for name, data in before.items() if name != gone} == {
        name: data for name, data in after.items() if not layout.is_destruction(name)
    }
    assert [one for one in after if layout.is_destruction(one)] == list(layout.destruction_members(1))


def test_the_same_in_a_folder(path: Path, tmp_path: Path) -> None:
    reduced(path, statement_of(path, 1))
    tree = unpacked(path.read_bytes(), tmp_path / "tree")
    assert check(tree, accepting()).complete.code == LAWFULLY_DESTROYED


def test_units_destroyed_year_by_year_each_have_their_statement(path: Path) -> None:
    reduced(path, statement_of(path, 0))
    once = path.read_bytes()
    reduced(path, statement_of(path, 0))
    assert path.read_bytes() == once, "what was done is not done again"
    reduced(path, statement_of(path, 1))
    verdict = check(path, accepting())
    assert verdict.complete.facts["units"] == 2
    assert [one.place for one in verdict.destroyed] == [
        layout.destruction_members(number)[0] for number in (1, 2)
    ]


def test_only_who_is_accepted_by_name_or_root_can_say_that_a_unit_was_destroyed(path: Path) -> None:
    reduced(path, statement_of(path, 0))
    for whom in (
        accepting(signer()),
        replace(accepting(signer()), first_use=True),
        replace(trust(at=LATER), first_use=True),
        trust(at=LATER),
    ):
        verdict = check(path, whom)
        assert (verdict.complete.state, verdict.complete.code) == (State.REFUTED, "member-missing")
        assert verdict.intact.state is State.PROVEN
        assert codes(verdict) >= {"member-missing"}
    assert "signer-untrusted" in codes(check(path, accepting(signer())))
    by_fingerprint = replace(accepting(signer()), fingerprints=frozenset({keeper().fingerprint}))
    assert check(path, by_fingerprint).complete.code == LAWFULLY_DESTROYED


def shortened(statement: DestructionStatement) -> DestructionStatement:
    (one,) = statement.units
    return replace(statement, units=(replace(one, destroy_from=date(2020, 1, 1)),))


def other_bytes(statement: DestructionStatement) -> DestructionStatement:
    (one,) = statement.units
    return replace(statement, units=(replace(one, size=one.size + 1),))


FALSE: dict[str, Callable[[DestructionStatement], DestructionStatement]] = {
    "about another package": lambda one: replace(one, package="urn:test:other"),
    "for another ground": lambda one: replace(one, ground="nobody-asks"),
    "by one person": lambda one: replace(one, approved_by="anne  MARTIN"),
    "approved afterwards": lambda one: replace(one, approved_at=DESTROYED + timedelta(days=1)),
    "before the term ended": lambda one: replace(
        one, units=tuple(replace(unit, destroy_from=date(2027, 1, 1)) for unit in one.units)
    ),
    "with a shorter term than the manifest": shortened,
    "of other bytes than were signed": other_bytes,
    "in the future": lambda one: replace(one, destroyed_at=LATER + timedelta(hours=1)),
    "of no unit": lambda one: replace(one, units=()),
    "of a unit twice": lambda one: replace(one, units=one.units * 2),
}


@pytest.mark.parametrize("what", FALSE)
def test_a_statement_that_is_false_is_refused(path: Path, what: str) -> None:
    statement = statement_of(path, 0)
    gone = tuple(one.member for one in statement.units)
    reduced(path, FALSE[what](statement), gone=gone)
    verdict = check(path, accepting())
    assert verdict.intact.code == "destruction-statement-invalid"
    assert verdict.complete.code == "member-missing"


def test_a_statement_that_was_changed_is_refused(path: Path) -> None:
    statement = statement_of(path, 0)
    data = destruction_statement_bytes(statement).replace(b"Paul Durand", b"Paul Durant")
    reduced(path, statement, data=data)
    verdict = check(path, accepting())
    assert (verdict.intact.code, verdict.complete.code) == ("signature-invalid", "member-missing")


def test_a_unit_that_is_there_was_not_destroyed(path: Path) -> None:
    reduced(path, statement_of(path, 0), gone=())
    verdict = check(path, accepting())
    assert verdict.intact.code == "destruction-statement-invalid"


def test_another_unit_that_is_missing_is_missing(path: Path) -> None:
    statement = statement_of(path, 0)
    other = layout.unit_member(units(3)[1][0])
    reduced(path, statement, gone=(*(one.member for one in statement.units), other))
    verdict = check(path, accepting())
    assert verdict.complete.code == "member-missing"
    assert other in verdict.complete.text


def test_a_unit_without_a_term_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "package.asice"
    path.write_bytes(package())
    reduced(path, statement_of(path, 0))
    assert check(path, accepting()).intact.code == "destruction-statement-invalid"


@pytest.mark.parametrize("suffix", [".json", ".p7s"])
def test_half_a_statement_is_none(path: Path, tmp_path: Path, suffix: str) -> None:
    reduced(path, statement_of(path, 0))
    tree = unpacked(path.read_bytes(), tmp_path / "tree")
    (tree / f"META-INF/destruction001{suffix}").unlink()
    assert check(tree, accepting()).complete.code == "member-missing"


def test_evidence_from_before_still_proves_what_is_there(path: Path) -> None:
    add_evidence(path)
    before = members(path)
    reduced(path, statement_of(path, 0))
    assert list(members(path))[-2:] == list(layout.evidence_members(1))
    whom = replace(reader(), roots=(*reader().roots, *keeper().roots))
    verdict = check(path, whom)
    assert (verdict.existed_at.code, verdict.complete.code) == ("evidenced", LAWFULLY_DESTROYED)
    # what comes later covers the statement as well, and then tells since when that exists
    put_evidence(path, evidence_of(path, first().at(year(2026, 9)), number=2))
    assert check(path, whom).existed_at.code == "evidenced"
    assert before.items() - members(path).items()


def test_a_statement_outlives_its_certificate_by_evidence_that_covers_it(path: Path) -> None:
    whom = replace(reader(at=year(2040)), roots=(*reader().roots, *keeper().roots))
    add_evidence(path)
    reduced(path, statement_of(path, 0))
    assert check(path, whom).complete.code == "member-missing", "the older record says nothing of it"


def test_a_set_says_what_of_its_volumes_was_destroyed(tmp_path: Path) -> None:
    from tests.packages import volume_set

    whole = volume_set(tmp_path, years=(None, 2025))
    volume = tmp_path / layout.volume_name("p.asice", 2)
    reduced(volume, statement_of(volume, 0))
    examined = examine_whole(whole, accepting())
    assert examined.verdict.refusal is None
    assert examined.verdict.complete.code == LAWFULLY_DESTROYED
    assert [one.place for one in examined.verdict.destroyed] == ["p-002.asice: META-INF/destruction001.json"]


def test_a_deposit_counts_the_units_that_are_there(path: Path) -> None:
    reduced(path, statement_of(path, 0))
    facts = deposit_facts(examine_whole(path, accepting()))
    assert (facts.units, [one.units for one in facts.terms]) == (2, [2])


def test_a_member_that_no_statement_may_name(path: Path) -> None:
    statement = statement_of(path, 0)
    (one,) = statement.units
    lie = replace(statement, units=(replace(one, member="keyring.age"),))
    reduced(path, lie)
    verdict = check(path, accepting())
    assert (verdict.intact.code, verdict.complete.code) == ("destruction-statement-invalid", "member-missing")


def test_the_unit_is_passed_over_and_never_read(path: Path) -> None:
    statement = statement_of(path, 0)
    (one,) = statement.units
    place = contents_of(path)[one.member]

    class Watched(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            start = self.tell()
            data = super().read(size)
            assert start + len(data) <= place.offset or start >= place.offset + place.size
            return data

    reduce_package(
        Watched(path.read_bytes()), BytesIO(), {one.member}, destruction_statement_bytes(statement), b""
    )
