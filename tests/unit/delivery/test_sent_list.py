"""Whatever a file or a server calls itself, the list of what was sent can be read again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.delivery.sent_list import SentItem, SentState, open_sent_list

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("target", "identity"),
    [
        ("PACS@h:104", "1.2.3"),
        ("PACS@h:104", "1.2\r\n3;4"),
        ("PACS@h:104", "=1+1"),
        ("PACS@h:104", "\x1b[2J\u202e"),
        ("=PACS@h:104", "1.2.3"),
    ],
)
def test_what_was_taken_is_known_again(tmp_path: Path, target: str, identity: str) -> None:
    item = SentItem(kind="dicom", identity=identity, size=1, sha256="0" * 64)
    refused = SentItem(kind="dicom", identity="1.9", size=1, sha256="0" * 64, state=SentState.REFUSED)
    path = tmp_path / "sent.csv"
    with open_sent_list(path, target) as listed:
        listed.add("45", item, NOW)
        listed.add("45", refused, NOW)
        assert not listed.has(item)
    with open_sent_list(path, target) as listed:
        assert listed.has(item) and not listed.has(refused)
    with open_sent_list(path, "OTHER@h:104") as listed:
        assert not listed.has(item)
    assert "\x1b" not in path.read_text(encoding="utf-8-sig") and path.read_bytes().count(b"\n") == 3
