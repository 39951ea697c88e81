"""What every writer of a form keeps: the same bytes for the same value and clock, front to back, to the last byte."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from formats import registry
from tests.conformance.members import FORMS, written

NAMES = [name for name, one in registry.FORMS.items() if one.import_writer]
pytestmark = pytest.mark.parametrize("name", NAMES)


class Slow:
    """A pipe that takes few bytes at a time and can do nothing but be written to."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes | memoryview, /) -> int:
        taken = bytes(data[:97])
        self.data += taken
        return len(taken)


def test_the_same_value_and_clock_give_the_same_bytes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert written(name) == written(name)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_every_byte_reaches_a_target_that_takes_few_at_a_time(name: str) -> None:
    target = Slow()
    registry.writer_for(name)(FORMS[name].value, target, **FORMS[name].options)
    assert bytes(target.data) == written(name)


def test_its_own_checker_notices_nothing(name: str) -> None:
    assert list(registry.checker_for(name)(io.BytesIO(written(name)))) == []
