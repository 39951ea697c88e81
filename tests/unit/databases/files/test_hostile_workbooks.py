"""Entities in a workbook or an OpenDocument sheet: never expanded, never fetched, and the refusal is one sentence."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from formats.errors import LimitExceeded, TableUnreadable
from tests.unit.databases.files.opened import opened, rows
from tests.workbooks import Sheets, ods, packed, xlsx

ROWS: Sheets = {"T": [("NUM", "NOM"), ("1", "Abadie")]}
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>',
    "file": '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>',
    "network": '<!DOCTYPE x [<!ENTITY a9 SYSTEM "http://127.0.0.1:9/x">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname">%p;<!ENTITY a9 "x">]>',
}


def with_entity(book: bytes, member: str, doctype: str, text: str) -> bytes:
    """Return ``book`` with ``doctype`` in ``member``, and its entity in the place of ``text``."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    before, declared, body = members[member].partition("?>")
    head, body = (before + declared, body) if declared else ("", before)
    assert text in body
    return packed({**members, member: head + doctype + body.replace(text, "&a9;")})


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize(
    ("name", "make", "member", "text"),
    [
        ("T.xlsx", xlsx, "xl/worksheets/sheet1.xml", "Abadie"),
        ("T.xlsx", xlsx, "xl/workbook.xml", "T"),
        ("T.ods", ods, "content.xml", "Abadie"),
    ],
)
def test_an_entity_is_never_expanded(
    doctype: str, name: str, make: Callable[[Sheets], bytes], member: str, text: str, tmp_path: Path
) -> None:
    book = with_entity(make(ROWS), member, DOCTYPES[doctype], text)
    started = time.monotonic()
    with pytest.raises(TableUnreadable) as refused, opened(tmp_path, name, book):
        pass
    assert "\n" not in str(refused.value) and time.monotonic() - started < 30


def test_a_bomb_of_many_members_is_refused(tmp_path: Path) -> None:
    """Members that say the truth of their size, of which all together are too large."""
    with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    made = bytearray(packed({**members, **{f"xl/media/{n}.png": bytes(1 << 20) for n in range(8)}}))
    size, huge = (1 << 20).to_bytes(4, "little"), (0x7FFF_FFFF).to_bytes(4, "little")
    with (
        pytest.raises((LimitExceeded, TableUnreadable)) as refused,
        opened(tmp_path, "T.xlsx", bytes(made.replace(size, huge))),
    ):
        pass
    assert "\n" not in str(refused.value)


def test_a_link_to_another_workbook_is_not_followed(tmp_path: Path) -> None:
    """What the spreadsheet saw last is in the cell; the other workbook, which is there, says something else."""
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "autre.xlsx").write_bytes(xlsx({"Feuil1": [("NUM",), ("999",)]}))
    cell = "<row><c t='str'><f>'[1]Feuil1'!A2</f><v>1</v></c></row>"
    book = xlsx({"T": ()}, T=f"<row><c t='inlineStr'><is><t>NUM</t></is></c></row>{cell}")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    target = 'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"'
    members["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" {target} Target="beside/autre.xlsx" TargetMode="External"/></Relationships>'
    )
    assert rows(tmp_path, "T.xlsx", packed(members)) == [{"NUM": "1"}]
