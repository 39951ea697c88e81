"""A small package with fictive people's public facts, for every test that needs one."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from archiver.package import layout
from archiver.package.build import PackageBuilder
from archiver.package.manifest import Handover, Identifier, Organisation, Scope
from archiver.signing.keys import KeySigner, SignerName, make_signer
from archiver.signing.trust import Trust

BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
"""When the signers' certificates begin."""
SIGNED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def counted(seed: bytes = b"") -> Callable[[int], bytes]:
    """Return a source of bytes that look random and are the same in every run."""
    state = [0]

    def next_bytes(length: int) -> bytes:
        state[0] += 1
        return hashlib.shake_256(seed + state[0].to_bytes(8, "big")).digest(length)

    return next_bytes


@cache
def signer(name: str = "Dr Anne Exemple") -> KeySigner:
    """Return a practitioner's signer; making a key is slow, so each is made once per run."""
    return make_signer(
        SignerName(name=name, organisation="Cabinet Exemple", number="10000000000"),
        at=BIRTH,
        random=counted(name.encode()),
    )


def trust(*signers: KeySigner, at: datetime = SIGNED) -> Trust:
    """Return a reader's trust in the roots of ``signers``."""
    return Trust(at=at, roots=tuple(root for one in signers for root in one.roots))


def handover() -> Handover:
    """Return the public facts of a fictive departure."""
    number = Identifier(system="urn:oid:1.2.250.1.71.4.2.2", value="1999999999")
    before = Organisation(name="SELARL Exemple", identifiers=(number,))
    after = Organisation(name="Cabinet Élève")
    return Handover(
        created=SIGNED,
        legal_ground="collaboration",
        controller_before=before,
        controller_after=after,
        sender=before,
        receiver=after,
        scope=Scope(kind="roster", left_out={"patients": 7}),
        counts={"patients": 3, "documents": 12},
        keyring_commitment=hashlib.sha512(b"nonce and index").hexdigest(),
    )


def units(count: int = 3) -> list[tuple[str, bytes]]:
    """Return units of some hundred bytes, each unlike the others."""
    chance = counted(b"units")
    return [(layout.new_unit_id(chance), chance(200 + number)) for number in range(count)]


def package(*, by: KeySigner | None = None, count: int = 3, **signing: Any) -> bytes:
    """Return a whole package as bytes; ``signing`` is what ``finish`` takes besides."""
    target = BytesIO()
    builder = PackageBuilder(target, package_id="urn:test:1", readme=b"LISEZ-MOI\r\n")
    builder.add_page("format/package.md", BytesIO(b"# The package\n"))
    for unit_id, sealed in units(count):
        builder.add_unit(unit_id, BytesIO(sealed))
    builder.add_keyring(BytesIO(b"age-encryption.org/v1\n"))
    builder.finish(handover(), by or signer(), at=SIGNED, **signing)
    return target.getvalue()


def unpacked(data: bytes, folder: Path) -> Path:
    """Lay the package ``data`` out in ``folder``."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder
