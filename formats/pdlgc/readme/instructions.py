"""README.TXT: what an archive is and how each part is opened, in French, then in English.

7-bit ASCII and CRLF, as the French guide wants it; headings are those of its example. The text of a folder that is
handed to a person, which is no part of the guide, is UTF-8 with a byte order mark.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from string import Template

from formats.pdlgc.profile import PROFILE
from formats.pdlgc.readme.seven_bits import seven_bits
from formats.pdlgc.sender import Sender
from formats.words import Words

MAX_NAME_CHARACTERS = 300
"""Of a name from outside that is printed here; nobody reads more on one line."""

PATIENT, DELIVERED, TRANSVERSE = "PATIENT", "DELIVERED", "TRANSVERSE"
"""The texts: of a patient's archive, of a folder that is handed over, of the practice's part.

They lie beside this module as ``README_….TXT``.
"""

_NOTHING = Words("non renseigné", "not filled in")


@lru_cache(16)
def readme(text: str, *, sender: Sender, written_at: datetime) -> bytes:
    """Return the README of an archive; ``text`` is one of the three.

    It says nothing of what a dossier holds.
    """
    identifiers = ", ".join(f"{one.type.value} {one.value}" for one in sender.identifiers)
    contacts = ", ".join(one.value for one in sender.contacts)
    stamp = written_at.isoformat(sep=" ", timespec="minutes")
    parts = []
    for language, nothing in zip(("FR", "EN"), _NOTHING, strict=True):
        template = files("formats.pdlgc.readme").joinpath(f"README_{text}_{language}.TXT").read_text("utf-8")
        parts.append(
            Template(template).substitute(
                sender=_one_line(sender.name) or nothing,
                identifiers=_one_line(identifiers) or nothing,
                contacts=_one_line(contacts) or nothing,
                software=_one_line(sender.program) or nothing,
                written_at=stamp,
                profile=PROFILE,
            )
        )
    whole = "\n\n".join(parts).replace("\n", "\r\n")
    if text == DELIVERED:
        return b"\xef\xbb\xbf" + whole.encode("utf-8", "backslashreplace")
    return seven_bits(whole).encode("ascii")


def _one_line(value: str) -> str:
    """Return an outside text as one printable line."""
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(printable.split())[:MAX_NAME_CHARACTERS]
