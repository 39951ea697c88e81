"""Text of others as a terminal may show it: nothing in it acts, hides or turns around.

A control character (ECMA-48: C0, DEL, C1) can rewrite what a terminal shows, a bidirectional or
invisible format character (Unicode, category Cf; UAX #9) can show one name as another. What a spreadsheet
would compute is the business of ``formats.tables.write``.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of Unicode that act or are not seen: controls, formats, half pairs, private use, line separators."""
_JOINERS = frozenset({"\u200c", "\u200d"})
"""Format characters that spell names in Persian and in Indian scripts; alone they show nothing else as anything."""
_PLAIN = re.compile(r"[ -~\u00c0-\u017f]*")
"""What needs no second look: printing ASCII and the letters of Latin-1 and Latin Extended-A."""
_USER = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]+:/{1,2})(?:[^\s@]*:\S*|[^/\s@]*)@")
"""User and password in an address (RFC 3986, 3.2.1), with the one slash that is left of it as a path, too."""
_SECRET = re.compile(
    r"([?&;](?:password|passwd|pwd|token|access_token|apikey|api_key)=)[^&;#\s]+", re.IGNORECASE
)
"""What lets somebody in, among the options of an address."""


def without_credentials(text: str) -> str:
    """Return ``text`` with ``…`` for the user, the password and the token of every address in it."""
    if "@" in text:
        text = _USER.sub(r"\1…@", text)
    return _SECRET.sub(r"\1…", text) if "=" in text else text


def printable(text: str) -> str:
    r"""Return ``text`` with every character that acts or is not seen as its escape, such as ``\x1b``."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(one if _shows(one) else escape(one) for one in text)


def escape(character: str) -> str:
    r"""Return the escape of one character, as programmers write it: ``\x1b``, ``\u202e``."""
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def json_printable(text: str) -> str:
    r"""Return the JSON ``text`` with the same meaning and every such character as ``\uxxxx`` (RFC 8259, 7)."""
    if _PLAIN.fullmatch(text.replace("\n", "")):
        return text
    return "".join(one if one == "\n" or _shows(one) else _units(one) for one in text)


def _shows(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _UNSEEN


def _units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
