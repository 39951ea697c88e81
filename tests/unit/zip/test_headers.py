"""Local file headers: how long one is can be told without writing it."""

from __future__ import annotations

import pytest

from formats.zip.headers import PLAIN_VERSION, StatedSizes, local_header, local_header_length
from formats.zip.profile import EPOCH
from formats.zip.records import STORED


@pytest.mark.parametrize("name", [b"", b"mimetype", b"units/0.zip" * 20])
@pytest.mark.parametrize("size", [0, (1 << 32) - 2, 1 << 40])
def test_the_length_is_that_of_the_header(name: bytes, size: int) -> None:
    plain = StatedSizes(name, PLAIN_VERSION, 0, STORED, 0, EPOCH, 0, 0, 0)
    assert local_header_length(len(name), zip64=False) == len(local_header(plain))
    assert local_header_length(len(name), zip64=True) == len(local_header(plain, zip64=(size, size)))
