"""QR codes (ISO/IEC 18004) as rows of dark and light fields."""

from __future__ import annotations

import segno

MARGIN = 4
"""Fields of the quiet zone on every side (ISO/IEC 18004, clause 9.1)."""


def qr_rows(text: str) -> list[list[bool]]:
    """Return the fields of a code for ``text``, its margin included.

    A quarter of the code may be unreadable (level Q): paper is folded and gets
    stained. Capital letters, digits and spaces make larger, safer fields.
    """
    code = segno.make_qr(text, error="q")
    return [[bool(field) for field in row] for row in code.matrix_iter(scale=1, border=MARGIN)]
