from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archiver.errors import KeyUnreadable
from archiver.sealing.recovery.drill_register import REGISTER, KeyRecord, note_drill, note_kit, read_register

MADE = datetime(2024, 2, 29, 10, tzinfo=timezone(timedelta(hours=1)))
KEY, OTHER = "1111-2222-3333-4444", "5555-6666-7777-8888"


def test_what_is_noted_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert read_register(folder) == {}
    note_kit(folder, KEY, MADE)
    note_drill(folder, OTHER, MADE, "urn:p:1")
    note_drill(folder, KEY, MADE + timedelta(days=3), "urn:p:2")
    found = read_register(folder)
    assert found[KEY] == KeyRecord(kit_made=MADE, drilled=MADE + timedelta(days=3), package="urn:p:2")
    assert found[OTHER] == KeyRecord(drilled=MADE, package="urn:p:1")
    if os.name == "posix":
        assert (folder / REGISTER).stat().st_mode & 0o777 == 0o600


def test_twelve_months_from_the_later_of_both() -> None:
    day = timedelta(days=1)
    assert not KeyRecord().due(MADE)
    assert not KeyRecord(kit_made=MADE).due(datetime(2025, 2, 28, 8, 59, tzinfo=UTC))
    assert KeyRecord(kit_made=MADE).due(datetime(2025, 2, 28, 9, 0, tzinfo=UTC))
    drilled = KeyRecord(kit_made=MADE, drilled=MADE + 200 * day)
    assert not drilled.due(MADE + 400 * day)
    assert drilled.due(MADE + 566 * day)
    renewed = KeyRecord(kit_made=MADE + 200 * day, drilled=MADE)
    assert not renewed.due(MADE + 400 * day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"register": 2, "keys": {}}',
        '{"register": 1, "keys": {"k": {}}}',
        '{"register": 1, "keys": {"k": {"kit_made": "yesterday", "drilled": null, "package": ""}}}',
        '{"register": 1, "keys": {"k": {"kit_made": "2024-01-01", "drilled": null, "package": ""}}}',
        '{"register": 1, "keys": []}',
        "[" * 100_000,
        json.dumps({"register": 1, "keys": {}, "more": "x" * (1 << 20)}),
    ],
)
def test_a_damaged_register_is_said_and_not_replaced(tmp_path: Path, text: str) -> None:
    path = tmp_path / REGISTER
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyUnreadable) as refusal:
        read_register(tmp_path)
    assert refusal.value.where == str(path)
    with pytest.raises(KeyUnreadable):
        note_kit(tmp_path, KEY, MADE)
    assert path.read_text(encoding="utf-8") == text
