"""A delivery of which nothing became whole leaves nothing, and takes nothing along that somebody put beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from archiver.delivery.export_record import PART, open_unfinished_export
from archiver.delivery.unfinished import open_unfinished
from archiver.temporary_files import SCRATCH

Opening = Callable[[Path], AbstractContextManager[Any]]


@pytest.mark.parametrize(
    ("opening", "begun"),
    [
        (lambda folder: open_unfinished(folder, {"which": "this"}), f"{SCRATCH}1/file"),
        (lambda folder: open_unfinished_export(folder, "this", {}), PART.format(number=1)),
    ],
    ids=["folders", "archives"],
)
@pytest.mark.parametrize("note", [True, False])
def test_what_was_begun_goes_and_nothing_else(
    opening: Opening, begun: str, note: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "target"
    with pytest.raises(KeyboardInterrupt), opening(folder):
        (folder / begun).parent.mkdir(exist_ok=True)
        (folder / begun).write_bytes(b"begun")
        if note:
            (folder / "to the notary.txt").write_text("mine", encoding="utf-8")
        raise KeyboardInterrupt
    left = [one.relative_to(folder).as_posix() for one in folder.rglob("*")]
    assert left == (["to the notary.txt"] if note else [])
    assert folder.exists() == note
