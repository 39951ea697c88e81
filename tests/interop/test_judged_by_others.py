"""Our judge beside others': the official schema and schematrons, the ANS's own examples, archives we write."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pydicom
import pytest
from lxml import etree

from formats.judging.cda.judge import judge_clinical
from formats.judging.cda.rules import CLINICAL_RULES
from formats.judging.judgement import Conformity, Judgement, Judging, RuleState
from formats.judging.outside import OutsideJudges, SchemasMissing
from formats.judging.registry import judge_place
from tests.full_dossier import full_dossier
from tests.material import material
from tests.schematrons import QUICK, refusals, schema_faults
from tests.tools import need
from tests.unit.cda.written import summary as our_summary
from tests.unit.pdlgc.bodies import make, with_files
from tests.vectors.generator.pdlgc.clinical import summary
from tests.vectors.generator.pdlgc.flaw import ArchiveFlaw
from tests.vectors.generator.pdlgc.flawed_clinical import cases
from tests.vectors.generator.pdlgc.people import INSURED, PATIENTS

SEEN = {
    *(("cda-order", "title before code"), ("cda-id", "two"), ("cda-author", "none")),
    *(("cda-author", "another list of professions"), ("cda-custodian", "none"), ("cda-body", "none")),
    *(("cda-references", "an ID twice"), ("cda-wrapped", "no PDF"), ("cda-wrapped", "no base64")),
    *(("vsm-code", "another type"), ("vsm-sections", "no long-term treatment")),
    *(
        ("vsm-section-codes", "another code"),
        ("vsm-statements", "not completed"),
        ("vsm-statements", "two ids"),
    ),
    ("vsm-allergy-code", "not SNOMED CT"),
}
"""Flaws that the schema, or a schematron that is compiled within seconds, refuses; the others are holes of these."""
FLAWS = [
    one
    for one in cases()
    if one.rule in CLINICAL_RULES and one.name not in {"not well-formed", "a document type"}
]
OFFICIAL = {"metadata-objects", "entry-repository", "entry-logical"}
"""What every example of the ANS breaks (cda-xdm.md, A4)."""
REMARKS = {"entry-ins-test", "cda-ins-test", "cda-ins-missing"}


def failed(found: Judgement) -> set[str]:
    return {one.rule.id for one in found.verdicts if one.state is RuleState.FAILED}


def judged(document: bytes) -> set[str]:
    judging = Judging("cda", "x", CLINICAL_RULES)
    judge_clinical(document, "x", judging)
    return failed(judging.judgement())


@pytest.mark.parametrize("patient", [*PATIENTS, INSURED], ids=lambda one: one.given)
def test_the_documents_of_the_corpus_are_accepted_by_the_official_judges(patient: object) -> None:
    document = summary(patient).encode()  # type: ignore[arg-type]
    assert [*schema_faults(document), *refusals(document, *QUICK)] == []
    assert judged(document) <= REMARKS


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda one: one.key)
def test_what_the_official_judges_refuse_ours_refuses_and_more(flaw: ArchiveFlaw) -> None:
    document = flaw.plan.document(summary(flaw.plan.patients[0])).encode()
    assert judged(document) - REMARKS == {flaw.rule}
    official = [*schema_faults(document), *refusals(document, *QUICK)]
    assert bool(official) is ((flaw.rule, flaw.name) in SEEN), official


def test_the_summary_that_we_write_conforms() -> None:
    assert judged(our_summary(full_dossier())) <= REMARKS


@pytest.mark.parametrize(
    "name",
    sorted(path.name for path in (Path(__file__).parents[3] / "shared/material/xdm/packages").glob("*.zip")),
)
def test_examples_of_the_ans_break_what_they_are_known_to_break(name: str) -> None:
    found = judge_place("xdm", material("xdm", "packages", name))
    assert found.conformity is Conformity.BROKEN
    assert failed(found) >= OFFICIAL
    assert failed(found) - OFFICIAL - REMARKS <= {"metadata-order", "cda-references"}


def test_seven_of_the_eight_examples_have_children_out_of_order_and_the_schema_says_so_too() -> None:
    schema = etree.XMLSchema(etree.parse(str(material("xdm", "xsd", "lcm.xsd"))))
    found = {}
    for path in sorted(material("xdm", "packages").glob("*.zip")):
        with zipfile.ZipFile(path) as whole:
            name = next(one for one in whole.namelist() if one.endswith("METADATA.XML"))
            valid = schema.validate(etree.fromstring(whole.read(name).lstrip()))
        found[path.name] = ("metadata-order" in failed(judge_place("xdm", path)), valid)
    assert len(found) == 8 and sum(disordered for disordered, _ in found.values()) == 7
    assert all(disordered is not valid for disordered, valid in found.values()), found


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The patient archive of a dossier with everything, unpacked."""
    folder = tmp_path_factory.mktemp("judged")
    with zipfile.ZipFile(io.BytesIO(make(*with_files(full_dossier())).data)) as whole:
        whole.extractall(folder)
    return folder


@pytest.mark.parametrize("kind", ["xdm", "dicom"])
def test_the_archive_that_we_write_of_a_patient_conforms(kind: str, unpacked: Path) -> None:
    found = judge_place(kind, unpacked)
    assert found.conformity is Conformity.CONFORMS, failed(found)
    assert failed(found) <= REMARKS
    assert found.count(RuleState.PASSED) > 20


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official schematrons of the medical summary alone, as somebody who has them would give them."""
    folder = tmp_path_factory.mktemp("sheets")
    shutil.copytree(material("cda", "schematron"), folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "schematrons" / "profils")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "broken"), [("", "", set()), ('code="SYNTH"', 'code="X"', {"cda-schematron"})]
)
def test_what_a_person_brings_is_listed_among_the_rules(
    old: str, new: str, broken: set[str], sheets: Path, tmp_path: Path
) -> None:
    text = summary(PATIENTS[0])
    assert old in text
    path = tmp_path / "summary.xml"
    path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    with ExitStack() as stack:
        outside = OutsideJudges(stack, schemas=material("cda", "xsd"), schematrons=sheets)
        found = judge_place("cda", path, outside=outside)
    states = {one.rule.id: one.state for one in found.verdicts}
    assert {one for one in ("cda-schema", "cda-schematron") if states[one] is RuleState.FAILED} == broken
    assert states["cda-schema"] is RuleState.PASSED


def test_a_document_that_no_sheet_is_about_is_not_examined(sheets: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.xml"
    template = '<templateId root="1.2.250.1.213.1.1.1.13" extension="201310"/>'
    path.write_text(summary(PATIENTS[0]).replace(template, ""), encoding="utf-8")
    with ExitStack() as stack:
        found = judge_place("cda", path, outside=OutsideJudges(stack, schematrons=sheets))
    states = {one.rule.id: one.state for one in found.verdicts}
    assert states["cda-schematron"] is states["cda-schema"] is RuleState.UNEXAMINED


def test_a_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    with ExitStack() as stack, pytest.raises(SchemasMissing):
        OutsideJudges(stack, schemas=tmp_path)
    with ExitStack() as stack, pytest.raises(SchemasMissing):
        OutsideJudges(stack, schematrons=tmp_path)


def test_dciodvfy_and_ours_agree_on_what_a_file_lacks(unpacked: Path, tmp_path: Path) -> None:
    source = next(path for path in sorted((unpacked / "DICOM").rglob("*")) if path.is_file())
    path = tmp_path / "one.dcm"
    shutil.copy(source, path)
    for keyword, rule in (
        ("StudyInstanceUID", "dicom-identity"),
        ("Rows", "dicom-image"),
        ("PatientSex", "dicom-type-2"),
    ):
        data = pydicom.dcmread(source)
        delattr(data, keyword)
        data.save_as(path)
        assert rule in failed(judge_place("dicom", path))
        done = subprocess.run([need("dciodvfy"), path], capture_output=True, encoding="utf-8", check=False)
        assert any(line.startswith("Error") and keyword in line for line in done.stderr.splitlines()), (
            done.stderr
        )
