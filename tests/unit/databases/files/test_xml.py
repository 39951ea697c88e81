"""XML as a table: rows are a repeated element, columns its elements and attributes; nothing outside is followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats.databases.files.file_findings import ElementMissing, ElementsMixed
from formats.errors import LimitExceeded, TableUnreadable
from tests.unit.databases.files.opened import notices, opened, rows

PLAIN = '<?xml version="1.0"?><export><p NUM="1"><NOM>Noël</NOM><VIDE/></p>\n<p NUM="2"><NOM>Sœur</NOM></p></export>'
TWO = [{"NUM": "1", "NOM": "Noël", "VIDE": ""}, {"NUM": "2", "NOM": "Sœur"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-15", "mac-roman"])
def test_rows_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = PLAIN.replace('"1.0"', f'"1.0" encoding="{encoding}"', 1)
    assert rows(tmp_path, "T.xml", text.encode(encoding)) == TWO


def test_names_lose_their_namespace_and_blanks_come_back(tmp_path: Path) -> None:
    content = (
        b'<d:r xmlns:d="urn:d" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">'
        b'<d:l><d:ID_x0020_patient>7</d:ID_x0020_patient><d:NOM xsi:nil="true"/></d:l></d:r>'
    )
    assert rows(tmp_path, "T.xml", content) == [{"ID patient": "7", "NOM": None}]
    assert notices(tmp_path, "T.xml", content) == []


def test_what_is_nested_or_comes_again_has_a_name_of_its_own(tmp_path: Path) -> None:
    content = (
        b"<r><l><adresse type='dom'><rue>3 quai</rue><ville>X</ville></adresse><tel>1</tel><tel>2</tel></l>"
        b"<l>texte<!-- --><tel><![CDATA[<3>]]></tel><?pi?></l></r>"
    )
    assert rows(tmp_path, "T.xml", content) == [
        {"adresse.type": "dom", "adresse.rue": "3 quai", "adresse.ville": "X", "tel": "1", "tel (2)": "2"},
        {"tel": "<3>", "l": "texte"},
    ]


def test_the_mapping_names_the_row_where_the_root_has_several(tmp_path: Path) -> None:
    content = b"<r n='1'><head><by>x</by></head><all><p><A>1</A></p><p><A>2</A></p></all></r>"
    with pytest.raises(ElementsMixed, match="head, all"), opened(tmp_path, "T.xml", content):
        pass
    assert rows(tmp_path, "T.xml", content, element="p") == [{"A": "1"}, {"A": "2"}]
    assert [one.facts["count"] for one in notices(tmp_path, "T.xml", content, element="p")] == [2]
    with pytest.raises(ElementMissing, match="q"), opened(tmp_path, "T.xml", content, element="q"):
        pass


def test_rows_may_hold_rows_of_their_name(tmp_path: Path) -> None:
    assert rows(tmp_path, "T.xml", b"<r><p><p>1</p></p></r>", element="p") == [{"p": "1"}]


LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r><p><A>&b;</A></p></r>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (PLAIN.encode()[:-20], "is cut"),
        (b"", "is cut"),
        (b"NUM;NOM", "no XML"),
        (LAUGHS.encode(), "never followed"),
        (b"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r><p/></r>", "never followed"),
        (b"<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://127.0.0.1/x'>%x;]><r/>", "never followed"),
        (b"<r><p>&unknown;</p></r>", "no XML"),
        ("<?xml version='1.0' encoding='utf-8'?><r><p>é</p></r>".encode("cp1252"), "no XML"),
        (b"<?xml version='1.0' encoding='utf-7'?><r/>", "no XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><r/>", "no XML"),
        (b"<r><p>" + b"<a>" * 40, "limit"),
        (b"<r" + b" a='" + b"x" * 200_000 + b"'/>", "limit"),
        (b"".join(b"<r xmlns:p%d='u'>" % n for n in range(40)), "limit"),
    ],
)
def test_what_is_hostile_cut_or_no_xml_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises((TableUnreadable, LimitExceeded), match=sentence), opened(tmp_path, "T.xml", content):
        pass
