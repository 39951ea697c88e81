"""The judge of portability archives takes the corpus for what it is: one flaw breaks one rule, and no other."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from formats.judging.judgement import Conformity, Judgement, RuleState
from formats.judging.pdlgc.judge import PORTABILITY_RULES, judge_portability
from formats.judging.pdlgc.profiles import NEWEST
from formats.judging.rules import Obligation
from tests.tools import need
from tests.vectors.generator.pdlgc.archive import Plan
from tests.vectors.generator.pdlgc.corpus import GOOD, TOLERATED, flaws
from tests.vectors.generator.pdlgc.flaw import ArchiveFlaw
from tests.vectors.generator.pdlgc.people import INSURED
from tests.vectors.pdlgc_table import PDLGC_PAGE, archive, page

OF_TESTS = {"manifest-ins-test", "entry-ins-test", "cda-ins-test"}
"""What is remarked of every INS of tests."""
OF_OTHERS = {"cda-ins-missing"}
"""What is remarked of everybody without an INS."""
LEAST = 190


def judgement(plan: Plan) -> Judgement:
    name, data = archive(plan)
    return judge_portability(io.BytesIO(data), name)


def remarks(plan: Plan) -> set[str]:
    return OF_TESTS if INSURED in plan.patients else OF_OTHERS


def broken(found: Judgement) -> set[str]:
    return {one.rule.id for one in found.verdicts if one.state is RuleState.FAILED}


def test_the_page_is_up_to_date() -> None:
    assert PDLGC_PAGE.read_text(encoding="utf-8") == page(), "python -m tests.vectors.table"


@pytest.mark.parametrize("name", GOOD)
def test_a_good_archive_conforms(name: str) -> None:
    found = judgement(GOOD[name])
    assert found.conformity is Conformity.CONFORMS
    assert broken(found) == remarks(GOOD[name])
    unexamined = [one.rule for one in found.verdicts if one.state is RuleState.UNEXAMINED]
    assert found.count(RuleState.PASSED) > 100 and len(unexamined) < 25


@pytest.mark.parametrize("name", TOLERATED)
def test_both_readings_of_a_contradiction_conform(name: str) -> None:
    found = judgement(TOLERATED[name])
    assert found.conformity is Conformity.CONFORMS
    assert broken(found) == {"manifest-transverse-none"} | OF_OTHERS


@pytest.mark.parametrize("flaw", flaws(), ids=lambda one: one.key)
def test_a_flaw_breaks_its_rule_and_no_other(flaw: ArchiveFlaw) -> None:
    found = judgement(flaw.plan)
    assert broken(found) - (remarks(flaw.plan) - {flaw.rule}) == {flaw.rule}
    must = PORTABILITY_RULES[flaw.rule].obligation is Obligation.MUST
    opened = Conformity.BROKEN if found.opened else Conformity.UNEXAMINED
    assert found.conformity is (opened if must else Conformity.CONFORMS)


def test_every_rule_of_the_newest_text_has_a_flaw() -> None:
    assert len(flaws()) >= LEAST
    assert len({one.key for one in flaws()}) == len(flaws())
    known = {one.rule for one in flaws()} | OF_TESTS | OF_OTHERS
    rules = [one for one in PORTABILITY_RULES.values() if not one.outside]
    wanted = {one.id for one in rules if not one.profiles or NEWEST in one.profiles}
    assert wanted - known == set()


def test_xmlsec_takes_the_signature_of_the_corpus_and_refuses_another_value(tmp_path: Path) -> None:
    program = need("xmlsec1")
    with ZipFile(io.BytesIO(archive(Plan())[1])) as whole:
        whole.extractall(tmp_path)
    options = (
        "--verify",
        "--insecure",
        "--enabled-reference-uris",
        "same-doc,local,remote",
        "SIGN.XML",
    )
    done = subprocess.run([program, *options], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    text = (tmp_path / "SIGN.XML").read_text(encoding="utf-8")
    (tmp_path / "SIGN.XML").write_text(text.replace("10:15:00Z", "10:15:01Z"), encoding="utf-8")
    done = subprocess.run([program, *options], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode != 0
