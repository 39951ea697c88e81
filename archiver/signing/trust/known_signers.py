"""Signers accepted once: the register of trust on first use, and of whom a reader said they expect.

The first package of a sender is believed, the fingerprint of its signer remembered, and every later one
must be signed with the same certificate. That protects against whoever comes second, not against whoever
came first: a first use is always said, with the fingerprint, so that people compare it by another way.
A sender is known again by its official numbers and by the normal form of its name, whatever its length.
The register lies with the program's own data; it holds no secret, but whoever can write it decides whom
to trust.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.errors import KeyUnreadable
from archiver.signing.certificates.fingerprint import Fingerprint, plain_fingerprint
from archiver.signing.errors import KnownSignersUnreadable
from archiver.signing.trust.expectation import Expectation
from archiver.signing.trust.normal_name import is_alike, normal
from formats.errors import LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

REGISTER = "known-signers.json"
VERSION = 2
MAX_REGISTER = 8 << 20
"""Bytes of the register; one signer takes about 400."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownSender:
    """By what a sender is known: a name, and official numbers (``system|value``)."""

    name: str
    identifiers: tuple[str, ...] = ()

    def is_same(self, other: KnownSender) -> bool:
        """Say whether both are one: an official number in common, or one name and no two different numbers."""
        ours, theirs = (set(map(normal, one.identifiers)) for one in (self, other))
        named = normal(self.name) == normal(other.name)
        return bool(ours & theirs) or (named and not (ours and theirs))

    def is_alike(self, other: KnownSender) -> bool:
        """Say whether one could be taken for the other by its name."""
        return is_alike(self.name, other.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownSigner:
    """What is remembered: whose packages a certificate (SHA-256) signs, its holder, since when, from which package.

    ``expected`` is whom the reader said they expect, where that is why it was accepted.
    """

    sender: KnownSender
    fingerprint: Fingerprint
    signer: str
    since: datetime
    package: str
    expected: str = ""

    @property
    def expectation(self) -> Expectation | None:
        """Whom the reader expects as the signer of this sender, where they said so."""
        return Expectation(text=self.expected) if self.expected else None


def read_known_signers(folder: Path) -> tuple[KnownSigner, ...]:
    """Return the known signers; an absent register is an empty one.

    Raises:
        KnownSignersUnreadable: when the file there is no register.
        DiskFault: when the disk refuses.
    """
    path = folder / REGISTER
    with disk.failures_about():
        if not path.is_file():
            return ()
        with open_regular(path) as stream:
            data = stream.read(MAX_REGISTER + 1)
    try:
        found = json.loads(data)
        if found["known_signers"] != VERSION or len(data) > MAX_REGISTER:
            raise ValueError(found["known_signers"])
        return tuple(map(_known, found["signers"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, KeyUnreadable) as fault:
        reason = mark("it is damaged, or of another version")
        raise KnownSignersUnreadable(where=str(path), reason=reason) from fault


def remember(folder: Path, fresh: Iterable[KnownSigner]) -> None:
    """Add to the register what is ``fresh``; a certificate that is known for a sender stays as it is.

    Raises:
        LimitExceeded: when the register would be longer than anybody reads.
        KnownSignersUnreadable, DiskFull, DiskFault: as the disk and the register answer.
    """
    everybody = read_known_signers(folder)
    added = [
        one
        for one in fresh
        if not any(
            known.fingerprint == one.fingerprint and known.sender.is_same(one.sender) for known in everybody
        )
    ]
    if not added:
        return
    signers = [{**asdict(one), "since": one.since.isoformat()} for one in (*everybody, *added)]
    text = json.dumps({"known_signers": VERSION, "signers": signers}, ensure_ascii=False, indent=1) + "\n"
    if len(text.encode("utf-8")) > MAX_REGISTER:
        name = mark("the size of the register of known signers in bytes")
        raise LimitExceeded(name=name, found=len(text.encode("utf-8")), limit=MAX_REGISTER)
    disk.make_private_folder(folder)
    disk.write_text(folder / REGISTER, text, mode=disk.PRIVATE, replace=True)


def _known(value: dict[str, Any]) -> KnownSigner:
    since = datetime.fromisoformat(value["since"])
    if since.tzinfo is None:
        raise ValueError(value["since"])
    sender = value["sender"]
    return KnownSigner(
        sender=KnownSender(name=str(sender["name"]), identifiers=tuple(map(str, sender["identifiers"]))),
        fingerprint=plain_fingerprint(value["fingerprint"]),
        signer=str(value["signer"]),
        since=since,
        package=str(value["package"]),
        expected=str(value["expected"]),
    )
