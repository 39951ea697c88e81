"""Whom a certificate is made out to, in the words people use of one another.

"Claire Perrichon (RPPS 10001234567), Cabinet des Tilleuls": the name, the official
number where there is one, the organisation. Certificates say that in many ways
(RFC 5280, 4.1.2.4; ETSI EN 319 412-1 to 3; the French health cards put the number
into the common name and the person into given name and surname).

What stands here is what the certificate says of its holder; whether that is
true, only whoever issued it can answer for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from asn1crypto import x509

from formats.words import mark

MAX_PART = 120
"""Characters shown of one part of a name; a common name has 64 at most (RFC 5280, appendix A.1)."""
MAX_UNITS = 3
"""Organisational units named where no organisation is; a person reads no more."""
NAMELESS = mark("somebody whose certificate gives no name")

_SEMANTIC = re.compile(r"(?:PNO|IDC|PAS|TIN|TAX|NTR|VAT|PSD|LEI|[A-Z]{2}:)[A-Z]{2}-(?P<number>.+)")
"""Numbers under their semantics identifier: ``IDCFR-…``, ``NTRFR-…`` (ETSI EN 319 412-1, 5.1)."""
_RPPS = re.compile(r"8?(\d{11})")
"""A practitioner's number; health cards put the kind of number, 8, in front of it."""
_SIRET = re.compile(r"\d{14}")


def subject_name(certificate: bytes) -> str:
    """Return whom the DER ``certificate`` is made out to."""
    return name_in(x509.Certificate.load(certificate).subject)


def name_and_number(subject: Any) -> tuple[str, str]:
    """Return the name of a person, or else of an organisation, and the official number in a parsed name."""
    parts = _parts(subject)
    return _name(parts) or _organisation(parts), _number(parts)


def name_in(subject: Any) -> str:
    """Return whom ``subject``, the parsed name in a certificate, names."""
    parts = _parts(subject)
    name, number = _name(parts), _number(parts)
    organisation = _organisation(parts)
    if not name:
        name, organisation = organisation or _first(parts, "email_address"), ""
    shown_name = f"{name} ({number})" if name and number else name or number or NAMELESS
    return f"{shown_name}, {organisation}" if organisation and organisation != name else shown_name


def _parts(subject: Any) -> dict[str, list[str]]:
    """Return the texts of a name by kind, in their order; a part nobody can decode is left out."""
    found: dict[str, list[str]] = {}
    for kind, value in _attributes(subject):
        text = _plain(value)
        if text:
            found.setdefault(kind, []).append(text)
    return found


def _attributes(subject: Any) -> Iterator[tuple[str, str]]:
    for relative in subject.chosen:
        for one in relative:
            try:
                yield str(one["type"].native), str(one["value"].native)
            except (ValueError, TypeError):  # a text in another encoding than it says
                continue


def _plain(text: str) -> str:
    """Return ``text`` on one line, without what moves the cursor or turns the direction of reading."""
    spaced = (" " if one.isspace() else one for one in unicodedata.normalize("NFC", text[: 8 * MAX_PART]))
    printable = "".join(one for one in spaced if unicodedata.category(one)[0] != "C")
    return " ".join(printable.split())[:MAX_PART]


def _name(parts: dict[str, list[str]]) -> str:
    common_name = _first(parts, "common_name")
    whole = " ".join(filter(None, (_first(parts, "given_name"), _first(parts, "surname"))))
    if _is_number(common_name):
        return whole
    return common_name or whole or _first(parts, "pseudonym")


def _number(parts: dict[str, list[str]]) -> str:
    common_name = _first(parts, "common_name")
    text = common_name if _is_number(common_name) else _first(parts, "serial_number")
    text = text or _first(parts, "organization_identifier")
    under = _SEMANTIC.fullmatch(text)
    text = under["number"] if under else text
    if found := _RPPS.fullmatch(text):
        return f"RPPS {found[1]}"
    return f"SIRET {text}" if _SIRET.fullmatch(text) else text


def _organisation(parts: dict[str, list[str]]) -> str:
    units = [one for one in parts.get("organizational_unit_name", []) if not _is_number(one)]
    return _first(parts, "organization_name") or ", ".join(units[:MAX_UNITS])


def _is_number(text: str) -> bool:
    """Say whether a text that should name somebody is a register's number."""
    return text.replace(" ", "").isdigit()


def _first(parts: dict[str, list[str]], kind: str) -> str:
    return parts.get(kind, [""])[0]
