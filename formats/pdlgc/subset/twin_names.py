"""Names of the readable copies (PDLGC 0.1.0, *structure de l'archive*): day, type, family name, given name, number.

The guide says nothing of signs that no file name takes, nor of two documents of one day and type: the former become
``-``, and the number, which it leaves to the sender, always stands there and is the name of the document's file.
"""

from __future__ import annotations

import re
import unicodedata

from formats.model.identity import Traits
from formats.pdlgc.profile import MAX_TWIN_TYPE, TWINS
from formats.pdlgc.subset.documents import SubsetDocument

MAX_TYPE_BYTES, MAX_PERSON_BYTES = 100, 64
"""UTF-8 bytes of the type, and of a family or given name: with the rest no more than the 255 of a file name."""
UNKNOWN = "INCONNU"
"""A name that nobody knows."""
_ACTING = re.compile(r'[\\/:*?"<>|_.]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DAY = "AAAAMMJJ"


def twin_name(document: SubsetDocument, traits: Traits) -> str:
    """Return the place of the readable copy of ``document``, in capitals of the birth name, else of the used one."""
    family = traits.birth_family_name.strip() or traits.used_family_name.strip()
    given = next((one for one in traits.birth_given_names if one.strip()), traits.used_given_name)
    parts = (
        _day(document.service_start),
        _cut(_part(document.type.label or document.type.code)[:MAX_TWIN_TYPE], MAX_TYPE_BYTES),
        _cut(_part(family.upper()), MAX_PERSON_BYTES),
        _cut(_part(given), MAX_PERSON_BYTES),
        document.stem,
    )
    return f"{TWINS}/{'_'.join(parts)}.pdf"


def _day(stamp: str) -> str:
    """Return the day of a time stamp; a month or a day that nobody knows is 00."""
    return stamp[: len(_DAY)].ljust(len(_DAY), "0")


def _cut(part: str, most: int) -> str:
    """Return as much of ``part`` as ``most`` UTF-8 bytes hold."""
    return part.encode()[:most].decode(errors="ignore").strip()


def _part(text: str) -> str:
    """Return ``text`` as a part of the name, in normal form C, with ``-`` for what separates or acts."""
    plain = _ACTING.sub("-", " ".join(text.split()))
    plain = "".join("-" if unicodedata.category(one) in _UNSEEN else one for one in plain)
    return unicodedata.normalize("NFC", plain).strip() or UNKNOWN
