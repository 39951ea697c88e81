from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import AlreadyExists, KeyUnreadable
from archiver.operations.drill import DrillRequest, drill
from archiver.operations.recover import KitRequest, make_kit, read_key, restore_key
from archiver.package.errors import SignatureAlgorithmEnded
from archiver.sealing.age import HybridIdentity, X25519Identity, identity_file, read_identities
from archiver.sealing.errors import RecoveryRefused
from archiver.sealing.recovery.drill_register import REGISTER, read_register
from archiver.signing.errors import SignerUntrusted
from archiver.signing.trust.anchors import Trust
from formats.errors import Failure
from tests.authorities import FAR, practitioners
from tests.packages import SIGNED, package, signer, trust

KEY = HybridIdentity(seed=b"k" * 32)
AT = datetime(2026, 3, 1, 9, 30, 12, 99, tzinfo=UTC)


def order(folder: Path) -> KitRequest:
    return KitRequest(identity=KEY, owner="Dr Zoé", target=folder / "kit.pdf", register=folder / "data")


def test_a_kit_is_noted_and_private(tmp_path: Path) -> None:
    made = make_kit(order(tmp_path), clock=lambda: AT)
    assert (tmp_path / "kit.pdf").read_bytes().startswith(b"%PDF")
    assert read_register(tmp_path / "data")[made.key_id].kit_made == AT.replace(microsecond=0)
    if os.name == "posix":
        assert (tmp_path / "kit.pdf").stat().st_mode & 0o777 == 0o600
    with pytest.raises(AlreadyExists):
        make_kit(order(tmp_path), clock=lambda: AT)


def test_a_damaged_register_does_not_cost_the_cards(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / REGISTER).write_text("?", encoding="utf-8")
    with pytest.raises(KeyUnreadable):
        make_kit(order(tmp_path), clock=lambda: AT)
    assert (tmp_path / "kit.pdf").exists()


@pytest.mark.parametrize(
    ("comments", "owner"),
    [
        (["Dr Zoé Pâtisson", "Secret. Whoever has it can read."], "Dr Zoé Pâtisson"),
        (["created: 2026-03-01T00:00:00Z"], ""),
        ([], ""),
    ],
)
def test_the_owner_is_read_from_the_key_file(comments: list[str], owner: str) -> None:
    assert read_key(io.BytesIO(identity_file([KEY], comments=comments).encode())) == (KEY, owner)


@pytest.mark.parametrize("keys", [[KEY, KEY], [X25519Identity(seed=b"x" * 32)]])
def test_keys_that_get_no_cards(keys: list[HybridIdentity | X25519Identity]) -> None:
    with pytest.raises(RecoveryRefused):
        read_key(io.BytesIO(identity_file(keys).encode()))


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-PQ-1QQQ\n", "\x00\x01"])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(Failure):
        read_key(io.BytesIO(text.encode()))


def test_a_restored_key_is_the_key(tmp_path: Path) -> None:
    assert restore_key(tmp_path / "again", KEY, passphrase=None, randomness=os.urandom) == str(
        KEY.to_recipient()
    )
    with (tmp_path / "again" / "receiver.identity").open("rb") as stream:
        assert read_identities(stream) == (KEY,)
    (tmp_path / "again" / "receiver.identity").unlink()
    with pytest.raises(AlreadyExists):
        restore_key(tmp_path / "again", KEY, passphrase=None, randomness=os.urandom)
    assert not (tmp_path / "again" / "receiver.identity").exists()


def test_a_drill_does_not_open_what_anybody_might_have_signed(tmp_path: Path) -> None:
    path = tmp_path / "package.asice"
    path.write_bytes(package(by=practitioners().rsa_signer(end=FAR)))
    trust = Trust(at=AT.replace(year=2030))
    tried = DrillRequest(package=path, identity=KEY, trust=trust, register=tmp_path / "data")
    with pytest.raises(SignatureAlgorithmEnded):
        drill(tried, clock=lambda: AT, randomness=os.urandom)
    assert not (tmp_path / "data").exists()


def test_a_drill_decrypts_nothing_of_somebody_not_accepted(tmp_path: Path) -> None:
    path = tmp_path / "package.asice"
    path.write_bytes(package())  # its keyring is none: whoever tried to open it would be told so
    for accepted in (Trust(at=SIGNED), trust(signer("Dr Zoé Ailleurs"))):
        tried = DrillRequest(package=path, identity=KEY, trust=accepted, register=tmp_path / "data")
        with pytest.raises(SignerUntrusted):
            drill(tried, clock=lambda: AT, randomness=os.urandom)
    assert not (tmp_path / "data").exists()
