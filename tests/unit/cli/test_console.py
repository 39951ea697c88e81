"""What the program prints: one whole JSON document, or nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from archiver.cli.terminal.console import TOGETHER, show_json
from archiver.errors import DiskFault

LINES = 4 * TOGETHER // 20


def units(*, fault: bool) -> Iterator[dict[str, Any]]:
    """Yield more than is printed at a time; then fail, as a package does that a disk no longer gives."""
    for number in range(LINES):
        yield {"unit": f"{number:020}"}
    if fault:
        raise DiskFault(reason="Input/output error")


def test_a_document_that_cannot_be_made_whole_is_not_begun(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DiskFault):
        show_json({"inspected": 1, "units": units(fault=True)})
    assert capsys.readouterr().out == ""


def test_a_long_document_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"inspected": 1, "units": units(fault=False)})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"inspected": 1, "units": list(units(fault=False))}
    assert printed == json.dumps(json.loads(printed), indent=2, ensure_ascii=False) + "\n"
