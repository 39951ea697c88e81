"""Addresses in messages: who gets in by them is not shown."""

from __future__ import annotations

import pytest

from archiver.delivery.errors import TargetAddress
from formats.errors import FolderNotFound, failure_in_words
from formats.printable import without_credentials
from formats.words import translate


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:secret@host/x", "https://…@host/x"),
        ("https:/user:secret@host/x", "https:/…@host/x"),
        ("https://:secret@host/x", "https://…@host/x"),
        ("https://token@host", "https://…@host"),
        ("https://user:sec/ret@host/x", "https://…@host/x"),
        ("https://user:sec@ret@host/x", "https://…@host/x"),
        ("https://host/x?a=1&password=secret&b=2", "https://host/x?a=1&password=…&b=2"),
        ("asked https://u:p@one and mysql://u:p@two", "asked https://…@one and mysql://…@two"),
        ("https://host/dicom-web", "https://host/dicom-web"),
        ("PACS@192.168.1.20:104", "PACS@192.168.1.20:104"),
        ("C:/Users/anne@cabinet/lettre.pdf", "C:/Users/anne@cabinet/lettre.pdf"),
        ("anne@example.org", "anne@example.org"),
    ],
)
def test_user_and_password_of_an_address_are_left_out(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("where", ["", "https://user:secret@host/x"])
def test_no_message_has_them(language: str, where: str) -> None:
    address = "https://user:secret@host/x?token=secret"
    for failure in (
        TargetAddress(where=where, address=address, reason=address),
        FolderNotFound(path=address),
    ):
        sentence = failure_in_words(failure, lambda text: translate(text, language))
        for text in (sentence, str(failure), *map(str, failure.args)):
            assert "secret" not in text and "https://…@host/x" in text
