"""Stored directory records: a DICOMDIR made of them is the one made of the headers, and they fit one file alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from formats.dicom import instance_records as stored_form
from formats.dicom.instance_records import records_from_store, stored_records
from formats.dicom.records import read_instance_records
from formats.dicom.write import plan_file_set
from formats.reading import FileBody
from tests.unit.dicom.images import CHARSETS, SAMPLES, image, seen, source

RULES_MEANT = (1, "03f22d9d")
"""Version of the rules, and what they make of the images of ``ruled``: where the second changes, so does the first."""
OTHER = "0" * 64


def collected(folder: Path) -> list[FileBody]:
    """Return the files of the studies of a folder as a collection keeps them."""
    return [body for study in seen(folder)[0] for body in study.bodies()]


def unopened() -> BinaryIO:
    """Stand for the file of an instance that nobody may open."""
    raise AssertionError("a header was read again")


@pytest.mark.parametrize("folder", [SAMPLES, CHARSETS], ids=["samples", "charsets"])
def test_the_directory_made_of_stored_records_is_the_one_made_of_headers(folder: Path) -> None:
    bodies = collected(folder)
    known = [replace(body, open=unopened) if body.header_facts else body for body in bodies]
    assert plan_file_set(known) == plan_file_set([replace(body, header_facts=b"") for body in bodies])
    assert sum(bool(body.header_facts) for body in bodies) > 10


def test_stored_records_come_back_as_they_were(tmp_path: Path) -> None:
    body = source(image(tmp_path / "x", PatientName="Évrard^Zoé=", StudyID=None))
    with body.open() as stream:
        records = read_instance_records(stream)
    sha256 = body.attachment.sha256
    assert records_from_store(stored_records(records, sha256), sha256) == records


def _flipped(stored: bytes) -> bytes:
    return stored[:-1] + bytes([stored[-1] ^ 1])


@pytest.mark.parametrize(
    "spoil",
    [_flipped, lambda stored: stored[:-1], lambda _: b"", lambda stored: stored.replace(b"Zo", b"Za")],
    ids=["bit", "short", "empty", "name"],
)
def test_records_that_are_not_those_of_the_file_are_read_again(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    image(tmp_path / "x", PatientName="Evrard^Zoe")
    (body,) = collected(tmp_path)
    spoilt = spoil(body.header_facts)
    assert spoilt != body.header_facts
    assert records_from_store(spoilt, body.attachment.sha256) is None
    assert plan_file_set([replace(body, header_facts=spoilt)]) == plan_file_set([body])


def test_records_of_another_file_are_not_taken(tmp_path: Path) -> None:
    image(tmp_path / "one", instance="1")
    image(tmp_path / "two", instance="2")
    one, two = collected(tmp_path)
    assert records_from_store(one.header_facts, two.attachment.sha256) is None
    crossed = [replace(one, header_facts=two.header_facts), replace(two, header_facts=one.header_facts)]
    assert plan_file_set(crossed) == plan_file_set([one, two])


def test_records_made_by_other_rules_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image(tmp_path / "x")
    (body,) = collected(tmp_path)
    monkeypatch.setattr(stored_form, "RULES", stored_form.RULES + 1)
    assert records_from_store(body.header_facts, body.attachment.sha256) is None


def test_a_file_that_no_record_describes_has_none_stored(tmp_path: Path) -> None:
    path = image(tmp_path / "x", SOPClassUID="1.2.840.10008.5.1.4.1.1.11.1")
    (body,) = collected(tmp_path)
    assert body.header_facts == b""
    assert plan_file_set([body]) == plan_file_set([source(path)])


def test_rules_that_make_other_records_have_another_version(tmp_path: Path) -> None:
    ruled = [
        image(tmp_path / "full", SeriesDescription="Série", InstitutionName="Cabinet", AccessionNumber="9"),
        image(tmp_path / "bare", StudyID=None, StudyDate=None, StudyTime="", SeriesNumber=None, PatientID=""),
        image(
            tmp_path / "text",
            SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1",
            MIMETypeOfEncapsulatedDocument="application/pdf",
            DocumentTitle="Дмитрий",
            PixelData=None,
        ),
        image(tmp_path / "dose", SOPClassUID="1.2.840.10008.5.1.4.1.1.481.2", DoseSummationType="PLAN"),
    ]
    made = hashlib.sha256()
    for path in ruled:
        with path.open("rb") as stream:
            records = read_instance_records(stream)
        made.update(stored_records(records, OTHER)[16:])
    assert (stored_form.RULES, made.hexdigest()[:8]) == RULES_MEANT
