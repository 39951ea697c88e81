"""Addresses of storages: no refusal repeats what may be a credential."""

from __future__ import annotations

import pytest

from archiver.storage.address import read_address
from archiver.storage.errors import StorageAddressInvalid

ADDRESSES = (
    "s3:https://key:s3cret@storage.example/bucket",
    "s3:https://storage.example/bucket?token=s3cret",
    "s3:https://[::1/s3cret@x",
    "https://key:s3cret@storage.example/bucket",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_refusal_repeats_a_credential(address: str) -> None:
    with pytest.raises(StorageAddressInvalid) as refused:
        read_address(address)
    assert "s3cret" not in str(refused.value)
