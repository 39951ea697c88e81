"""The official judges of CI-SIS accept what we write, of every dossier, and refuse it where a rule is broken."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree

from archiver.practice.store import open_store
from formats.cda.codes import NAMESPACE
from formats.cda.writer.dental import DENTAL_DOCUMENTS, write_consent
from formats.cda.writer.summary import write_summary
from formats.cda.writer.wrapping import write_wrapped
from formats.findings import Finding
from formats.model.care import Act, TreatmentPlan
from formats.model.devices import MedicalDevice
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement
from formats.model.identity import RPPS_SYSTEM, Identifier, IdentifierType
from formats.model.mouth import ChartFinding, PerioExam
from formats.model.observations import Observation
from formats.model.people import RelatedPerson
from formats.pdlgc.profile import METADATA
from formats.pdlgc.sender import Sender
from formats.pdlgc.subset.documents import MADE_NAME
from formats.pdlgc.write import write_patient_archive
from formats.xdm.medium_file import medium_file
from tests.dossiers import TEXTS, dossiers
from tests.full_dossier import full_dossier, patient_variants
from tests.journeys.line import Line
from tests.schematrons import (
    ANS_MODELS,
    IHE,
    MODELS,
    QUICK,
    STRUCTURE,
    VSM_1_4,
    VSM_2023,
    judged,
    refusals,
    schema_faults,
)
from tests.unit.cda.written import ISSUE, summary
from tests.unit.xdm.test_write import a_summary, faults as metadata_faults, metadata

JUDGES = (*QUICK, STRUCTURE)
GENERAL = (MODELS, ANS_MODELS, IHE, STRUCTURE)
"""Judges of any document, of whatever volume."""
CDA = {"c": NAMESPACE}
HAND_MADE = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes a quarter of an hour
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


ANNOUNCED = {
    "cda-practice-number": ("(CI-SISCustodian)", "representedCustodianOrganization"),
    "cda-traits": ("(CI-SISRecordTarget)", "/recordTarget/patientRole"),
}
"""What a judge refuses because the dossier does not know it, by the finding that says so: part of its sentence."""


def faults(dossier: Dossier) -> list[str]:
    """Return what is refused in the summary of ``dossier`` and was not announced by a finding."""
    target = io.BytesIO()
    done = write_summary(dossier, target, issue=ISSUE)
    known = [ANNOUNCED[one.code] for one in done.findings if one.code in ANNOUNCED]
    document = target.getvalue()
    found = [*schema_faults(document), *refusals(document, *JUDGES)]
    if known:
        assert found, f"{done.findings} and nothing is refused"
    return [one for one in found if not any(all(part in one for part in parts) for parts in known)]


def announced(dossier: Dossier) -> tuple[Finding, ...]:
    return write_summary(dossier, io.BytesIO(), issue=ISSUE).findings


def known_well(dossier: Dossier) -> Dossier:
    """Return ``dossier`` with a number of its practice and an author: what a person adds before delivering."""
    number = Identifier(type=IdentifierType.FINESS, system="1.2.250.1.71.4.2.2", value="990000001")
    rpps = Identifier(type=IdentifierType.RPPS, system=RPPS_SYSTEM, value="10000000017")
    people = tuple(replace(one, identifiers=(rpps,)) for one in dossier.practitioners)
    return replace(dossier, practice=replace(dossier.practice, identifiers=(number,)), practitioners=people)


# -- accepted -----------------------------------------------------------------------------


def test_the_summary_of_a_dossier_with_everything_is_accepted() -> None:
    assert faults(full_dossier()) == []


@pytest.mark.parametrize("one", [*patient_variants()], ids=lambda one: one.patient.status.value)
def test_the_summary_of_every_kind_of_patient_is_accepted(one: Dossier) -> None:
    assert faults(one) == []


@given(dossiers(texts=TEXTS, kinds=(HealthStatement, Act, RelatedPerson), most=3))
@HAND_MADE
def test_the_summary_of_any_dossier_is_accepted(dossier: Dossier) -> None:
    assert faults(dossier) == []


def test_the_summaries_of_the_sample_practice_are_accepted(demo_line: Line) -> None:
    with open_store(demo_line.folder / "practice.db", reading=True) as store:
        every = [store.dossier(one.id) for one in store.patients()]
    assert len(every) > 40
    assert [fault for one in every for fault in faults(one)] == []
    complete = [known_well(one) for one in every]
    assert not any(finding.code == "cda-practice-number" for one in complete for finding in announced(one))
    assert [fault for one in complete for fault in faults(one)] == []


# -- dental documents and wrapped files ----------------------------------------------------


def dental(dossier: Dossier) -> Iterator[bytes]:
    """Yield every dental document of ``dossier``."""
    for _, holds, write in DENTAL_DOCUMENTS:
        if holds(dossier):
            target = io.BytesIO()
            write(dossier, target, issue=ISSUE)
            yield target.getvalue()
    for one in dossier.consents:
        target = io.BytesIO()
        write_consent(dossier, one, target, issue=ISSUE)
        yield target.getvalue()


def wrapped(media_type: str, data: bytes) -> bytes:
    """Return a document that wraps ``data``."""
    full, target = full_dossier(), io.BytesIO()
    attachment = Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)
    one = replace(full.documents[0], code="", attachment=attachment)
    write_wrapped(full, one, io.BytesIO(data), target, issue=ISSUE)
    return target.getvalue()


def test_dental_documents_are_accepted(demo_line: Line) -> None:
    full = [*dental(full_dossier())]
    assert len(full) == len(DENTAL_DOCUMENTS) + len(full_dossier().consents)
    with open_store(demo_line.folder / "practice.db", reading=True) as store:
        every = [known_well(store.dossier(one.id)) for one in store.patients()]
    some = [one for dossier in every if dossier.patient.traits.birth_date for one in dental(dossier)][:40]
    assert len(some) > 20
    for document in (*full, *some):
        assert [*schema_faults(document), *refusals(document, *GENERAL)] == []


@given(dossiers(texts=TEXTS, kinds=(Act, MedicalDevice, TreatmentPlan, PerioExam, Observation, ChartFinding)))
@settings(HAND_MADE, max_examples=6)
def test_dental_documents_of_any_dossier_are_valid(dossier: Dossier) -> None:
    assert [fault for one in dental(dossier) for fault in schema_faults(one)] == []


@pytest.mark.parametrize("media_type", ["application/pdf", "image/jpeg", "text/plain", "model/stl"])
def test_a_wrapped_file_is_accepted(media_type: str) -> None:
    document = wrapped(media_type, b"content" * 9000)
    assert [*schema_faults(document), *refusals(document, *GENERAL)] == []


def test_mutants_of_wrapped_files_and_implant_cards_are_refused() -> None:
    root = etree.fromstring(wrapped("application/pdf", b"%PDF-1.7"))
    without("/c:ClinicalDocument/c:templateId[@root='1.3.6.1.4.1.19376.1.2.20']")(root)
    assert judged(STRUCTURE, etree.tostring(root)).failed
    card = next(one for one in dental(full_dossier()) if b'code="101881-1"' in one)
    root = etree.fromstring(card)
    without("//c:supply/c:participant")(root)
    assert judged(ANS_MODELS, etree.tostring(root)).failed


def test_the_metadata_of_the_sample_practice_are_valid(demo_line: Line) -> None:
    with open_store(demo_line.folder / "practice.db", reading=True) as store:
        every = [store.dossier(one.id) for one in store.patients()]
    written = [metadata(one, medium_file(a_summary(one)[1], "DOC00001.XML")) for one in every]
    assert [fault for one in written for fault in metadata_faults(one)] == []


def test_every_document_of_a_unit_is_accepted(demo_line: Line) -> None:
    """As they lie in the archive of a patient: those with most to say, and one with least."""
    with open_store(demo_line.folder / "practice.db", reading=True) as store:
        every = [known_well(store.dossier(one.id)) for one in store.patients()]
        by_kinds = sorted(every, key=lambda one: sum(bool(count) for count in one.counts().values()))
        judged_documents = 0
        for dossier in (*by_kinds[-3:], next(one for one in by_kinds if one.patient.traits.birth_date)):
            target = io.BytesIO()
            write_patient_archive(
                dossier,
                target,
                open_attachment=store.attachments.open,
                written_at=ISSUE.written_at,
                sender=Sender(name=dossier.practice.name),
            )
            with zipfile.ZipFile(target) as archive:
                made = [one for one in archive.namelist() if MADE_NAME.fullmatch(one.rpartition("/")[2])]
                assert metadata_faults(archive.read(METADATA)) == []
                for one in made:
                    document = archive.read(one)
                    judges = JUDGES if "/VSM" in one else GENERAL
                    assert [*schema_faults(document), *refusals(document, *judges)] == [], one
            judged_documents += len(made)
    assert judged_documents > 12


# -- refused ------------------------------------------------------------------------------


def without(path: str) -> Callable[[etree._Element], None]:
    """Return the mutation that removes the first element at ``path``."""

    def mutate(root: etree._Element) -> None:
        found = root.xpath(path, namespaces=CDA)[0]
        found.getparent().remove(found)

    return mutate


def changed(path: str, name: str, value: str) -> Callable[[etree._Element], None]:
    """Return the mutation that changes an attribute of the first element at ``path``."""
    return lambda root: root.xpath(path, namespaces=CDA)[0].set(name, value)


OVERVIEW = "//c:section[c:templateId/@root='1.2.250.1.213.1.1.2.29']/.."
MUTANTS = {
    "no templateId of the volume": (
        without("/c:ClinicalDocument/c:templateId[@root='1.2.250.1.213.1.1.1.13']"),
        VSM_1_4,
    ),
    "another type": (changed("/c:ClinicalDocument/c:code", "code", "11488-4"), VSM_2023),
    "no section of allergies and risks": (without(OVERVIEW), VSM_2023),
    "no long-term treatment": (
        without("//c:section[c:templateId/@root='1.2.250.1.213.1.1.2.32']/.."),
        VSM_1_4,
    ),
    "an allergy without SNOMED": (
        changed(
            "//c:observation[c:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.6']/c:code",
            "codeSystem",
            "1.2.3",
        ),
        MODELS,
    ),
    "a habit out of the value set": (
        changed("//c:observation[c:templateId/@root='1.2.250.1.213.1.1.3.52']/c:code", "code", "1-8"),
        MODELS,
    ),
    "a problem that is not completed": (
        changed(
            "//c:observation[c:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.5']/c:statusCode",
            "code",
            "active",
        ),
        IHE,
    ),
    "a procedure without code": (without("//c:procedure/c:code"), IHE),
    "a product without its template": (without("//c:manufacturedProduct/c:templateId"), IHE),
    "no section of risks": (
        without("//c:section[c:templateId/@root='1.2.250.1.213.1.1.2.31']/.."),
        ANS_MODELS,
    ),
    "no sex": (without("//c:recordTarget//c:administrativeGenderCode"), STRUCTURE),
    "no birth place with an INS": (without("//c:birthplace"), STRUCTURE),
    "no encounter": (without("/c:ClinicalDocument/c:componentOf"), STRUCTURE),
    "no one who answers": (without("/c:ClinicalDocument/c:legalAuthenticator"), STRUCTURE),
    "an unknown profession": (changed("//c:author/c:assignedAuthor/c:code", "code", "G99"), STRUCTURE),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_refused_by_the_judge_of_its_rule(name: str) -> None:
    mutate, judge = MUTANTS[name]
    root = etree.fromstring(summary(full_dossier()))
    mutate(root)
    assert judged(judge, etree.tostring(root)).failed


# -- what the judges do not see -----------------------------------------------------------


@pytest.mark.parametrize(
    "mutate",
    [
        without("/c:ClinicalDocument/c:participant"),
        changed("/c:ClinicalDocument/c:participant/c:functionCode", "displayName", "Médecin traitant"),
    ],
)
def test_no_judge_asks_for_the_attending_physician_as_the_volume_does(
    mutate: Callable[[etree._Element], None],
) -> None:
    """Two rules of one context in one pattern: the second never runs. We write what it wants all the same."""
    root = etree.fromstring(summary(full_dossier()))
    mutate(root)
    assert list(refusals(etree.tostring(root), *JUDGES)) == []
