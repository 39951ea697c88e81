"""Senders whose certificate was accepted once: the register of trust on first use.

The first package of a sender is believed, its fingerprint remembered, and every
later one must be signed by the same certificate. That protects against whoever
comes second, not against whoever came first: the fingerprint is shown so that
people compare it by another way. The register lies with the program's own data;
it holds no secret, but whoever can write it decides whom to trust.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.errors import KeyUnreadable
from archiver.signing.errors import KnownSignersUnreadable, SignerChanged
from archiver.signing.fingerprint import plain_fingerprint
from archiver.verdict import Answer, State, proven, unproven
from formats.regular_files import open_regular
from formats.words import mark

REGISTER = "known-signers.json"
VERSION = 1
MAX_REGISTER = 8 << 20
"""Bytes of the register; one sender takes about 300."""
MAX_SENDER = 256
"""Characters by which a sender is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownSigner:
    """What is remembered of a sender: certificate (SHA-256), holder, since when, from which package."""

    fingerprint: str
    signer: str
    since: datetime
    package: str


def read_known_signers(folder: Path) -> dict[str, KnownSigner]:
    """Return the known signers by sender; an absent register is an empty one.

    Raises:
        KnownSignersUnreadable: when the file there is no register.
        DiskFault: when the disk refuses.
    """
    path = folder / REGISTER
    with disk.told():
        if not path.is_file():
            return {}
        with open_regular(path) as stream:
            data = stream.read(MAX_REGISTER + 1)
    try:
        found = json.loads(data)
        if found["known_signers"] != VERSION or len(data) > MAX_REGISTER:
            raise ValueError(found["known_signers"])
        return {str(sender): _known(value) for sender, value in found["senders"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, KeyUnreadable) as fault:
        reason = mark("it is damaged, or of another version")
        raise KnownSignersUnreadable(where=str(path), reason=reason) from fault


def remember(folder: Path, sender: str, known: KnownSigner) -> None:
    """Remember ``known`` for ``sender``, who must be new.

    Raises:
        KnownSignersUnreadable, DiskFull, DiskFault: as the disk and the register answer.
    """
    everybody = read_known_signers(folder)
    everybody.setdefault(sender[:MAX_SENDER], known)
    senders = {one: {**asdict(who), "since": who.since.isoformat()} for one, who in sorted(everybody.items())}
    text = json.dumps({"known_signers": VERSION, "senders": senders}, ensure_ascii=False, indent=1) + "\n"
    disk.make_private_folder(folder)
    disk.write_text(folder / REGISTER, text, mode=disk.PRIVATE, replace=True)


def compared(trusted: Answer, sender: str, known: KnownSigner | None) -> Answer:
    """Return ``trusted``, an answer on first use, in the light of what is remembered of ``sender``.

    Another answer, such as one by roots, passes as it is.
    """
    if trusted.state is not State.PROVEN or trusted.code != "accepted-first-use" or known is None:
        return trusted
    found = str(trusted.facts["fingerprint"])
    moment = known.since.isoformat()
    if found != known.fingerprint:
        failure = SignerChanged(sender=sender, known=known.fingerprint, moment=moment, found=found)
        failure.where = trusted.where
        return unproven(failure)
    sentence = mark("{signer}, fingerprint {fingerprint}, has signed for {sender} since {moment}.")
    facts = {name: trusted.facts[name] for name in ("signer", "fingerprint")}
    known_by = proven("accepted-known", sentence, where=trusted.where, **facts, sender=sender, moment=moment)
    return replace(known_by, revocation=trusted.revocation)


def _known(value: dict[str, Any]) -> KnownSigner:
    since = datetime.fromisoformat(value["since"])
    if since.tzinfo is None:
        raise ValueError(value["since"])
    return KnownSigner(
        fingerprint=plain_fingerprint(value["fingerprint"]),
        signer=str(value["signer"]),
        since=since,
        package=str(value["package"]),
    )
