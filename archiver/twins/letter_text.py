"""Text of a letter in RTF (Rich Text Format 1.9.1), without its layout and its pictures."""

from __future__ import annotations

from striprtf.striprtf import rtf_to_text

from formats.errors import FormatFailure

CODE_PAGE = "cp1252"
"""Of a letter that does not say its own."""


def letter_text(data: bytes) -> str:
    """Return the text of a letter.

    Raises:
        FormatFailure: when it is none.
    """
    try:
        text: str = rtf_to_text(  # type: ignore[no-untyped-call]
            data.decode("latin-1"), encoding=CODE_PAGE, errors="replace"
        )
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as fault:
        raise FormatFailure(format="RTF") from fault
    return text.replace("\r\n", "\n")
