"""Making copies: the same bytes, the cache, what hangs or dies, and nothing that stays behind."""

from __future__ import annotations

import io
import multiprocessing
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.twins.cache import CopyCache
from archiver.twins.nodes import text_node
from archiver.twins.pool import CopyProcess
from archiver.twins.press import TwinPress
from archiver.twins.request import CopyRequest, MadeCopy
from archiver.twins.worker import MUCH_MEMORY
from formats.digests import Digest
from formats.errors import AttachmentChanged, FolderNotFound
from formats.model.dossier import Dossier
from tests.copies import made_copies, original, structured
from tests.full_dossier import full_dossier

LETTER = "Cher confrère,\n\nMerci de recevoir ce patient.\n".encode()


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return full_dossier()


def test_the_same_document_gives_the_same_bytes_and_another_gives_others(dossier: Dossier) -> None:
    documents = [original(dossier, "lettre.txt", LETTER), structured("83836-7", 2)]
    first, second = (made_copies(dossier, documents, [LETTER], processes=n) for n in (1, 2))
    assert first.pdfs == second.pdfs
    other = original(dossier, "lettre.txt", LETTER + b"!")
    assert made_copies(dossier, [other], [LETTER + b"!"]).pdfs[other.place] != first.pdfs[documents[0].place]


def test_the_cache_gives_what_was_made_once_checks_it_and_is_private(
    dossier: Dossier, tmp_path: Path
) -> None:
    document, folder = original(dossier, "lettre.txt", LETTER), tmp_path / "cache"
    first = made_copies(dossier, [document], [LETTER], cache=folder)
    (entry,) = folder.iterdir()
    assert first.counts.from_cache == 0 and first.pdfs[document.place] == entry.read_bytes()
    second = made_copies(dossier, [document], [LETTER], cache=folder)
    assert second.counts.from_cache == 1 and second.pdfs == first.pdfs
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0 and entry.stat().st_mode & 0o077 == 0
    entry.write_bytes(entry.read_bytes()[:-1] + b"\0")
    third = made_copies(dossier, [document], [LETTER], cache=folder)
    assert third.counts.from_cache == 0 and third.pdfs == first.pdfs


def test_a_cache_drops_what_was_used_longest_ago(tmp_path: Path) -> None:
    cache = CopyCache(tmp_path / "cache", most=25)
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(b"0123456789")
    made = MadeCopy(size=10, digest=Digest.of(b"0123456789"))
    keys = [f"{number:064x}" for number in range(3)]
    for key in keys[:2]:
        cache.put(key, made, source)
    assert cache.get(keys[0], target)
    cache.put(keys[2], made, source)
    assert [bool(cache.get(key, target)) for key in keys] == [True, False, True]
    assert [bool(CopyCache(tmp_path / "cache").get(key, target)) for key in keys] == [True, False, True]
    cache.put("f" * 64, MadeCopy(size=26, digest=made.digest), source)
    assert cache.get("f" * 64, target) is None


def test_a_copy_that_takes_too_long_costs_itself_alone(tmp_path: Path) -> None:
    def request(lines: int) -> CopyRequest:
        data = {
            "practice": {"name": "", "lines": []},
            "patient": {"name": "", "line": "", "facts": []},
            "title": "Notes",
            "kind": "",
            "when": "",
            "body": [text_node("mot " * 20 + "\n") for _ in range(lines)],
        }
        return CopyRequest(data=data, made=datetime(2026, 1, 1, tzinfo=UTC))

    process, target = CopyProcess(tmp_path / "process"), tmp_path / "a.pdf"
    try:
        assert process.make(request(1), target, seconds=60)
        assert process.make(request(9_000), target, seconds=0.05) is None
        assert process.make(request(1), target, seconds=60)
    finally:
        process.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_a_process_is_not_replaced_for_the_memory_of_the_one_that_started_it(dossier: Dossier) -> None:
    document = structured("83836-7")
    assert len(b"\1" * (MUCH_MEMORY + 1)) > MUCH_MEMORY  # this process had as much
    with TwinPress(processes=1) as press:
        numbers = set()
        for _ in range(2):
            press.prepare(dossier, [document], lambda _: io.BytesIO())(document).close()
            (process,) = multiprocessing.active_children()
            numbers.add(process.pid)
    assert len(numbers) == 1


def test_a_process_that_dies_is_replaced(dossier: Dossier) -> None:
    document = structured("83836-7")
    with TwinPress(processes=1) as press:
        press.prepare(dossier, [document], lambda _: io.BytesIO())(document).close()
        press._pool._every[0]._process.kill()
        with press.prepare(dossier, [document], lambda _: io.BytesIO())(document) as stream:
            assert stream.read(5) == b"%PDF-"
    assert [one.code for one in press.findings] == ["copy-takes-too-long"]


def test_nothing_stays_behind_even_of_copies_that_nobody_opened(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    documents = [original(dossier, "lettre.txt", LETTER), structured("83836-7", 2), structured("SYNTH", 3)]
    with TwinPress(processes=1) as press:
        opener = press.prepare(dossier, documents, lambda _: io.BytesIO(LETTER))
        opener(documents[0]).close()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_was_read_is_gone_and_its_file_too(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = original(dossier, "lettre.txt", LETTER)
    with TwinPress(processes=1) as press:
        opener = press.prepare(dossier, [document], lambda _: io.BytesIO(LETTER))
        stream = opener(document)
        assert [path.suffix for path in tmp_path.rglob("*.*")] == [".pdf", ".typ"]
        stream.close()
        assert [path.suffix for path in tmp_path.rglob("*.*")] == [".typ"]


def test_a_file_that_is_not_as_long_as_it_states_is_refused(dossier: Dossier) -> None:
    document = original(dossier, "lettre.txt", LETTER)
    for content in (LETTER[:-1], LETTER + b"!"):
        with TwinPress(processes=1) as press, pytest.raises(AttachmentChanged):
            press.prepare(dossier, [document], lambda _, content=content: io.BytesIO(content))


def test_what_the_disk_answers_to_the_process_is_raised_here(dossier: Dossier, tmp_path: Path) -> None:
    document = structured("83836-7")
    with TwinPress(processes=1) as press:
        opener = press.prepare(dossier, [document], lambda _: io.BytesIO())
        opener(document).close()
        process, target = press._pool._every[0], tmp_path / "nowhere" / "a.pdf"
        with pytest.raises(FolderNotFound):
            process.make(opener._request(document), target, seconds=60)
        assert process.make(opener._request(document), tmp_path / "a.pdf", seconds=60)
