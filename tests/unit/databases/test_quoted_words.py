"""What a database says stands as a quotation in a sentence of ours, in both languages."""

from __future__ import annotations

import pytest

from formats.databases.quoted_words import quoted_words
from formats.databases.servers.driver_messages import failure_of
from formats.databases.tables import SourceUnreachable
from formats.words import mark
from tests.french import in_french

WIDE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("words", "number", "english", "french"),
    [
        (
            "Table 'x' is marked as crashed",
            "1194",
            "it says “Table 'x' is marked as crashed” (error 1194).",
            f"elle dit «{WIDE}Table 'x' is marked as crashed{WIDE}» (erreur 1194).",
        ),
        ("disk I/O error", "", "it says “disk I/O error”.", f"elle dit «{WIDE}disk I/O error{WIDE}»."),
        (mark("it was closed before the end"), "", "before the end.", "elle a été fermée avant la fin."),
    ],
)
def test_words_of_a_database_are_a_quotation(words: str, number: str, english: str, french: str) -> None:
    failure = SourceUnreachable(where="cabinet", reason=quoted_words(words, number))
    assert str(failure).endswith(english)
    assert in_french(failure).endswith(french)


def test_no_password_is_in_the_quotation() -> None:
    fault = RuntimeError("no entry for user a, password s3cret")
    failure = failure_of(fault, where="x", kind="", number="7", secrets=["s3cret"])
    assert "s3cret" not in in_french(failure) and "(erreur 7)" in in_french(failure)
