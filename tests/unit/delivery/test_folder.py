"""A folder that could not be finished holds no file open: Windows deletes none that is."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from archiver.delivery.folder import FolderContainer
from formats.errors import AttachmentChanged


def test_a_file_that_was_not_finished_is_closed(tmp_path: Path) -> None:
    with pytest.raises(AttachmentChanged), FolderContainer(tmp_path) as container:
        container.add_whole("INDEX.HTM", b"<p>")
        member = container.begin("DOCUMENTS/pano.png")
        member.write(b"x")
        raise AttachmentChanged(digest="0", reason="it ends before its length")
    with pytest.raises(ValueError, match="closed file"):
        member.write(b"y")
    del member
    gc.collect()  # a file left open would be warned of here, and a warning is an error
    assert sorted(one.name for one in tmp_path.rglob("*.*")) == ["INDEX.HTM", "pano.png"]
