"""The age author's JavaScript implementation opens both keyrings of a package, and a key made from cards."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients, add_keyrings
from archiver.package.build import PackageBuilder
from archiver.package.checks.open import open_package
from archiver.sealing.age import HybridIdentity
from archiver.sealing.recovery.recovery_set import identity_of, split_identity
from archiver.signing.trust.anchors import Trust
from tests.interop.test_age_npm import READ, javascript, npm
from tests.packages import SIGNED, entry, handover, header, signer

__all__ = ["npm"]

KEY = HybridIdentity(seed=b"k" * 32)
WORDS = "quatre molaires et un café crème"
UNIT = "a" * 26


@pytest.fixture
def package(tmp_path: Path) -> Path:
    line = entry(UNIT, patient={"family": "PÂTISSON"})
    path = tmp_path / "package.asice"
    with path.open("w+b") as target:
        builder = PackageBuilder(target, package_id="p-1", readme=b"LISEZ-MOI\r\n")
        builder.add_unit(UNIT, BytesIO(b"sealed"))
        add_keyrings(
            builder,
            [line],
            header("p-1"),
            KeyringRecipients(recipients=[KEY.to_recipient()], passphrase=WORDS),
            folder=tmp_path,
            randomness=secrets.token_bytes,
        )
        builder.finish(handover(patients=0), signer(), at=SIGNED)
    return path


def test_javascript_opens_both_keyrings(npm: Path, package: Path, tmp_path: Path) -> None:
    opened = open_package(package, Trust(at=datetime(2026, 3, 2, tzinfo=UTC)))
    assert opened.manifest.keyrings == ("keyring.age", "keyring-passphrase.age")
    cards = split_identity(KEY, threshold=3, cards=5).cards
    from_cards = identity_of(cards[1:4]).secret_text()
    read = []
    for name, kind, secret in (
        ("keyring.age", "identity", from_cards),
        ("keyring-passphrase.age", "passphrase", WORDS),
    ):
        with opened.keyring(name) as stream:
            (tmp_path / name).write_bytes(stream.read())
        javascript(npm, READ, kind, secret, tmp_path / name, tmp_path / "plain")
        read.append((tmp_path / "plain").read_bytes())
    assert read[0] == read[1]
    assert "PÂTISSON".encode() in read[0]
