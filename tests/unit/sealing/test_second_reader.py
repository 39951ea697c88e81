"""pyzipper opens a unit of ours, and what is not what the keyring says is refused."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from archiver.sealing.errors import UnitMismatch
from archiver.sealing.keyring_lines import KeyringEntry
from archiver.sealing.second_reader import check_elsewhere
from archiver.sealing.unit import sealing_unit
from formats.digests import Digest

PLAIN = bytes(range(256)) * 5000
ENTRY = KeyringEntry(
    unit="u",
    member="PAT00001.ZIP",
    passphrase="p" * 43,
    plain_digest=Digest.of(PLAIN),
    plain_size=len(PLAIN),
    patient={},
    counts={},
    salt="B" * 43,
)


def unit() -> bytearray:
    target = io.BytesIO()
    with sealing_unit(target, passphrase=ENTRY.passphrase, salt=b"s" * 16) as sink:
        sink.write(PLAIN)
    return bytearray(target.getvalue())


def test_pyzipper_opens_a_unit_of_ours() -> None:
    check_elsewhere(io.BytesIO(unit()), ENTRY)


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, plain_digest=Digest.from_hex("0" * 64)),
        replace(ENTRY, passphrase="q" * 43),
        replace(ENTRY, member="PAT00002.ZIP"),
    ],
)
def test_another_unit_than_the_keyring_names_is_refused(other: KeyringEntry) -> None:
    with pytest.raises(UnitMismatch):
        check_elsewhere(io.BytesIO(unit()), other)


@pytest.mark.parametrize("place", [1000, -3])
def test_a_damaged_unit_is_refused(place: int) -> None:
    damaged = unit()
    damaged[place] ^= 1
    with pytest.raises(UnitMismatch):
        check_elsewhere(io.BytesIO(damaged), ENTRY)
