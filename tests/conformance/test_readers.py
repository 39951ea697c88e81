"""What every reader of a source keeps: one pass, nothing printed, nothing lost, nothing left behind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from formats import registry
from formats.errors import Failure
from formats.findings import Finding
from formats.model.record import Record
from tests.conformance.members import KNOWN, SOURCES, Source

pytestmark = pytest.mark.parametrize("name", registry.SOURCES)


@pytest.fixture
def source(name: str) -> Source:
    return SOURCES[name]


@pytest.fixture
def empty_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, watched."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def items(name: str, place: Path, options: dict[str, Any]) -> list[Any]:
    with registry.reader_for(name)(str(place), **options) as found:
        return list(found)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def text(one: Any) -> str:
    """Return an item as text that is the same whenever the item is; a function to open has an address."""
    return repr(getattr(one, "attachment", None) if hasattr(one, "open") else one)


def test_it_yields_known_items_in_the_same_order_and_prints_nothing(
    name: str, source: Source, tmp_path: Path, empty_temp: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = source.lay(tmp_path)
    before = digests(tmp_path)
    first = items(name, place, source.options(tmp_path))
    assert len(first) > 5
    assert [one for one in first if not isinstance(one, (*KNOWN, Record))] == []
    assert [text(one) for one in items(name, place, source.options(tmp_path))] == [text(one) for one in first]
    assert capfd.readouterr() == ("", "")
    assert digests(tmp_path) == before
    assert list(empty_temp.iterdir()) == []


def test_it_drops_nothing_silently(name: str, source: Source, tmp_path: Path) -> None:
    place = source.lay(tmp_path)
    found = items(name, place, source.options(tmp_path))
    assert not any(source.lost(found, place)), source.lost(found, place)


def test_it_gives_one_item_at_a_time_and_can_be_left(
    name: str, source: Source, tmp_path: Path, empty_temp: Path
) -> None:
    place = source.lay(tmp_path)
    with registry.reader_for(name)(str(place), **source.options(tmp_path)) as found:
        assert isinstance(found, Iterator)
        next(found)
        del found
    assert list(empty_temp.iterdir()) == []


def test_what_is_no_such_source_is_refused_by_a_failure(
    name: str, source: Source, tmp_path: Path, empty_temp: Path
) -> None:
    with pytest.raises(Failure):
        items(name, source.bad(tmp_path), source.options(tmp_path))
    assert list(empty_temp.iterdir()) == []


def test_hostile_files_become_findings(name: str, source: Source, tmp_path: Path) -> None:
    """A folder whose every file is cut short or filled with noise: read on, or refused, and nothing else."""
    place = source.lay(tmp_path)
    files = [path for path in ([place] if place.is_file() else sorted(place.rglob("*"))) if path.is_file()]
    for number, path in enumerate(files):
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 3] if number % 2 else b"\xff" * len(data))
    try:
        found = items(name, place, source.options(tmp_path))
    except Failure:
        return
    assert any(isinstance(one, Finding) for one in found)
