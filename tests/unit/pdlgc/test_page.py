"""INDEX.HTM says what the dossier says, in two languages, and nothing in it runs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from formats.model import care, documents, health, identity, mouth, people
from formats.model.dates import PartialDate, zone_of
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.pdlgc import page as page_folder
from formats.pdlgc.page import values
from formats.pdlgc.page.page import index_page
from tests.dossiers import full_dossier
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT

CLASS = re.compile(r"\.([a-z][a-z0-9-]*)(?=[^{}]*\{)")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;]]>\x00\x1b\u202e-->"


def page(dossier: Dossier) -> str:
    links = {
        one.sha256: f"IHE_XDM/SUBSET01/DOC{number:05}.PDF"
        for number, one in enumerate(dossier.attachments(), 1)
    }
    return b"".join(index_page(dossier, links=links, sender=SENDER, written_at=WRITTEN_AT)).decode()


def parsed(dossier: Dossier) -> Any:
    return html.fromstring(page(dossier).encode())


def shown(dossier: Dossier) -> str:
    return " ".join(parsed(dossier).text_content().split())


def section(dossier: Dossier, anchor: str) -> str:
    (found,) = parsed(dossier).xpath(f"//section[@id='{anchor}']")
    return " ".join(found.text_content().split())


def empty() -> Dossier:
    whole = full_dossier()
    patient = people.Patient(id=whole.patient.id, practice=whole.practice.id, traits=identity.Traits())
    return Dossier(practice=people.Practice(id=whole.practice.id, name=""), patient=patient)


def only(**records: Any) -> Dossier:
    return replace(empty(), **records)


def made(kind: type[Any], **fields: Any) -> Any:
    return kind(id=f"00000000-0000-5000-8000-{kind.kind[:12]:_<12}", patient=empty().patient.id, **fields)


@pytest.mark.parametrize("dossier", [full_dossier(), empty()], ids=["full", "empty"])
def test_the_page_is_well_formed_and_needs_nothing_from_outside(dossier: Dossier) -> None:
    text = page(dossier)
    root: Any = etree.fromstring(text.encode())
    assert root.tag == "{http://www.w3.org/1999/xhtml}html"
    elements = {etree.QName(element).localname for element in root.iter(etree.Element)}
    assert elements.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "base"})
    addresses = root.xpath("//@href | //@src")
    assert addresses
    for address in addresses:
        assert re.fullmatch(r"#[a-z_]+|[A-Z0-9_]+(/[A-Z0-9_]+)*(\.[A-Z0-9]{1,3})?", address), address
    assert not root.xpath("//@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("dossier", [full_dossier(), empty()], ids=["full", "empty"])
def test_every_link_of_the_contents_leads_to_a_section(dossier: Dossier) -> None:
    root = parsed(dossier)
    anchors = {address.removeprefix("#") for address in root.xpath("//nav//@href")}
    assert anchors <= set(root.xpath("//section/@id"))
    assert len(anchors) == len(root.xpath("//nav//a"))


@pytest.mark.parametrize("dossier", [full_dossier(), empty()], ids=["full", "empty"])
def test_a_page_carries_the_style_of_what_it_shows_and_no_other(dossier: Dossier) -> None:
    root = parsed(dossier)
    (style,) = root.xpath("//style/text()")
    sheets = [one.read_text("utf-8") for one in Path(page_folder.__path__[0]).glob("*.css")]
    assert len(sheets) == 3
    known = {name for sheet in sheets for name in CLASS.findall(sheet)}
    used = {name for names in root.xpath("//@class") for name in names.split()}
    assert len(used) > 5
    assert used & known <= set(CLASS.findall(style))
    assert used.isdisjoint({"chart", "perio"}) == (sum(sheet in style for sheet in sheets) == 1)


def test_hostile_text_is_shown_and_never_run() -> None:
    whole = full_dossier()
    notes = tuple(replace(note, text=HOSTILE, author=HOSTILE, practitioner=None) for note in whole.notes)
    papers = tuple(
        replace(one, title=HOSTILE, original_name=HOSTILE, category=HOSTILE) for one in whole.documents
    )
    hostile = replace(
        whole,
        practice=replace(whole.practice, name=HOSTILE, currency=HOSTILE, time_zone=f"../{HOSTILE}"),
        patient=replace(
            whole.patient,
            traits=replace(whole.patient.traits, used_family_name=HOSTILE, birth_given_names=(HOSTILE,)),
            ins_comments=(HOSTILE,),
            contacts=(identity.Contact(kind=identity.ContactKind.URL, value="javascript:alert(1)"),),
        ),
        notes=notes,
        documents=papers,
    )
    text = page(hostile)
    assert "<script" not in text
    assert "<img src=x" not in text
    root: Any = etree.fromstring(text.encode())
    assert not [address for address in root.xpath("//@href | //@src") if "javascript" in address]
    assert "<script>alert(1)</script>" in "".join(root.itertext())
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_explicitly_none_is_not_the_same_as_not_filled_in() -> None:
    nothing = section(empty(), "history")
    assert nothing.count("non renseigné not filled in") == len(health.HealthTopic)
    assert "explicitly none" not in nothing
    asked = made(health.HealthStatement, topic=health.HealthTopic.ALLERGY, presence=health.Presence.NONE)
    printed = section(only(health_statements=(asked,)), "history")
    assert "Allergies aucune (explicitement) explicitly none" in printed
    assert printed.count("non renseigné not filled in") == len(health.HealthTopic) - 1


def test_a_partial_date_is_shown_as_far_as_it_is_known() -> None:
    acts = tuple(
        replace(made(care.Act, status=care.ActStatus.EXISTING_ELSEWHERE, performed_on=on), id=name)
        for name, on in (
            ("a1", PartialDate(1983)),
            ("a2", date(1983, 5, 12)),
            ("a3", PartialDate(1983, 5)),
            ("a4", date(1984, 1, 1)),
        )
    )
    times = parsed(only(acts=acts)).xpath("//section[@id='acts']//time")
    found = [(one.get("datetime"), one.text_content().replace("\u00a0", " ")) for one in times]
    assert found == [
        ("1984-01-01", "01/01/1984"),
        ("1983-05-12", "12/05/1983"),
        ("1983-05", "mai 1983 May 1983"),
        ("1983", "1983"),
    ]


def test_a_contradiction_in_the_source_is_shown() -> None:
    none = made(health.HealthStatement, topic=health.HealthTopic.HABIT, presence=health.Presence.NONE)
    some = replace(none, id="x", presence=health.Presence.PRESENT, label="Tabac")
    printed = section(only(health_statements=(none, some)), "history")
    assert "contradictoire dans la source" in printed
    assert "Tabac" in printed


EXPECTED = (
    *("DURAND-EXEMPLE", "279035121518989", "identité qualifiée", "INS de test", "DOUA", "Mutuelle Exemple"),
    *("Pénicilline", "Fumez-vous ?", "Pose d’une couronne", "500,01 €", "Première ligne", "Réhabilitation"),
    *("Devis 7", "Amoxicilline 1 g", "Fauteuil 2", "P6M", "F-2022-7", "−1,00 €", "−0,05 €", "IMG 1.JPG"),
    *("Lettre n°1 .pdf", "28617-9", "PETIT ANNE", "1.2.826.0.1.1", "Implant 16", "cmartin", "patfield"),
    *("Mme", "marié(e)", "Fleuriste", "Fleurs Exemple SARL"),
    *("Gencive fine", "−12,5", "trait:1,2;3,4", "8,6 Go", "10000000001", "Laboratoire Prothèse"),
)


def test_every_record_of_a_full_dossier_is_shown() -> None:
    whole = full_dossier()
    text = shown(whole)
    for expected in EXPECTED:
        assert expected in text.replace("\u00a0", " ").replace("\u202f", " "), expected


def test_the_counts_are_those_of_the_dossier() -> None:
    whole = full_dossier()
    root = parsed(whole)
    counted = [int(dd.text_content()) for dd in root.xpath("//dl[@class='counts']/div/dd")[:-1]]
    assert counted == [whole.counts()[kind.kind] for kind in PATIENT_KINDS]


def test_what_is_not_recorded_is_listed_and_not_called_none() -> None:
    printed = section(empty(), "nothing")
    assert "Rien n’est enregistré sous ces rubriques" in printed
    assert "Paiements Payments" in printed
    assert "explicitly none" not in printed


def test_a_missing_file_is_said_to_be_missing() -> None:
    lost = made(documents.Document, title="Radio", original_name="r12.tif")
    assert "fichier absent de la source" in section(only(documents=(lost,)), "documents")


def test_a_tooth_shows_its_surfaces_and_its_absence() -> None:
    act = made(
        care.Act,
        status=care.ActStatus.DONE,
        teeth=("16",),
        surfaces=(mouth.Surface.MESIAL, mouth.Surface.OCCLUSAL),
    )
    gone = made(mouth.ChartFinding, finding=mouth.ChartKind.MISSING, tooth="38")
    root = parsed(only(acts=(act,), chart_findings=(gone,)))
    teeth = {
        group.findtext("title").split(" ")[0]: group
        for group in root.xpath("//g[starts-with(@class, 'tooth')]")
    }
    assert len(teeth) == 32
    assert len(teeth["16"].xpath(".//path[@class='f3']")) == 2
    assert "missing" in teeth["38"].get("class")
    assert teeth["38"].xpath(".//path[@class='cross']")
    assert not teeth["11"].xpath(".//path[starts-with(@class, 'f')]")


def test_primary_teeth_are_drawn_when_there_are_any() -> None:
    act = made(care.Act, status=care.ActStatus.DONE, teeth=("75",))
    root = parsed(only(acts=(act,)))
    assert len(root.xpath("//g[starts-with(@class, 'tooth')]")) == 32 + 20


def test_periodontal_values_keep_their_sign_and_their_place() -> None:
    sites = ((mouth.PerioSite.DISTOBUCCAL, 7), (mouth.PerioSite.BUCCAL, -2))
    for tooth, expected in (("16", ["7", "−2", "·"]), ("26", ["·", "−2", "7"])):
        measures = tuple(
            mouth.PerioMeasure(tooth=tooth, measure=mouth.PerioKind.PROBING, site=site, value=value)
            for site, value in sites
        )
        root = parsed(only(perio_exams=(made(mouth.PerioExam, measures=measures),)))
        assert [span.text for span in root.xpath("//table[@class='perio']//td/span")] == expected
        assert [span.text for span in root.xpath("//span[@class='very-deep']")] == ["7"]


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (1234, "12,34 €"),
        (5, "0,05 €"),
        (-5, "−0,05 €"),
        (0, "0,00 €"),
        (123456789, "1 234 567,89 €"),
        (None, ""),
    ],
)
def test_sums_are_cents_with_a_comma(cents: int | None, expected: str) -> None:
    plain = re.sub("<[^>]+>", "", values.money(cents, "EUR"))
    assert plain.replace("\u202f", " ").replace("\u00a0", " ") == expected


def test_a_time_is_told_in_the_zone_of_the_practice() -> None:
    seen = full_dossier().image_studies[0].studied_at
    assert re.sub("<[^>]+>", "", values.moment(seen, zone_of("Europe/Paris"))) == "27/03/2022\u00a010:00"
    assert re.sub("<[^>]+>", "", values.moment(seen, zone_of("no/such/zone"))) == "27/03/2022\u00a008:00"
    assert "27/03/2022" in values.day(date(2022, 3, 27))


def test_a_payer_is_another_dossier_only_where_it_is_another() -> None:
    whole = full_dossier()
    (paid, *_), patient = [one for one in whole.payments if one.payer_patient], whole.patient.id
    other, own = (
        shown(replace(whole, related_persons=(), payments=(replace(paid, payer_patient=payer),)))
        for payer in (paid.payer_patient, patient)
    )
    assert paid.payer_patient != patient
    assert "other dossier" in other and "other dossier" not in own


def test_a_day_without_a_time_shows_no_hour() -> None:
    zone = zone_of("Europe/Paris")
    midnight = datetime(2025, 9, 4, tzinfo=zone)
    assert values.moment(midnight.date(), zone) == '<time datetime="2025-09-04">04/09/2025</time>'
    assert "2025-09<" not in values.moment(PartialDate(2025, 9), zone)
    assert '"2025-09"' in values.moment(PartialDate(2025, 9), zone)
    assert "04/09/2025\u00a000:00<" in values.moment(midnight, zone)
    assert "00:01" in values.moment(midnight.replace(minute=1), zone)
    assert "2025-09-04T00:00:00+02:00" in values.moment(midnight, zone)
