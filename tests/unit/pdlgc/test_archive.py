"""A patient archive is written in one stream, comes back the same, and shows every change."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from formats.errors import AttachmentChanged, FormatFailure, LimitExceeded
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageKind
from formats.pdlgc import layout, names
from formats.pdlgc.columns import columns_of
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.names import place_files
from formats.pdlgc.profile import METADATA, README_HEADINGS, SUBSET, SUBSET_NAME
from formats.pdlgc.subset.documents import MADE
from formats.pdlgc.sums import read_sums, write_sums
from formats.pdlgc.tables import read_rows
from formats.pdlgc.write import write_patient_archive
from formats.zip.limits import ZipLimits
from tests.dossiers import full_dossier
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT, Made, Pipe, make, opener, with_files

FIXED = [layout.README, layout.INDEX, layout.DOSSIER, layout.SOURCE, layout.NAMES, layout.DICOMDIR]


@pytest.fixture(scope="module")
def whole() -> Made:
    return make(*with_files(full_dossier()))


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(parts: dict[str, bytes], *, summed: bool = True) -> bytes:
    """Return an archive of ``parts``, as someone who knows the format would make it."""
    target = io.BytesIO()
    if summed:
        sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items() if name != layout.SUMS}
        parts = {**parts, layout.SUMS: write_sums(sums.items())}
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def read(data: bytes) -> Any:
    return Made(data=data, written=None, dossier=None, bodies={}).read()


def test_a_dossier_comes_back_with_its_source_rows_and_its_files(whole: Made) -> None:
    archive = whole.read()
    assert archive.dossier == whole.dossier
    assert repr(archive.dossier) == repr(whole.dossier)
    assert archive.findings == ()
    assert whole.bodies
    for digest, body in whole.bodies.items():
        assert archive.open_attachment(digest).read() == body


def test_the_writer_says_what_it_wrote(whole: Made) -> None:
    assert whole.written.counts == whole.dossier.counts()
    assert whole.written.size == len(whole.data)
    parts = members(whole.data)
    assert [file.name for file in whole.written.files] == [name for name in parts if name != layout.SUMS]
    for file in whole.written.files:
        assert file.size == len(parts[file.name])
        assert file.sha256 == hashlib.sha256(parts[file.name]).hexdigest()
    assert read_sums(parts[layout.SUMS]) == {file.name: file.sha256 for file in whole.written.files}


def test_the_archive_is_laid_out_as_documented(whole: Made) -> None:
    parts = list(members(whole.data))
    assert parts[: len(FIXED)] == FIXED
    assert parts[-2:] == [METADATA, layout.SUMS]
    kinds = [name.rpartition("/")[2][:3] for name in parts[len(FIXED) : -2] if not name.startswith("DICOM/")]
    assert kinds == sorted(kinds, key=(*MADE, "DOC").index)
    assert set(kinds) == {*MADE, "DOC"}
    assert all(map(SUBSET_NAME.fullmatch, [one.rpartition("/")[2] for one in parts if SUBSET in one]))
    for part in (part for name in parts for part in name.split("/")):
        stem, _, ending = part.partition(".")
        assert 1 <= len(stem) <= 8
        assert len(ending) <= 3
        assert stem.replace("_", "A").isalnum()
        assert part == part.upper()


def test_the_same_dossier_and_clock_give_the_same_bytes(whole: Made) -> None:
    assert make(whole.dossier, whole.bodies).data == whole.data


def test_the_list_of_names_tells_what_every_file_was_called(whole: Made) -> None:
    parts = members(whole.data)
    rows = list(read_rows(io.BytesIO(parts[layout.NAMES]), columns_of(layout.NAMES), name=layout.NAMES))
    assert {row["sha256"] for row in rows} == set(whole.bodies)
    for row in rows:
        assert hashlib.sha256(parts[row["name"]]).hexdigest() == row["sha256"]
        assert int(row["size"]) == len(parts[row["name"]])
    (letter,) = [row for row in rows if row["original_name"] == "Lettre n°1 .pdf"]
    assert letter["title"] == "Compte rendu"
    assert letter["name"].endswith(".PDF")
    assert letter["records"] == f"documents/{whole.dossier.documents[0].id}"


def test_the_readme_is_french_then_english_with_windows_line_ends(whole: Made) -> None:
    data = members(whole.data)[layout.README]
    text = data.decode("ascii")
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n") > 50
    for heading in README_HEADINGS:
        assert f"\r\n{heading}\r\n{'=' * len(heading)}\r\n".encode() in data
    assert text.index("DOSSIER D'UN PATIENT") < text.index("ONE PATIENT'S DENTAL RECORD")
    assert "Cabinet dentaire des Tilleuls" in text
    assert "$" not in text
    for name in (*FIXED, layout.SUMS):
        assert name.replace("/", "\\") in text


def test_hostile_names_cannot_write_lines_into_the_readme(whole: Made) -> None:
    target = io.BytesIO()
    sender = replace(SENDER, name="A\r\nB\u2028C $identifiers \ud800" + "x" * 999)
    write_patient_archive(
        whole.dossier, target, open_attachment=opener(whole.bodies), written_at=WRITTEN_AT, sender=sender
    )
    text = members(target.getvalue())[layout.README].decode("ascii")
    assert "Nom            : A B C $identifiers" in text
    assert max(map(len, text.splitlines())) < 400


def empty() -> Dossier:
    return Dossier(practice=full_dossier().practice, patient=replace(full_dossier().patient, attending=None))


def test_an_empty_dossier_has_no_dicomdir_and_comes_back() -> None:
    made = make(empty(), {})
    assert list(members(made.data)) == [*FIXED[:-1], f"{SUBSET}/VSM00001.XML", METADATA, layout.SUMS]
    assert made.read().dossier == empty()


def document(number: int, attachment: Attachment, **fields: Any) -> Document:
    return Document(id=f"0000-{number}", patient=empty().patient.id, attachment=attachment, **fields)


def holding(*documents: Document) -> Dossier:
    return replace(empty(), documents=documents)


def attached(data: bytes, media_type: str = "text/plain") -> Attachment:
    return Attachment(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)


def test_a_file_used_twice_lies_there_once() -> None:
    attachment = attached(b"scan")
    made = make(
        holding(
            document(1, attachment, original_name="a.txt"), document(2, attachment, original_name="b.txt")
        ),
        {attachment.sha256: b"scan"},
    )
    parts = members(made.data)
    assert [name for name in parts if name.startswith(f"{SUBSET}/DOC")] == [f"{SUBSET}/DOC00001.TXT"]
    rows = list(read_rows(io.BytesIO(parts[layout.NAMES]), columns_of(layout.NAMES), name=layout.NAMES))
    assert [(row["original_name"], row["records"]) for row in rows] == [
        ("a.txt", "documents/0000-1"),
        ("b.txt", "documents/0000-2"),
    ]
    assert made.read().dossier == made.dossier


LIVE = (
    *(
        "html",
        "htm",
        "xhtml",
        "xht",
        "shtml",
        "svg",
        "svgz",
        "mht",
        "mhtml",
        "xml",
        "hta",
        "url",
        "lnk",
        "js",
    ),
    *("JSE", "vbs", "wsf", "chm", "scf", "website", "desktop", "jar", "ps1", "exe", "app", "sh", "py", "reg"),
    *("mml", "xul"),
)
"""Endings that a browser or a system would run, as other programs spell them."""
SHOWN_AS_TEXT = (
    "text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"
)  # fmt: skip


@pytest.mark.parametrize(
    ("media_type", "original_name", "ending"),
    [
        ("image/jpeg", "x.exe", ".JPG"),
        ("Text/Plain; charset=utf-8", "x", ".TXT"),
        ("application/octet-stream", "model.stl", ".STL"),
        ("application/octet-stream", "setup.EXE", ".BIN"),
        ("application/octet-stream", "a.lnk", ".BIN"),
        *((kind, f"x.{ending}", ".BIN") for kind in ("", "application/x-other") for ending in LIVE),
        *((kind, f"x.{ending}", ".TXT") for kind in SHOWN_AS_TEXT for ending in LIVE),
        ("application/octet-stream", "a.é", ".BIN"),
        ("application/octet-stream", "C:\\x.y\\noending", ".BIN"),
        ("application/octet-stream", "a.toolong", ".BIN"),
        ("", "", ".BIN"),
    ],
)
def test_endings_say_what_the_bytes_are_and_nothing_runs(
    media_type: str, original_name: str, ending: str
) -> None:
    attachment = attached(b"x", media_type)
    places = place_files(holding(document(1, attachment, original_name=original_name)), opener({})).places
    assert places == {attachment.sha256: f"IHE_XDM/SUBSET01/DOC00001{ending}"}


@pytest.mark.parametrize("media_type", ["", "application/x-other", *SHOWN_AS_TEXT])
def test_the_page_links_what_could_run_as_text_or_as_a_download(media_type: str) -> None:
    """Under no name and no media type does a double click on the page's link start what came with the dossier."""
    bodies = {}
    papers, images = [], []
    for number, ending in enumerate(LIVE):
        data = f"<svg xmlns='http://www.w3.org/2000/svg'><script>alert({number})</script></svg>".encode()
        attachment = attached(data, media_type)
        bodies[attachment.sha256] = data
        fields = {"attachment": attachment, "original_name": f"x.{ending}", "patient": empty().patient.id}
        papers.append(Document(id=f"0000-{number}", **fields))
        images.append(ImageFile(id=f"0001-{number}", image=ImageKind.OTHER, **fields))
    dossier = replace(empty(), documents=tuple(papers), image_files=tuple(images))
    page = html.fromstring(members(make(dossier, bodies).data)[layout.INDEX])
    links = {one for one in page.xpath("//@href | //@src") if SUBSET in one}
    assert len(links) == len(LIVE)
    assert {link.rpartition(".")[2] for link in links} == {"TXT" if media_type in SHOWN_AS_TEXT else "BIN"}
    assert not page.xpath("//img")


def test_there_are_not_more_files_than_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MAX_SUBSET_DOCUMENTS", 1)
    with pytest.raises(LimitExceeded):
        place_files(holding(document(1, attached(b"1")), document(2, attached(b"2"))), opener({}))


@pytest.mark.parametrize("body", [b"", b"scan", b"scanned", b"scam!"])
def test_a_file_that_changed_is_noticed_while_writing(body: bytes) -> None:
    attachment = attached(b"scans")
    with pytest.raises(AttachmentChanged):
        make(holding(document(1, attachment)), {attachment.sha256: body})


# -- reading what somebody changed ----------------------------------------------------------


def test_every_part_is_needed(whole: Made) -> None:
    parts = members(whole.data)
    for name in parts:
        left = {other: data for other, data in parts.items() if other != name}
        with pytest.raises(ArchiveIncomplete):
            read(rebuilt(left, summed=False))


@pytest.mark.parametrize("name", [layout.DOSSIER, layout.SOURCE, layout.NAMES])
def test_a_changed_part_is_refused(whole: Made, name: str) -> None:
    parts = members(whole.data)
    parts[name] += b"\n"
    with pytest.raises(FormatFailure):
        read(rebuilt(parts, summed=False))


def test_a_part_that_reads_well_and_has_another_sum_is_refused(whole: Made) -> None:
    parts = members(whole.data)
    parts[layout.SOURCE] = b""
    with pytest.raises(ArchiveChanged):
        read(rebuilt(parts, summed=False))


def test_a_changed_file_is_refused_at_once_or_when_it_is_read(whole: Made) -> None:
    parts = members(whole.data)
    name = next(name for name in parts if name.startswith(f"{SUBSET}/DOC"))
    digest = hashlib.sha256(parts[name]).hexdigest()
    parts[name] = parts[name][::-1]
    archive = read(rebuilt(parts, summed=False))
    with pytest.raises(ArchiveChanged), archive.open_attachment(digest) as stream:
        stream.read()
    with pytest.raises(ArchiveChanged):
        read(rebuilt(parts))


def test_a_file_that_the_list_of_names_lacks_is_refused(whole: Made) -> None:
    parts = members(whole.data)
    head, *rows = parts[layout.NAMES].splitlines(keepends=True)
    parts[layout.NAMES] = head + b"".join(rows[1:])
    with pytest.raises(ArchiveIncomplete):
        read(rebuilt(parts))


def test_files_nobody_knows_are_reported(whole: Made) -> None:
    parts = members(whole.data)
    parts["EXTRA.TXT"] = b"?"
    archive = read(rebuilt(parts))
    assert [(finding.code, finding.where) for finding in archive.findings] == [
        ("archive-member-unread", "EXTRA.TXT")
    ]
    parts = {**members(whole.data), "EXTRA.TXT": b"?"}
    archive = read(rebuilt(parts, summed=False))
    assert [(finding.code, finding.where) for finding in archive.findings] == [
        ("archive-member-unlisted", "EXTRA.TXT")
    ]
    assert archive.dossier == whole.dossier


def test_an_unknown_digest_is_refused(whole: Made) -> None:
    with pytest.raises(ArchiveIncomplete):
        whole.read().open_attachment("00" * 32)


def test_limits_of_the_caller_are_kept(whole: Made) -> None:
    from formats.pdlgc.read import read_patient_archive

    with pytest.raises(LimitExceeded):
        read_patient_archive(io.BytesIO(whole.data), limits=ZipLimits(members=3))


def test_a_flipped_bit_is_noticed_or_changes_nothing(whole: Made) -> None:
    """One flip in every stretch of the archive; dates and attributes of members are not data."""
    for place in range(7, len(whole.data), 997):
        changed = bytearray(whole.data)
        changed[place] ^= 1 << (place % 8)
        try:
            archive = read(bytes(changed))
            bodies = {digest: archive.open_attachment(digest).read() for digest in whole.bodies}
        except FormatFailure:
            continue
        assert archive.dossier == whole.dossier
        assert bodies == whole.bodies


class Endless(io.RawIOBase):
    """A large file that exists only while it is read."""

    def __init__(self, size: int, block: bytes) -> None:
        self._left = size
        self._block = block

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), len(self._block), self._left)
        buffer[:length] = self._block[:length]
        self._left -= length
        return length


@pytest.mark.parametrize(
    "block", [bytes(1 << 20), hashlib.shake_256(b"noise").digest(1 << 20)], ids=["zeros", "noise"]
)
def test_memory_stays_flat_however_large_a_file_is(block: bytes) -> None:
    size = 300 << 20
    digest = hashlib.sha256()
    for _ in range(300):
        digest.update(block)
    attachment = Attachment(sha256=digest.hexdigest(), size=size, media_type="application/octet-stream")

    class Counting(io.RawIOBase):
        length = 0

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.length += len(data)
            return len(data)

    opened: Callable[[str], Any] = lambda _: io.BufferedReader(Endless(size, block), 1 << 20)  # noqa: E731
    target = Counting()
    tracemalloc.start()
    try:
        written = write_patient_archive(
            holding(document(1, attachment)),
            target,
            open_attachment=opened,
            written_at=WRITTEN_AT,
            sender=SENDER,
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert target.length == written.size
    assert peak < 16 << 20


def test_the_clock_may_be_in_any_zone() -> None:
    target = Pipe()
    when = datetime(1970, 1, 1, tzinfo=UTC)
    write_patient_archive(empty(), target, open_attachment=opener({}), written_at=when, sender=SENDER)
    assert read(bytes(target.taken)).dossier == empty()
