"""README.TXT: what an archive is and how each part is opened, in French, then in English.

UTF-8 with a byte order mark and CRLF, so that the plainest editor of every
Windows shows it; apart from accents it keeps to ASCII.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from string import Template

from formats.pdlgc.layout import PROFILE
from formats.pdlgc.sender import Sender
from formats.words import Words

MAX_NAME_CHARACTERS = 300
"""Of a name from outside that is printed here; nobody reads more on one line."""

PATIENT, DELIVERED, TRANSVERSE = "PATIENT", "DELIVERED", "TRANSVERSE"
"""The texts: of a patient's archive, of a folder that is handed over, of the practice's part.

They lie beside this module as ``README_….TXT``.
"""

_CONTENT = Words(
    "{} documents et images, dont {} sans contenu", "{} documents and pictures, {} of them without content"
)
_NOTHING = Words("non renseigné", "not filled in")


@lru_cache(16)
def readme(text: str, *, sender: Sender, written_at: datetime, content: tuple[int, int] = (0, 0)) -> bytes:
    """Return the README of an archive; ``text`` is one of the three.

    ``content`` is how many documents and pictures there are, and how many of them have no content.
    """
    identifiers = ", ".join(f"{one.type.value} {one.value}" for one in sender.identifiers)
    contacts = ", ".join(one.value for one in sender.contacts)
    stamp = written_at.isoformat(sep=" ", timespec="minutes")
    parts = []
    for language, nothing, documents in zip(("FR", "EN"), _NOTHING, _CONTENT, strict=True):
        template = files("formats.pdlgc.readme").joinpath(f"README_{text}_{language}.TXT").read_text("utf-8")
        parts.append(
            Template(template).substitute(
                sender=_one_line(sender.name) or nothing,
                identifiers=_one_line(identifiers) or nothing,
                contacts=_one_line(contacts) or nothing,
                software=_one_line(sender.program) or nothing,
                written_at=stamp,
                profile=PROFILE,
                content=documents.format(*content),
            )
        )
    return b"\xef\xbb\xbf" + "\n\n".join(parts).replace("\n", "\r\n").encode("utf-8", "backslashreplace")


def _one_line(value: str) -> str:
    """Return an outside text as one printable line."""
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return " ".join(printable.split())[:MAX_NAME_CHARACTERS]
