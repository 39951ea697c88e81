"""Of which moment a clinical document is: an older one that is collected later sets nothing of the dossier back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archiver.operations.collecting.collect import collect
from archiver.practice.store import PracticeStore, open_store
from formats.cda.elements import ZONE
from formats.cda.read import read_documents
from formats.model.dates import AnyMoment, PartialDate, beginning
from formats.model.documents import Document
from formats.model.health import HealthStatement
from formats.model.people import Practice, Practitioner
from formats.portability.read import read_portability
from formats.reading import StateMoment
from formats.xdm.read import read_media
from tests.clinical import coded, concern, document, observation, section
from tests.unit.portability.archives import export, lay_packed, packed, part
from tests.unit.xdm.medium import Entry, lay_zip

EARLY, LATE = "20260310101500+0100", "20260910101500+0200"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def made(number: str, at: str, city: str, problem: str, name: str = "Maison de santé Exemple") -> bytes:
    entry = concern(observation(coded("value", "icd10", "I20.0", problem)))
    found = document(section("11450-4", "Problèmes", entry, text=problem), number=number, made=at)
    return found.decode().replace("CLERMONT-FERRAND", city).replace("Maison de santé Exemple", name).encode()


def place_of(folder: Path, source: str, number: str, data: bytes) -> Path:
    if source == "cda":
        (folder / f"{number}.xml").write_bytes(data)
        return folder / f"{number}.xml"
    entries = [Entry("DOC0001.XML", data)]
    if source == "xdm":
        return lay_zip(folder / f"{number}.zip", entries)
    files = export({"PAT00001.ZIP": packed(part([Entry("DOC00001.XML", data)], pdfs=()))})
    return lay_packed(folder, files, f"PA2026{number:0>4}T101500.ZIP")


READERS = {"cda": read_documents, "xdm": read_media, "pdlgc": read_portability}


def take(store: PracticeStore, source: str, place: Path) -> list[str]:
    items = READERS[source](place)
    others = source == "pdlgc"  # rows keep the names of the systems they were collected from
    outcome = collect(store, items, system=source, outside=True, rows_of_others=others, clock=lambda: NOW)
    return [one.code for one in outcome.findings if one.code.startswith("newer")]


@pytest.mark.parametrize("source", sorted(READERS))
@pytest.mark.parametrize("late_first", [False, True])
def test_the_header_is_that_of_the_latest_document(tmp_path: Path, source: str, *, late_first: bool) -> None:
    documents = [
        ("1", made("1", EARLY, "RIOM", "Angine", "Ancien nom")),
        ("2", made("2", LATE, "VICHY", "Asthme")),
    ]
    with open_store(tmp_path / "s.db", create=True) as store:
        for number, data in reversed(documents) if late_first else documents:
            codes = take(store, source, place_of(tmp_path, source, number, data))
        (one,) = store.patients()
        dossier = store.dossier(one.id)
        assert dossier.patient.addresses[0].city == "VICHY"
        practice = store.get(Practice, dossier.patient.practice)
        assert practice is not None and practice.name == "Maison de santé Exemple"
        assert {statement.label for statement in dossier.health_statements} == {"Angine", "Asthme"}
        assert all(each.active for each in store.practitioners() if isinstance(each, Practitioner))
        assert ("newer-here" in codes) == late_first


def test_a_document_without_a_time_sets_nothing_back(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db", create=True) as store:
        take(store, "cda", place_of(tmp_path, "cda", "1", made("1", LATE, "VICHY", "Asthme")))
        codes = take(store, "cda", place_of(tmp_path, "cda", "2", made("2", "", "RIOM", "Angine")))
        (one,) = store.patients()
        assert store.dossier(one.id).patient.addresses[0].city == "VICHY"
        assert "newer-perhaps" in codes


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("20240305", date(2024, 3, 5)),
        ("20240305+0100", date(2024, 3, 5)),
        ("202403", PartialDate(2024, 3)),
        ("2024", PartialDate(2024)),
        ("20240305000000+0100", datetime(2024, 3, 4, 23, tzinfo=UTC)),
        ("202403050000", datetime(2024, 3, 5, tzinfo=ZoneInfo(ZONE))),
    ],
)
def test_a_document_of_a_day_stays_one_of_that_day(tmp_path: Path, at: str, expected: AnyMoment) -> None:
    (tmp_path / "1.xml").write_bytes(made("1", at, "RIOM", "Angine"))
    found = list(read_documents(tmp_path))
    (whole,) = (one for one in found if isinstance(one, Document))
    (statement,) = (one for one in found if isinstance(one, HealthStatement))
    assert whole.created_at == statement.recorded_at == expected
    assert type(whole.created_at) is type(statement.recorded_at) is type(expected)
    moments = {one.at for one in found if isinstance(one, StateMoment)}
    assert moments == {beginning(expected, ZoneInfo(ZONE))}


def test_a_document_of_a_day_is_not_later_than_one_of_a_moment_of_it(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db", create=True) as store:
        take(store, "cda", place_of(tmp_path, "cda", "1", made("1", LATE, "VICHY", "Asthme")))
        codes = take(store, "cda", place_of(tmp_path, "cda", "2", made("2", LATE[:8], "RIOM", "Angine")))
        (one,) = store.patients()
        assert store.dossier(one.id).patient.addresses[0].city == "VICHY"
        assert "newer-here" in codes


def test_who_has_the_latest_document_comes_first(tmp_path: Path) -> None:
    for number, at in (("1", EARLY), ("2", LATE), ("3", EARLY)):
        data = made(number, at, "RIOM", "Angine").decode()
        other = data.replace('extension="4711"', f'extension="471{number}"')
        (tmp_path / f"{number}.xml").write_bytes(other.encode())
    moments = [one.at for one in read_documents(tmp_path) if isinstance(one, StateMoment) and one.patient]
    assert moments == sorted(filter(None, moments), reverse=True) and len(moments) == 3
