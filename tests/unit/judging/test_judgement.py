"""What all rules together come to: what only should be refuses nothing, what was not examined is never kept."""

from __future__ import annotations

import io

import pytest

from formats.judging.judgement import (
    MAX_PLACES,
    MAX_SHOWN,
    Conformity,
    Judging,
    RuleState,
    judgement_document,
)
from formats.judging.pdlgc.judge import judge_portability
from formats.judging.pdlgc.profiles import JULY_2026, JUNE_2026, NEWEST, PROFILES
from formats.judging.registry import RULES_BY_KIND
from formats.judging.rules import must, outside_rule, remark, rule_table
from formats.words import Words
from tests.vectors.generator.pdlgc.archive import Plan, build

RULES = rule_table(
    "§0",
    must("a", "a", "a"),
    remark("b", "b", "b"),
    must("old", "o", "o", profiles=frozenset({"old"})),
    outside_rule("out", "x", "x", Words("Avec un juge.", "With a judge.")),
)


def judging() -> Judging:
    return Judging("test", "x", RULES, profile="new")


def states(found: Judging) -> dict[str, RuleState]:
    return {one.rule.id: one.state for one in found.judgement().verdicts}


def test_a_rule_that_was_examined_in_part_is_not_kept() -> None:
    one = judging()
    one.check("a", True, "here")
    assert states(one)["a"] is RuleState.PASSED
    one.leave(("a",))
    assert states(one)["a"] is RuleState.UNEXAMINED
    one.check("a", False, "there")
    assert states(one)["a"] is RuleState.FAILED
    assert one.judgement().conformity is Conformity.BROKEN


def test_a_remark_refuses_nothing() -> None:
    one = judging()
    one.check("a", True, "here")
    one.check("b", False, "here", "x" * 1000)
    found = one.judgement()
    assert found.conformity is Conformity.CONFORMS and found.count(RuleState.FAILED) == 1
    assert len(str(found.verdicts[1].places[0].found)) <= MAX_SHOWN + 1


def test_places_are_counted_and_not_all_kept() -> None:
    one = judging()
    for number in range(MAX_PLACES + 10):
        one.check("a", False, str(number))
    verdict = one.judgement().verdicts[0]
    assert (verdict.failed, len(verdict.places)) == (MAX_PLACES + 10, MAX_PLACES)


def test_a_rule_of_another_profile_and_one_from_outside_say_why_they_were_not_examined() -> None:
    one = judging()
    assert not one.check("old", False, "here")
    document = judgement_document(one.judgement())
    reasons = {rule["id"]: rule["reason"] for rule in document["rules"]}
    assert reasons["old"] == "the profile that is chosen does not have this rule"
    assert reasons["out"] == "With a judge."
    assert document["result"] == "conforms"


def test_every_rule_has_both_languages_and_a_clause() -> None:
    rules = {rule.id: rule for _, table in RULES_BY_KIND.values() for rule in table.values()}
    assert len(rules) > 200
    for rule in rules.values():
        assert rule.clause and rule.words.fr and rule.words.en, rule.id
        assert rule.profiles <= PROFILES.keys(), rule.id


JULY = Plan(
    manifest=lambda text: (
        text.replace("<author>", "<editeurSortant>")
        .replace("</author>", "</editeurSortant>")
        .replace("<statistics>", "")
        .replace("</statistics>", "")
        .replace("<lgcSoftwareVendor>", "")
        .replace("</lgcSoftwareVendor>", "")
        .replace(">PATIENT<", ">Patient<")
        .replace(">TRANSVERSE<", ">Transverse<")
    ),
    patient=lambda files: files.update(
        {"PDF/lettre.pdf": files.pop(next(n for n in files if "DOC00002" in n and "PDF" in n))}
    ),
)


@pytest.mark.parametrize(("profile", "conforms"), [(NEWEST, False), (JULY_2026, True)])
def test_an_archive_of_july_is_recognized_and_conforms_to_its_own_text(profile: str, conforms: bool) -> None:
    name, data = build(JULY)
    found = judge_portability(io.BytesIO(data), name, profile=profile)
    assert found.likely == JULY_2026
    assert (found.conformity is Conformity.CONFORMS) is conforms, judgement_document(found)["rules"]


def test_an_archive_of_june_is_recognized() -> None:
    def june(files: dict[str, bytes]) -> None:
        files.update({"MANIFEST.JSON": b"{}", "CHECKSUMS.TXT": b"x\r\n", "EXPORT_DOC/A.TXT": b"x\r\n"})
        del files["DOCUMENTATION/MAPPING.CSV"], files["TRANSVERSE.ZIP"]

    def without_xml(files: dict[str, bytes]) -> None:
        del files["MANIFEST.XML"], files["SIGN.XML"]

    name, data = build(Plan(root=june, after=without_xml))
    found = judge_portability(io.BytesIO(data), name, profile=JUNE_2026)
    assert found.likely == JUNE_2026
    broken = {one.rule.id for one in found.verdicts if one.state is RuleState.FAILED}
    assert found.conformity is Conformity.CONFORMS, broken


def test_a_long_name_outside_the_pdfs_breaks_the_text_of_july_alone() -> None:
    plan = Plan(patient=lambda files: files.update({"DATA/A_LONG_NAME_INDEED.CSV": b"x"}))
    name, data = build(plan)
    for profile, broken in ((NEWEST, False), (JULY_2026, True)):
        found = judge_portability(io.BytesIO(data), name, profile=profile)
        failed = {one.rule.id for one in found.verdicts if one.failed}
        assert ("patient-short-names" in failed) is broken


def test_what_is_no_archive_is_not_examined() -> None:
    found = judge_portability(io.BytesIO(b"no archive"), "PA20261128T101500.ZIP")
    assert found.conformity is Conformity.UNEXAMINED
    assert {one.rule.id for one in found.verdicts if one.failed} == {"zip-structure"}


def test_a_manifest_that_is_none_hides_no_patient() -> None:
    name, data = build(Plan(encoded=lambda _: b"\x00\xff nothing", patients=Plan().patients))
    found = judge_portability(io.BytesIO(data), name)
    verdicts = {one.rule.id: one for one in found.verdicts}
    assert verdicts["manifest-well-formed"].failed == 1
    assert verdicts["patient-readme"].examined == 2
