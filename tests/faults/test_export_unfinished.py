"""An official archive that ends in its midst: nothing has its name before it is whole, and it goes on."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from archiver.delivery import export_record
from archiver.delivery.errors import SendingInterrupted
from archiver.delivery.unfinished import UNFINISHED
from archiver.errors import AlreadyExists, DiskFull
from archiver.operations.deliveries.export_request import PortabilityRequest
from archiver.operations.deliveries.pdlgc import PortabilityOutcome, export_portability
from archiver.operations.dossiers.find import persons_in
from archiver.practice.store import PracticeStore, open_store
from archiver.signing.errors import CertificateEnded
from archiver.signing.keys.key_file import KeySigner, SignerName, make_signer
from formats.portability.writer.manifest import ExportType
from tests.faults.test_full_disk import disk_of
from tests.journeys.line import Line

NOW = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)
PATIENTS = 8


@pytest.fixture(scope="module")
def signer() -> KeySigner:
    return make_signer(SignerName(name="Dr Malo Kerbrat"), at=NOW - timedelta(days=1), random=bytes)


@pytest.fixture
def store(small_line: Line, tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(small_line.copy(tmp_path, "practice.db") / "practice.db") as opened:
        yield opened


def export(
    store: PracticeStore,
    signer: KeySigner,
    folder: Path,
    *,
    progress: Callable[[int], None] = lambda _: None,
    each: int = 99_999,
    at: datetime = NOW,
) -> PortabilityOutcome:
    persons = [one.records for one in persons_in(store)][:PATIENTS]
    numbers = count(1)
    request = PortabilityRequest(
        patients=[record.id for records in persons for record in records],
        folder=folder,
        kind=ExportType.CHOSEN,
        signer=signer,
        by="a",
        receiver="b",
        each=each,
    )
    return export_portability(
        store,
        request,
        clock=lambda: at,
        randomness=lambda size: next(numbers).to_bytes(size),
        progress=progress,
    )


def until(steps: int) -> Callable[[int], None]:
    """Return a progress that is interrupted when so many dossiers are done."""
    done = count(1)

    def progress(_: int) -> None:
        if next(done) == steps:
            raise KeyboardInterrupt

    return progress


def digests(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as whole:
        return {name: hashlib.sha256(whole.read(name)).hexdigest() for name in whole.namelist()}


def anomalies(store: PracticeStore) -> list[str]:
    query = "SELECT json_extract(detail, '$.anomaly') FROM journal WHERE operation = 'delivery'"
    return [found for (found,) in store.db.execute(query)]


@pytest.mark.parametrize("steps", [1, 4, 8])
def test_an_interrupted_export_goes_on_and_is_the_same(
    store: PracticeStore, signer: KeySigner, tmp_path: Path, steps: int
) -> None:
    at_once = export(store, signer, tmp_path / "at-once")
    (whole,) = at_once.exports
    folder = tmp_path / "going-on"
    with pytest.raises(SendingInterrupted):
        export(store, signer, folder, progress=until(steps))
    assert not list(folder.glob("PA2*")) and (folder / UNFINISHED).exists()
    assert anomalies(store)[-1] == SendingInterrupted.code
    again = export(store, signer, folder, at=NOW + timedelta(hours=1))
    assert again.earlier == steps
    assert sorted(map(repr, again.findings)) == sorted(map(repr, at_once.findings))
    assert any(one.code.startswith("cda-") for one in again.findings)
    assert [one.name for one in folder.iterdir()] == [whole.path.name]
    before, after = digests(whole.path), digests(folder / whole.path.name)
    assert {name for name in before if before[name] != after.get(name)} == {"SIGN.XML"}, (
        "the moment of signing"
    )
    assert list(before) == list(after)


def test_what_was_changed_meanwhile_is_written_again(
    store: PracticeStore, signer: KeySigner, tmp_path: Path
) -> None:
    folder = tmp_path / "official"
    with pytest.raises(SendingInterrupted):
        export(store, signer, folder, progress=until(6))
    part = folder / export_record.PART.format(number=1)
    data = bytearray(part.read_bytes())
    place = data.find(b"PAT00004.ZIP") + 400
    data[place] ^= 1
    part.write_bytes(bytes(data))
    again = export(store, signer, folder)
    assert again.earlier == 3, "the first three are as they were"
    (path,) = folder.iterdir()
    with zipfile.ZipFile(path) as whole:
        manifest = ET.fromstring(whole.read("MANIFEST.XML"))  # noqa: S314 - our own
        for line in manifest.iter("Archive"):
            ident = line.findtext("archiveid")
            body = whole.read("TRANSVERSE.ZIP" if ident == "TRANSV" else f"{ident}.ZIP")
            assert hashlib.sha256(body).hexdigest() == line.findtext("hash")
            assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
    with pytest.raises(SendingInterrupted):
        export(store, signer, tmp_path / "other", progress=until(6))
    changed = [tuple(one.records) for one in persons_in(store)][1][0].id
    with store.changing():
        store.db.execute("UPDATE patients SET occupation = 'autre' WHERE id = ?", [changed])
    assert export(store, signer, tmp_path / "other").earlier == 1


@pytest.mark.parametrize(("size", "stays"), [(32 << 10, False), (160 << 10, True)])
def test_a_disk_that_fills_up(
    store: PracticeStore, signer: KeySigner, tmp_path: Path, size: int, *, stays: bool
) -> None:
    with disk_of(tmp_path / "disk", size) as disk:
        folder = disk / "official"
        with pytest.raises(DiskFull):
            export(store, signer, folder)
        assert folder.exists() is stays and not list(folder.glob("PA2*"))
    assert anomalies(store) == [DiskFull.code]


def test_something_else_at_the_target_is_left_alone(
    store: PracticeStore, signer: KeySigner, tmp_path: Path
) -> None:
    with pytest.raises(SendingInterrupted):
        export(store, signer, tmp_path / "official", progress=until(3))
    before = {one.name: one.read_bytes() for one in (tmp_path / "official").iterdir()}
    with pytest.raises(AlreadyExists):
        export(store, signer, tmp_path / "official", each=3)
    assert {one.name: one.read_bytes() for one in (tmp_path / "official").iterdir()} == before


def test_more_patients_than_one_archive_takes_are_several(
    store: PracticeStore, signer: KeySigner, tmp_path: Path
) -> None:
    folder = tmp_path / "official"
    with pytest.raises(SendingInterrupted):
        export(store, signer, folder, each=3, progress=until(5))
    outcome = export(store, signer, folder, each=3)
    assert outcome.earlier == 5
    assert [one.patients for one in outcome.exports] == [3, 3, 2]
    assert sorted(one.name for one in folder.iterdir()) == [one.path.name for one in outcome.exports]
    assert len({one.id for one in outcome.exports}) == 3
    for number, one in enumerate(outcome.exports, 1):
        with zipfile.ZipFile(one.path) as whole:
            manifest = ET.fromstring(whole.read("MANIFEST.XML"))  # noqa: S314 - our own
            assert {"PAT00001.ZIP", "TRANSVERSE.ZIP", "SIGN.XML"} <= {*whole.namelist()}
        assert manifest.findtext("exportStatus") == "PARTIAL"
        assert re.search(rf"; {number}/3$", manifest.findtext("comments") or "")


def test_an_ended_certificate_signs_nothing(store: PracticeStore, signer: KeySigner, tmp_path: Path) -> None:
    with pytest.raises(CertificateEnded):
        export(store, signer, tmp_path / "official", at=NOW + timedelta(days=20 * 365))
    assert not (tmp_path / "official").exists()
