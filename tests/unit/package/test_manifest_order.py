"""Entries of a keyring in the order of the manifest, whatever order they have themselves."""

from __future__ import annotations

import random

import pytest

from archiver.package.manifests.patients import in_manifest_order
from archiver.sealing.keyring import KeyringEntry
from formats.digests import Digest

UNITS = [f"{number:026}" for number in range(40)]


def entry(unit: str) -> KeyringEntry:
    return KeyringEntry(
        unit=unit, member="PAT00001.ZIP", passphrase="A" * 43, plain_digest=Digest.of(), plain_size=1,
        patient={}, counts={}, salt="B" * 43,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_any_order_is_put_into_that_of_the_manifest(seed: int) -> None:
    lying = [entry(unit) for unit in UNITS]
    if seed:
        lying = [*random.Random(seed).sample(lying[: 10 * seed], 10 * seed), *lying[10 * seed :]]
    assert [one.unit for one in in_manifest_order(UNITS, lying)] == UNITS
