"""The first line of a keyring: which package and revision it opens, who signed that, and on what terms.

Whoever has no key can sign the public parts of a package anew, and cannot write this line: so
whoever opens compares it with the certificates that really signed and with what the public
manifest says. A later revision that keeps the keyrings of an earlier one proves with a MAC
(RFC 2104) under the nonce, which only those know who opened the package, that its line is theirs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archiver.sealing.keyring_json import line_of, matches, parse_line, require
from archiver.sealing.sealed import PASSPHRASE
from formats.words import mark

VERSION = 1
"""The form of keyring described here."""
NONCE = 32
"""Bytes of the nonce that blinds the commitment."""
MAX_SIGNERS = 2
"""Who may sign one revision."""
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
"""Certificates are named by their SHA-256, in lower-case hexadecimal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """An organisation as the public manifest names it: its name, and (system, value) of each identifier."""

    name: str
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Who hands over what to whom on which legal ground, as the public manifest of the revision says."""

    legal_ground: str
    controller_before: Party
    controller_after: Party | None
    sender: Party
    receiver: Party | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyringHeader:
    """Which ``revision`` of which package, the nonce (32 bytes) of its commitment, its signers and terms.

    ``signers`` are the SHA-256 (lower-case hexadecimal) of the certificates that sign the revision
    for which the keyring was written, in the order of the signatures.
    """

    package: str
    nonce: bytes = field(repr=False)
    signers: tuple[str, ...]
    terms: Terms
    revision: int = 1

    def __post_init__(self) -> None:
        require(isinstance(self.package, str) and bool(self.package), mark("it names no package"))
        require(len(self.nonce) == NONCE, mark("its nonce has a wrong size"))
        require(type(self.revision) is int and self.revision > 0, mark("its first line is malformed"))
        signers = self.signers
        require(0 < len(signers) <= MAX_SIGNERS, mark("it does not name who signs"))
        require(len({*signers}) == len(signers), mark("it does not name who signs"))
        require(all(matches(_FINGERPRINT, one) for one in signers), mark("it does not name who signs"))


def header_line(header: KeyringHeader) -> bytes:
    """Return the first line of a keyring."""
    terms = header.terms
    return line_of(
        {
            "keyring": VERSION,
            "package": header.package,
            "revision": header.revision,
            "nonce": base64.urlsafe_b64encode(header.nonce).rstrip(b"=").decode("ascii"),
            "signers": list(header.signers),
            "legal_ground": terms.legal_ground,
            "controller_before": _party_json(terms.controller_before),
            "controller_after": _party_json(terms.controller_after),
            "sender": _party_json(terms.sender),
            "receiver": _party_json(terms.receiver),
        }
    )


def revision_mac(header: KeyringHeader) -> str:
    """Return the hexadecimal HMAC-SHA-256, under the nonce, over the first line of a revision's keyrings."""
    return hmac.new(header.nonce, header_line(header), hashlib.sha256).hexdigest()


def read_header_line(line: bytes) -> KeyringHeader:
    """Read the first line.

    Raises:
        KeyUnreadable: it is not the canonical first line of a keyring of this form.
    """
    value = parse_line(line)
    require(value.get("keyring") == VERSION, mark("it is no keyring of a known form"))
    require(value.keys() == _KEYS, mark("its first line is malformed"))
    nonce, signers = value["nonce"], value["signers"]
    require(matches(PASSPHRASE, nonce), mark("its nonce is malformed"))
    require(isinstance(signers, list), mark("it does not name who signs"))
    require(isinstance(value["legal_ground"], str), mark("its first line is malformed"))
    header = KeyringHeader(
        package=value["package"],
        nonce=base64.urlsafe_b64decode(nonce + "="),
        revision=value["revision"],
        signers=tuple(signers),
        terms=Terms(
            legal_ground=value["legal_ground"],
            controller_before=_party(value["controller_before"]),
            controller_after=_perhaps(value["controller_after"]),
            sender=_party(value["sender"]),
            receiver=_perhaps(value["receiver"]),
        ),
    )
    require(header_line(header) == line, mark("a line is not in its canonical form"))
    return header


_KEYS = frozenset(
    {"keyring", "package", "revision", "nonce", "signers", "legal_ground"}
    | {"controller_before", "controller_after", "sender", "receiver"}
)


def _party_json(party: Party | None) -> dict[str, Any] | None:
    if party is None:
        return None
    identifiers = [{"system": system, "value": value} for system, value in party.identifiers]
    return {"name": party.name, "identifiers": identifiers}


def _perhaps(value: Any) -> Party | None:
    """Return the organisation that ``value`` is, or nobody for ``null``."""
    return None if value is None else _party(value)


def _party(value: Any) -> Party:
    reason = mark("its first line is malformed")
    require(isinstance(value, dict) and value.keys() == {"name", "identifiers"}, reason)
    require(isinstance(value["name"], str) and isinstance(value["identifiers"], list), reason)
    return Party(name=value["name"], identifiers=tuple(map(_identifier, value["identifiers"])))


def _identifier(value: Any) -> tuple[str, str]:
    valid = isinstance(value, Mapping) and value.keys() == {"system", "value"}
    require(
        valid and all(isinstance(one, str) for one in value.values()), mark("its first line is malformed")
    )
    return value["system"], value["value"]
