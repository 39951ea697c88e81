"""Folders of documents: each line becomes one paper, each file is described or reported."""

from __future__ import annotations

import codecs
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from formats.contents.exif import taken_at
from formats.digests import digest_of_file
from formats.errors import FolderNotFound, LimitExceeded
from formats.findings import Finding, Severity
from formats.model.dates import AnyDate, AnyMoment, PartialDate
from formats.model.documents import Document
from formats.model.imaging import ImageFile, ImageKind
from formats.papers.listing import ListingUnreadable
from formats.papers.read import FoundPaper, PaperPatient, document_record, find_papers
from formats.reading import Tally
from formats.tables import limits
from formats.tables.limits import MAX_LINE
from formats.tables.read import TableUnreadable
from tests.material import material

PRACTICE = "6f0c6f0e-7f0a-5c55-9d0b-3b1f1f5b2d10"
SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "practice" / "papers"
PARIS = ZoneInfo("Europe/Paris")
HEADER = "fichier;numero_patient;nom;prenom;date_naissance;titre;type;date;praticien"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def seen(place: Path, listing: Path | None = None) -> tuple[list[FoundPaper], list[Finding], Tally]:
    """Return papers, findings and the count of a folder."""
    items = list(find_papers(place, listing))
    (tally,) = [item for item in items if isinstance(item, Tally)]
    papers = [item for item in items if isinstance(item, FoundPaper)]
    return papers, [item for item in items if isinstance(item, Finding)], tally


def folder_of(tmp_path: Path, content: str | bytes, *names: str, encoding: str = "utf-8") -> Path:
    """Make a folder with a list and some files."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "liste.csv").write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PNG if name.endswith("png") else b"%PDF-1.4 " + name.encode())
    return folder


def codes(findings: list[Finding]) -> list[str]:
    """Return the codes of findings, sorted."""
    return sorted(finding.code for finding in findings)


def test_the_papers_of_the_sample_practice() -> None:
    papers, findings, tally = seen(SAMPLE)
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    assert tally == Tally(table="papers.csv", rows=10)
    assert len(papers) == 10
    assert sorted((finding.code, finding.where, finding.severity) for finding in findings) == [
        ("paper-missing", "papers.csv:9", Severity.ERROR),
        ("paper-undescribed", "vrac/scan_2019_0001.pdf", Severity.WARNING),
    ]
    with_file = [paper for paper in papers if paper.attachment is not None]
    assert len(with_file) + codes(findings).count("paper-undescribed") == len(files)
    digests = {digest_of_file(path)[0].hex for path in files}
    assert all(paper.attachment.sha256 in digests for paper in with_file if paper.attachment)
    quote, photo, pano, scan = papers[:4]
    assert quote.patient == PaperPatient(
        number="45", family="Perrichon", given="Gérard", birth_date=date(1955, 11, 23)
    )
    assert (quote.title, quote.kind, quote.dated) == ("Devis couronne sur implant", "quote", date(2024, 9, 3))
    assert (quote.image, photo.image, pano.image, scan.image) == (
        None,
        ImageKind.PHOTOGRAPH,
        ImageKind.RADIOGRAPH,
        ImageKind.SCAN_3D,
    )
    assert photo.photographed_at == datetime(2024, 2, 21, 17, 5)  # noqa: DTZ001 (the camera names no zone)
    assert scan.title == "Empreinte optique ; arcade inférieure"
    assert photo.body is not None
    with photo.body.open() as stream:
        assert stream.read() == (SAMPLE / photo.name).read_bytes()


def test_records_of_documents_and_images() -> None:
    papers, _, _ = seen(SAMPLE)
    quote, photo, _, scan = (document_record(paper, "p1", PRACTICE, "d1") for paper in papers[:4])
    assert isinstance(quote, Document)
    assert (quote.patient, quote.practitioner, quote.category, quote.note) == ("p1", "d1", "quote", "")
    assert quote.created_at == date(2024, 9, 3)
    assert isinstance(photo, ImageFile)
    assert photo.taken_at is not None
    assert photo.taken_at.isoformat() == "2024-02-21T17:05:00+01:00"
    assert isinstance(scan, ImageFile)
    assert (scan.image, scan.note) == (ImageKind.SCAN_3D, "kind: scan")
    again = document_record(papers[0], "p1", PRACTICE, "d1")
    assert again == quote
    assert document_record(papers[0], "p2", PRACTICE).id != quote.id
    assert document_record(papers[0], "p1", PRACTICE).note == "practitioner: Dr Malo Kerbrat"
    missing = next(paper for paper in papers if paper.attachment is None)
    record = document_record(missing, "p1", PRACTICE)
    assert isinstance(record, ImageFile)
    assert (record.attachment, record.original_name) == (None, "radio-0026.png")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_whatever_excel_writes_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    text = f'{HEADER}\r\na.pdf;7;Évrard;Zoé;02/03/1990;"Résumé, suite; fin";courrier;2024-05-06;Dr Œil\r\n'
    if separator != ";":
        text = text.replace("suite; fin", "suite# fin").replace(";", separator).replace("#", ";")
    papers, findings, tally = seen(folder_of(tmp_path, text, "a.pdf", encoding=encoding))
    (paper,) = papers
    assert paper.patient == PaperPatient(
        number="7", family="Évrard", given="Zoé", birth_date=date(1990, 3, 2)
    )
    assert (paper.title, paper.practitioner, paper.dated) == (
        "Résumé, suite; fin",
        "Dr Œil",
        date(2024, 5, 6),
    )
    assert (findings, tally.rows) == ([], 1)


def test_unknown_columns_and_unreadable_dates_are_kept(tmp_path: Path) -> None:
    text = "Fichier;N° patient;Date de naissance;Armoire;Date\na.pdf;7;31/02/1990;B12;hier;trop\n"
    (paper,), findings, _ = seen(folder_of(tmp_path, text, "a.pdf"))
    assert (paper.patient.number, paper.patient.birth_date, paper.dated) == ("7", None, None)
    assert paper.others == (("birth_date", "31/02/1990"), ("date", "hier"), ("Armoire", "B12"), ("", "trop"))
    assert codes(findings) == ["paper-date", "paper-date"]
    note = document_record(paper, "p", PRACTICE).note
    assert note.splitlines() == ["birth_date: 31/02/1990", "date: hier", "Armoire: B12", "trop"]


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("1983", PartialDate(1983)),
        ("1983-05", PartialDate(1983, 5)),
        ("05/1983", PartialDate(1983, 5)),
        ("12/05/1983", date(1983, 5, 12)),
        ("1983-05-12 10:30", date(1983, 5, 12)),
    ],
)
def test_a_birth_date_may_be_known_in_part(tmp_path: Path, written: str, born: AnyDate) -> None:
    text = f"Fichier;N° patient;Date de naissance\na.pdf;7;{written}\n"
    (paper,), findings, _ = seen(folder_of(tmp_path, text, "a.pdf"))
    assert (paper.patient.birth_date, paper.others, findings) == (born, (), [])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("..\\..\\secret.pdf", "unsafe-name"),
        ("../secret.pdf", "unsafe-name"),
        ("/etc/passwd", "unsafe-name"),
        ("C:\\Documents\\a.pdf", "unsafe-name"),
        ("gone.pdf", "paper-missing"),
        ("", "paper-without-file"),
    ],
)
def test_a_line_whose_file_cannot_be_had_is_kept_without_it(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4")
    papers, findings, tally = seen(folder_of(tmp_path, f"file;patient_number;title\n{name};7;Lettre\n"))
    assert [(paper.title, paper.attachment, paper.body) for paper in papers] == [("Lettre", None, None)]
    assert [(finding.code, finding.where) for finding in findings] == [(code, "liste.csv:2")]
    assert tally.rows == 1


def test_names_differ_in_case_separator_and_normal_form(tmp_path: Path) -> None:
    text = "file;patient_number\nSOUS\\Été.PDF;7\n"
    folder = folder_of(tmp_path, text, "sous/Été.pdf")
    (paper,), findings, _ = seen(folder)
    assert paper.attachment is not None
    assert findings == []


def test_two_lines_about_one_file_are_two_papers(tmp_path: Path) -> None:
    text = "file;patient_number\na.pdf;7\na.pdf;7\na.pdf;8\n"
    papers, findings, _ = seen(folder_of(tmp_path, text, "a.pdf"))
    assert codes(findings) == ["paper-described-twice", "paper-described-twice"]
    assert len({document_record(paper, "p", PRACTICE).id for paper in papers}) == 3


def test_blank_lines_do_not_count_and_lines_keep_their_number(tmp_path: Path) -> None:
    text = 'file;patient_number;title\n\n;;\na.pdf;7;"deux\nlignes"\nb.pdf;8;x\n'
    papers, findings, tally = seen(folder_of(tmp_path, text, "a.pdf", "b.pdf"))
    assert [(paper.line, paper.title) for paper in papers] == [(4, "deux\nlignes"), (6, "x")]
    assert (findings, tally.rows) == ([], 2)


def test_a_line_of_nobody_is_told(tmp_path: Path) -> None:
    papers, findings, _ = seen(folder_of(tmp_path, "file;title\na.pdf;Lettre\n", "a.pdf"))
    assert (len(papers), codes(findings)) == (1, ["paper-of-nobody"])


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        ("Radio", ImageKind.RADIOGRAPH),
        ("panoramique", ImageKind.RADIOGRAPH),
        ("Rétro-alvéolaire", ImageKind.RADIOGRAPH),
        ("PHOTO", ImageKind.PHOTOGRAPH),
        ("image", ImageKind.OTHER),
        ("", ImageKind.OTHER),
        ("courrier", None),
    ],
)
def test_the_line_says_which_picture_it_is(tmp_path: Path, kind: str, image: ImageKind | None) -> None:
    text = f"file;patient_number;kind\na.png;7;{kind}\nb.pdf;7;{kind}\n"
    (picture, document), _, _ = seen(folder_of(tmp_path, text, "a.png", "b.pdf"))
    assert picture.image is image
    assert document.image is None


def test_list_and_camera_may_disagree(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "file;patient_number;date\nphoto.jpg;7;21/11/2022\n")
    shutil.copy(material("imaging", "photo-with-exif.jpg"), folder / "photo.jpg")
    (paper,), findings, _ = seen(folder)
    assert codes(findings) == ["paper-dates-differ"]
    record = document_record(paper, "p", PRACTICE)
    assert isinstance(record, ImageFile)
    assert record.taken_at == date(2022, 11, 21)


@pytest.mark.parametrize(
    ("written", "taken", "found"),
    [
        ("05/2020", PartialDate(2020, 5), ["paper-dates-differ"]),
        ("2020", PartialDate(2020), ["paper-dates-differ"]),
        ("21/11/2022 00:00", datetime(2022, 11, 21, tzinfo=PARIS), ["paper-dates-differ"]),
        ("CAMERA", None, []),
        ("", None, []),
    ],
)
def test_a_date_of_a_list_is_as_precise_as_it_is(
    tmp_path: Path, written: str, taken: AnyMoment | None, found: list[str]
) -> None:
    with material("imaging", "photo-with-exif.jpg").open("rb") as stream:
        camera = taken_at(stream)
    assert camera is not None
    written = written.replace("CAMERA", f"{camera:%m/%Y}")
    folder = folder_of(tmp_path, f"file;patient_number;date\nphoto.jpg;7;{written}\n")
    shutil.copy(material("imaging", "photo-with-exif.jpg"), folder / "photo.jpg")
    (paper,), findings, _ = seen(folder)
    record = document_record(paper, "p", PRACTICE)
    assert isinstance(record, ImageFile)
    assert record.taken_at == (taken or camera.replace(tzinfo=camera.tzinfo or PARIS))
    assert codes(findings) == found


def test_the_list_may_lie_inside_beside_or_be_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "file;patient_number\na.pdf;7\n", "a.pdf")
    inside = seen(folder)
    named = seen(folder / "liste.csv")
    (folder / "liste.csv").rename(tmp_path / "papers.csv")
    beside = seen(folder)
    direct = seen(tmp_path / "papers.csv")
    apart = seen(folder, tmp_path / "papers.csv")
    assert [len(each[0]) for each in (inside, named, beside, direct, apart)] == [1] * 5
    assert [each[1] for each in (inside, named, beside, direct, apart)] == [[]] * 5


def test_other_tables_in_the_folder_are_documents(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "file;patient_number\nprix.csv;7\n")
    (folder / "prix.csv").write_text("acte;prix\n1;2\n", encoding="utf-8")
    papers, findings, _ = seen(folder)
    assert (len(papers), findings) == (1, [])


@pytest.mark.parametrize(
    "content",
    [b"", b"nom;prenom\nx;y\n", b"\xef\xbb\xbf", b"\x81\x8d\x8f;\n", codecs.BOM_UTF16_LE + b"\x00\xd8\x00"],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = folder_of(tmp_path, content)
    with pytest.raises(ListingUnreadable):
        list(find_papers(folder))
    with pytest.raises(TableUnreadable):
        list(find_papers(folder / "liste.csv"))


def test_two_lists_are_one_too_many(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "file;patient_number\n")
    shutil.copy(folder / "liste.csv", folder / "autre.csv")
    with pytest.raises(ListingUnreadable, match="several"):
        list(find_papers(folder))
    with pytest.raises(FolderNotFound):
        list(find_papers(tmp_path / "nowhere"))


def test_limits_of_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, "file;title\na.pdf;" + "x" * MAX_LINE + "\n")
    with pytest.raises(LimitExceeded, match="length of a line"):
        list(find_papers(folder / "liste.csv"))
    (folder / "liste.csv").write_text(
        'file;title\na.pdf;"' + ("x" * 999 + "\n") * 200 + '"\n', encoding="utf-8"
    )
    with pytest.raises(LimitExceeded, match="length of a cell"):
        list(find_papers(folder / "liste.csv"))
    (folder / "liste.csv").write_text("file" + ";x" * 300 + "\n", encoding="utf-8")
    with pytest.raises(LimitExceeded, match="columns"):
        list(find_papers(folder / "liste.csv"))
    monkeypatch.setattr(limits, "MAX_TABLE_BYTES", 10)
    with pytest.raises(LimitExceeded, match="length of the list"):
        list(find_papers(folder / "liste.csv"))
