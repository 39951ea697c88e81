"""Names of delivered files: as they were, where no system runs them or refuses them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, strategies as st

from archiver.delivery.own_names import OwnNames, free_name, own_name, safe_stem
from archiver.delivery.write import person_name
from formats.model.documents import Attachment
from formats.paths import folded_name, safe_path
from formats.pdlgc.endings import RUNNING
from tests.full_dossier import full_dossier


@pytest.mark.parametrize(
    ("original", "media_type", "name"),
    [
        ("Courrier Dr Évrard (1).pdf", "application/pdf", "Courrier Dr Évrard (1).pdf"),
        ("photo.JPEG", "image/jpeg", "photo.JPEG"),
        ("scan.stl", "model/stl", "scan.stl"),
        (r"C:\images\P\pano.png", "image/png", "pano.png"),
        ("lettre", "application/pdf", "lettre.pdf"),
        ("lettre.pdf", "image/png", "lettre.pdf.png"),
        ("lettre.pdf.exe", "application/pdf", "lettre.pdf.exe.pdf"),
        ("virus.exe", "application/octet-stream", "virus.exe.bin"),
        ("page.html", "text/html", "page.html.txt"),
        ("dessin.svg", "image/svg+xml", "dessin.svg.txt"),
        ("note.js", "text/plain", "note.js.txt"),
        ("CON.pdf", "application/pdf", "_CON.pdf"),
        ("a<b>:c|d?#%.pdf", "application/pdf", "a_b__c_d___.pdf"),
        ("x\x1b[2J\u202efdp.pdf", "application/pdf", "x_[2J_fdp.pdf"),
        ("fin. .pdf", "application/pdf", "fin.pdf"),
        ("", "application/pdf", ".pdf"),
        ("a" * 300 + ".pdf", "application/pdf", "a" * 80 + ".pdf"),
    ],
)
def test_a_file_has_the_name_it_had(original: str, media_type: str, name: str) -> None:
    assert "".join(own_name(original, media_type)) == name


@given(
    original=st.text(max_size=300), media_type=st.sampled_from(["application/pdf", "text/html", "x/y", ""])
)
def test_whatever_the_name_was_every_system_takes_it_and_none_runs_it(original: str, media_type: str) -> None:
    stem, kind = own_name(original, media_type)
    name = free_name(stem or "document 1", kind, {})
    assert str(safe_path(name)) == name and "/" not in name
    assert PurePosixPath(name).suffix[1:].upper() not in RUNNING


def test_two_files_of_one_name_are_told_apart_whatever_the_case() -> None:
    dossier = full_dossier()
    names = OwnNames(dossier)
    places = [names(number, one) for number, one in enumerate(dossier.attachments(), 1)]
    assert len(set(map(folded_name, places))) == len(places)
    taken: dict[str, int] = {}
    assert [free_name(one, ".pdf", taken) for one in ("A", "a", "A")] == ["A.pdf", "a (2).pdf", "A (3).pdf"]


def test_many_files_of_one_name_are_told_apart_in_a_time_that_grows_with_their_number() -> None:
    taken: dict[str, int] = {"scan (3).jpg": 1}
    names = [free_name("Scan", ".jpg", taken) for _ in range(100_000)]
    assert names[:3] == ["Scan.jpg", "Scan (2).jpg", "Scan (4).jpg"] and len(set(names)) == len(names)
    assert names[-1] == "Scan (100001).jpg"


def test_a_file_without_a_name_has_its_number() -> None:
    nameless = Attachment(sha256="0" * 64, size=1, media_type="application/pdf")
    assert OwnNames(full_dossier())(7, nameless) == "DOCUMENTS/document 7.pdf"


def test_a_person_is_called_by_names_and_number() -> None:
    traits = {"id": "x", "family": "Garnier", "used_family": "Lemoine", "given": "Anne/Sophie", "number": "1"}
    taken: dict[str, int] = {}
    assert person_name(traits, taken, ".zip") == "LEMOINE Anne_Sophie (1).zip"
    assert person_name(traits, taken, ".zip") == "LEMOINE Anne_Sophie (1) (2).zip"
    assert safe_stem("..") == ""
