"""Any consistent dossier becomes an archive whose page is well formed, and comes back the same."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from lxml import etree

from formats.errors import Failure
from formats.model.dossier import Dossier
from formats.model.provenance import SourceRow
from formats.pdlgc import layout
from formats.pdlgc.read import read_patient_archive
from formats.pdlgc.tables import read_rows, write_table
from formats.zip.archive import ZipArchive
from formats.zip.writer import ZipStream
from tests.dossiers import dossiers, full_dossier, patient_variants
from tests.unit.pdlgc.bodies import STATED, WRITTEN_AT, Made, Pipe, make, with_files

UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def assert_comes_back(dossier: Dossier) -> None:
    whole, bodies = with_files(dossier)
    made = make(whole, bodies)
    archive = made.read()
    assert archive.dossier == whole
    assert repr(archive.dossier) == repr(whole)
    assert archive.findings == ()
    assert archive.compare_page(STATED, WRITTEN_AT)
    assert {digest: archive.open_attachment(digest).read() for digest in bodies} == bodies
    with zipfile.ZipFile(io.BytesIO(made.data)) as theirs:
        assert theirs.testzip() is None
        etree.fromstring(theirs.read(layout.INDEX))


@settings(UNHURRIED, max_examples=30)
@given(dossiers())
def test_every_dossier_comes_back(dossier: Dossier) -> None:
    assert_comes_back(dossier)


@settings(UNHURRIED, max_examples=40)
@given(dossiers(kinds=(SourceRow,), most=4))
def test_source_rows_come_back(dossier: Dossier) -> None:
    assert_comes_back(dossier)


def test_every_word_comes_back() -> None:
    assert_comes_back(full_dossier())
    for dossier in patient_variants():
        assert_comes_back(dossier)


PRINTABLE = st.text(max_size=20)


@given(st.lists(st.tuples(PRINTABLE, PRINTABLE)))
def test_a_table_comes_back(rows: list[tuple[str, str]]) -> None:
    data = b"".join(write_table(("a", "b"), rows))
    assert [(row["a"], row["b"]) for row in read_rows(io.BytesIO(data), ("a", "b"), name="T")] == rows


@settings(deadline=None)
@given(st.lists(st.lists(st.binary(max_size=2000), max_size=4), max_size=5))
def test_what_is_written_into_a_zip_is_read_by_both(members: list[list[bytes]]) -> None:
    target = Pipe()
    stream = ZipStream(target, when=WRITTEN_AT)
    for number, pieces in enumerate(members):
        stream.add(f"M{number}", pieces)
    stream.finish()
    ours = ZipArchive(io.BytesIO(bytes(target.taken)))
    theirs = zipfile.ZipFile(io.BytesIO(bytes(target.taken)))
    for number, pieces in enumerate(members):
        assert ours.open(f"M{number}").read() == theirs.read(f"M{number}") == b"".join(pieces)


WHOLE = make(*with_files(full_dossier()))


def _assert_in_words(failure: Failure) -> None:
    assert failure.code
    assert str(failure)


@settings(UNHURRIED, max_examples=150)
@given(st.data())
def test_damage_is_refused_in_words_or_changes_nothing(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE.data)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(damaged)))
        length = data.draw(st.integers(0, 200))
        damaged[start : start + length] = data.draw(st.binary(max_size=200))
    made = Made(data=bytes(damaged), written=WHOLE.written, dossier=WHOLE.dossier, bodies=WHOLE.bodies)
    try:
        archive = made.read()
        bodies = {digest: archive.open_attachment(digest).read() for digest in WHOLE.bodies}
    except Failure as failure:
        _assert_in_words(failure)
        return
    assert archive.dossier == WHOLE.dossier
    assert bodies == WHOLE.bodies


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bytes_that_are_no_archive_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_patient_archive(io.BytesIO(data))
    _assert_in_words(caught.value)
