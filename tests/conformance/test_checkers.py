"""What every checker of a form keeps: it answers hostile bytes with a failure of the format, and nothing else."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from formats import registry
from formats.errors import Failure
from formats.findings import Finding
from tests.conformance.members import written

NAMES = [name for name, one in registry.FORMS.items() if one.import_checker]
pytestmark = pytest.mark.parametrize("name", NAMES)
FLIPPED = 40
"""Bytes flipped, one at a time."""


def hostile(data: bytes) -> Iterator[bytes]:
    """Yield what is no file of the form, or one that was damaged."""
    yield from (b"", b"\x00", b"\xff" * 4096, bytes(range(256)) * 64, b"{" * 5000, b"[" * 5000, b"PK\x03\x04")
    yield from (data[: len(data) * part // 7] for part in range(1, 7))
    yield data + b"\x00behind"
    chance = random.Random(7)
    for _ in range(FLIPPED):
        place = chance.randrange(len(data))
        yield data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def test_hostile_bytes_are_refused_or_noticed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refused = 0
    for data in hostile(written(name)):
        try:
            found = list(registry.checker_for(name)(io.BytesIO(data)))
        except Failure:
            refused += 1
        else:
            assert all(isinstance(one, Finding) for one in found)
    assert refused >= 5
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_it_leaves_the_source_open(name: str) -> None:
    source = io.BytesIO(written(name))
    list(registry.checker_for(name)(source))
    assert not source.closed
