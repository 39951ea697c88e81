"""Documents that are made of a dossier: every fact in its copy, "none" and "not asked" told apart, valid PDF/A-1."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.twins.structured import structured_nodes
from formats.model.devices import MedicalDevice
from formats.model.dossier import Dossier
from formats.model.health import HealthTopic
from formats.model.identity import Traits
from formats.model.mouth import ChartFinding, ChartKind, PerioExam, PerioKind, PerioMeasure, PerioSite
from tests.copies import Copies, made_copies, pdf_text, structured
from tests.full_dossier import full_dossier, key
from tests.pdfa import pdfa_faults

CODES = ("SYNTH", "83836-7", "28617-9", "77604-7", "101881-1", "11488-4")
FACTS = {
    "SYNTH": (
        "Pénicilline",
        "aucune (explicitement)",
        "écarté",
        "Pose d’une couronne",
        "HBLD038",
        "152 mmHg",
    ),
    "83836-7": (
        *("18+S", "rotation", "−12,5", "surnuméraire", "absente"),
        *("implant en place", "Implant dentaire", "27/03/2022", "REF TF4110", "Lot TF-2024-0317", "dépose"),
    ),
    "28617-9": ("Pulpite irréversible", "Gencive fine", "Profondeur de sondage", "Furcation", "18S"),
    "77604-7": ("Devis", "500,01 €", "prévu"),
    "101881-1": ("IUD", "Lot"),
    "11488-4": ("Notes", "personnelle"),
}
EVERYWHERE = (
    "Cabinet dentaire des Tilleuls",
    "DURAND-EXEMPLE",
    "Anne, Marie, Lou",
    "28/03/1979",
    "279035121518989",
)
"""Who, where, on the first page of each."""


@pytest.fixture(scope="module")
def whole() -> Dossier:
    return full_dossier()


@pytest.fixture(scope="module")
def copies(whole: Dossier) -> Copies:
    consent = structured("59284-0", 9, key("consents", 1), "Pose d’implant")
    documents = [structured(code, number) for number, code in enumerate(CODES, 1)]
    return made_copies(whole, [*documents, consent], processes=2)


def place(code: str) -> str:
    return structured(code, CODES.index(code) + 1).place


def test_every_kind_is_pdf_a_with_its_structure(copies: Copies, tmp_path: Path) -> None:
    files = {Path(name).stem + ".pdf": pdf for name, pdf in copies.pdfs.items()}
    assert len(files) == len(CODES) + 1
    assert set(pdfa_faults(files, tmp_path).values()) == {""}
    for pdf in files.values():
        root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
        assert root["/Lang"] == "fr-FR" and root["/MarkInfo"]["/Marked"]
        assert re.search(r"pdfaid:conformance[>=\"]+A", root["/Metadata"].get_data().decode())


def test_a_copy_says_what_the_dossier_says(copies: Copies) -> None:
    for code in CODES:
        text = copies.text(place(code))
        facts = (*EVERYWHERE, *FACTS[code])
        assert [fact for fact in facts if fact.replace(" ", "") not in squeezed(text)] == [], code
        pages = len(PdfReader(io.BytesIO(copies.pdfs[place(code)])).pages)
        assert f"page 1/{pages}" in text and "établi le 21/05/2024" in text, code


def squeezed(text: str) -> str:
    """Return ``text`` without blanks, and without the hyphens at the ends of lines."""
    return re.sub(r"[\s\u00a0\u202f]+", "", text)


def test_a_consent_is_one_consent(whole: Dossier, copies: Copies) -> None:
    text = copies.text(structured("59284-0", 9).place)
    first, *others = whole.consents
    assert first.subject in text and others
    assert text.count("Objet") == 1


def test_what_nobody_asked_is_not_what_there_is_not(whole: Dossier) -> None:
    bare = Dossier(practice=whole.practice, patient=replace(whole.patient, attending=None))
    text = made_text(bare, "SYNTH")
    assert text.count("non renseigné") >= len(HealthTopic) and "explicitement" not in text
    none = next(one for one in whole.health_statements if one.presence.value == "none")
    asked = replace(none, practitioner=None, topic=HealthTopic.ALLERGY)
    text = made_text(replace(bare, health_statements=(asked,)), "SYNTH")
    assert text.count("aucune (explicitement)") == 1


def made_text(dossier: Dossier, code: str) -> str:
    made = made_copies(dossier, [structured(code)])
    assert made.findings == ()
    return pdf_text(made.pdfs[structured(code).place])


def test_names_as_long_as_names_get_and_none_at_all_stay_on_the_page(whole: Dossier, tmp_path: Path) -> None:
    long = Traits(
        birth_family_name="DE LA TOUR D’AUVERGNE-LAURAGUAIS " * 4,
        birth_given_names=("Marie-Bérengère-Scholastique",) * 9,
        used_family_name="X" * 400,
        birth_date=date(1931, 2, 3),
    )
    named = replace(whole, patient=replace(whole.patient, traits=long))
    unnamed = replace(whole, patient=replace(whole.patient, traits=Traits(), identifiers=()))
    for dossier, fact in ((named, "LAURAGUAIS"), (unnamed, "Nom non renseigné")):
        assert fact in made_text(dossier, "101881-1")


def test_a_whole_mouth_of_pockets_has_every_site(whole: Dossier) -> None:
    teeth = [f"{quadrant}{place}" for quadrant in range(1, 5) for place in range(1, 9)]
    sites = [site for site in PerioSite if site is not PerioSite.TOOTH]
    measures = tuple(
        PerioMeasure(tooth=tooth, measure=kind, site=site, value=(number + len(tooth)) % 9)
        for number, tooth in enumerate(teeth)
        for kind in (PerioKind.PROBING, PerioKind.GINGIVAL_MARGIN, PerioKind.BLEEDING)
        for site in sites
    )
    exam = PerioExam(id=key("perio_exams", 99), patient=whole.patient.id, measures=measures)
    bare = Dossier(
        practice=whole.practice, patient=replace(whole.patient, attending=None), perio_exams=(exam,)
    )
    text = made_text(bare, "28617-9")
    assert all(f" {tooth} " in text for tooth in teeth)
    nodes = json.dumps(structured_nodes(bare, "28617-9", "", {}))
    assert nodes.count('"site"') == len(measures) == 32 * 18


def test_the_chart_of_the_copy_draws_what_stands_in_a_tooth(whole: Dossier, tmp_path: Path) -> None:
    who = {"patient": whole.patient.id}
    devices = (
        MedicalDevice(id=key("devices", 91), **who, label="Implant dentaire", teeth=("36", "18S", "75")),
        MedicalDevice(id=key("devices", 92), **who, label="Membrane", teeth=("36", "35")),
        MedicalDevice(
            id=key("devices", 93), **who, label="Implant", teeth=("11",), removed_on=date(2020, 1, 1)
        ),
    )
    gone = ChartFinding(id=key("chart_findings", 91), **who, finding=ChartKind.MISSING, tooth="36")
    bare = Dossier(
        practice=whole.practice,
        patient=replace(whole.patient, attending=None),
        devices=devices,
        chart_findings=(gone,),
    )
    drawing, legend, table = structured_nodes(bare, "83836-7", "", {})
    assert drawing["svg"].count('class="implant"') == 3 and drawing["svg"].count('class="device"') == 2
    assert drawing["svg"].count('class="cross"') == 1
    entries = [one for one in legend["legend"] if isinstance(one[0], dict)]
    signs = {one[-1].strip(): one[0] for one in entries if one[0]["sign"] in {"implant", "device"}}
    assert {words: sign["c"][0]["alt"] for words, sign in signs.items()} == {
        "implant en place": "vis",
        "dispositif médical en place": "MD encadré",
    }
    assert all("var(" not in sign["c"][0]["svg"] and sign["c"][0]["height"] for sign in signs.values())
    assert [column["c"] for column in table["table"]["head"]][1] == [{"p": ["Dispositifs et constats"]}]
    made = made_copies(bare, [structured("83836-7")])
    pdf = made.pdfs[structured("83836-7").place]
    assert set(pdfa_faults({"chart.pdf": pdf}, tmp_path).values()) == {""}
    text = squeezed(pdf_text(pdf))
    assert all(one in text for one in ("implantenplace", "dispositifmédicalenplace", "dépose01/01/2020"))
    assert text.count("MD") == 3, "in the drawing and in its legend"


def test_no_document_is_made_of_a_type_nobody_knows(whole: Dossier) -> None:
    with pytest.raises(LookupError):
        structured_nodes(whole, "0-0", "", {})
