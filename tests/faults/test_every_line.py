"""Ctrl-C at any line of what keeps a file: what the records list lies there, and nothing else does."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path
from types import FrameType

import pytest

from archiver import disk
from archiver.practice import attachments, store
from formats.model.documents import Attachment
from formats.reading import FileBody

pytestmark = [  # a descriptor that was just opened goes with the program that Ctrl-C ends
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

WATCHED = {module.__file__ for module in (disk, attachments, store)}
LETTERS = (b"Cher confrere, ...", b"Chere consoeur, ...")


class Interruption:
    """Ctrl-C at the ``n``-th line of ``WATCHED`` that runs, counted over calls and returns as they come."""

    def __init__(self, line: int) -> None:
        self.left = line

    def __call__(self, frame: FrameType, event: str, _argument: object) -> Interruption | None:
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


def body(content: bytes) -> FileBody:
    digest = hashlib.sha256(content).hexdigest()
    attachment = Attachment(sha256=digest, size=len(content), media_type="text/plain")
    return FileBody(attachment=attachment, open=lambda: io.BytesIO(content))


def keep(place: Path, content: bytes, line: int = 0) -> bool:
    """Keep ``content`` in the store at ``place``; say whether it came to an end before ``line``."""
    before = sys.gettrace()
    if line:
        sys.settrace(Interruption(line))
    try:
        with store.open_store(place, create=True) as practice, practice.changing():
            practice.keep_file(body(content))
    except KeyboardInterrupt:
        return False
    finally:
        sys.settrace(before)
    return True


def lying(folder: Path) -> set[str]:
    """Return the names of all that lies there, except the store and the files of SQLite beside it."""
    return {path.name for path in folder.rglob("*") if not path.name.startswith("practice.db")}


def listed(place: Path) -> set[str]:
    if not place.exists():
        return set()
    with store.open_store(place, reading=True) as practice:
        return {row[0] for row in practice.db.execute("SELECT sha256 FROM files")}


def folders(digests: set[str]) -> set[str]:
    return {*digests, *(digest[:2] for digest in digests), *(["practice.files"] if digests else [])}


def each_line(tmp_path: Path, before: bytes | None) -> None:
    line, ended = 0, False
    while not ended:
        line += 1
        folder = tmp_path / str(line)
        folder.mkdir()
        place = folder / "practice.db"
        if before is not None:
            keep(place, before)
        ended = keep(place, LETTERS[0], line)
        assert lying(folder) == folders(listed(place)), line
        if before is None and not listed(place):
            assert list(folder.iterdir()) == [], line
        assert keep(place, LETTERS[0]), line
    assert line > 50, "nothing was interrupted"


def test_the_first_file_of_a_practice(tmp_path: Path) -> None:
    each_line(tmp_path, None)


def test_a_file_beside_another(tmp_path: Path) -> None:
    each_line(tmp_path, LETTERS[1])
