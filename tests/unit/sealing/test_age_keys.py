from __future__ import annotations

import io
import secrets

import pytest

from archiver.errors import KeyUnreadable
from archiver.sealing.age import (
    HybridIdentity,
    X25519Identity,
    identity_file,
    parse_identity,
    parse_recipient,
    read_identities,
    read_recipients,
)
from archiver.sealing.age.bech32 import decode_bech32, encode_bech32
from archiver.sealing.age.keys import MAX_KEY_FILE, MAX_KEYS, KeyIdentity
from formats.errors import LimitExceeded

SEED = bytes(range(32))
IDENTITIES: list[KeyIdentity] = [HybridIdentity(seed=SEED), X25519Identity(seed=SEED)]


@pytest.mark.parametrize("identity", IDENTITIES)
def test_a_key_reads_back_from_its_text(identity: KeyIdentity) -> None:
    assert parse_identity(identity.secret_text()) == identity
    assert parse_recipient(str(identity.to_recipient())) == identity.to_recipient()


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_secret_stays_out_of_what_is_printed(identity: KeyIdentity) -> None:
    for shown in (repr(identity), str(identity)):
        assert identity.secret_text() not in shown
        assert repr(SEED) not in shown and SEED.hex() not in shown


def test_the_two_kinds_are_told_apart_by_their_texts() -> None:
    hybrid, classical = IDENTITIES
    assert hybrid.secret_text().startswith("AGE-SECRET-KEY-PQ-1")
    assert str(hybrid.to_recipient()).startswith("age1pq1")
    assert classical.secret_text().startswith("AGE-SECRET-KEY-1")
    assert str(classical.to_recipient()).startswith("age1")


def test_new_keys_come_from_the_randomness_given() -> None:
    assert HybridIdentity.new(lambda size: SEED[:size]) == IDENTITIES[0]
    assert X25519Identity.new(secrets.token_bytes) != X25519Identity.new(secrets.token_bytes)


def test_bip_173_examples_are_judged_as_published() -> None:
    for good in ("A12UEL5L", "?1ezyfcl", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"):
        prefix, data = decode_bech32(good)
        assert encode_bech32(prefix, data) == good.lower()
    for bad in ("pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8", "1qzzfhee"):
        with pytest.raises(KeyUnreadable):
            decode_bech32(bad)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1",
        "dossier",
        IDENTITIES[0].secret_text(),
        str(IDENTITIES[1].to_recipient()).replace("age1", "aGe1"),
        str(IDENTITIES[1].to_recipient())[:-1] + "é",
        encode_bech32("age", bytes(31)),
        encode_bech32("age1pq", bytes(1215)),
        encode_bech32("age1pq", b"\xff" * 1216),
        encode_bech32("age1tag", bytes(33)),
        "a" * 5000,
        IDENTITIES[1].secret_text().replace("K", "\u212a"),
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        parse_recipient(text)


@pytest.mark.parametrize(
    "text",
    [
        str(IDENTITIES[0].to_recipient()),
        encode_bech32("age-secret-key-", bytes(33)),
        encode_bech32("age-plugin-", bytes(32)),
    ],
)
def test_what_is_no_secret_key_is_refused(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        parse_identity(text)


def test_an_identity_file_reads_back_with_its_comments() -> None:
    text = identity_file(IDENTITIES, comments=["Cabinet fictif\ncréé le 2026-01-02"])
    assert text.startswith("# Cabinet fictif\n# créé le 2026-01-02\n# public key: age1pq1")
    assert read_identities(io.BytesIO(text.encode())) == tuple(IDENTITIES)
    windows = "\ufeff" + text.replace("\n", "\r\n") + "\r\n  \r\n"
    assert read_identities(io.BytesIO(windows.encode())) == tuple(IDENTITIES)


def test_a_recipients_file_reads_back() -> None:
    publics = tuple(identity.to_recipient() for identity in IDENTITIES)
    text = "# équipe\n" + "\n\n".join(str(public) for public in publics)
    assert read_recipients(io.BytesIO(text.encode())) == publics


def test_a_bad_line_is_named_by_number_and_not_repeated() -> None:
    good = IDENTITIES[0].secret_text()
    typo = good[:-1] + ("P" if good.endswith("Q") else "Q")
    with pytest.raises(KeyUnreadable) as caught:
        read_identities(io.BytesIO(f"# one\n\n{typo}\n".encode()))
    assert caught.value.where == "3"
    assert typo not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"\xff\xfe\x00"])
def test_a_file_without_keys_is_refused(data: bytes) -> None:
    with pytest.raises(KeyUnreadable):
        read_identities(io.BytesIO(data))


def test_a_key_file_has_limits() -> None:
    with pytest.raises(LimitExceeded):
        read_identities(io.BytesIO(b"#" * (MAX_KEY_FILE + 1)))
    many = (IDENTITIES[1].secret_text() + "\n") * (MAX_KEYS + 1)
    with pytest.raises(LimitExceeded):
        read_identities(io.BytesIO(many.encode()))
