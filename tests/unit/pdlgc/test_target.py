"""A target that takes less than it is given still gets everything."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from formats.target import write_all


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize("kind", [bytes, memoryview])
def test_a_pipe_gets_all_of_what_is_longer_than_it(kind: type, blocking: bool) -> None:
    """One that blocks, and one that takes a part, or says that it can take nothing now."""
    data = Random(1).randbytes(500_000)
    read, write = os.pipe()
    os.set_blocking(write, blocking)
    with (
        ThreadPoolExecutor() as pool,
        os.fdopen(read, "rb") as source,
        os.fdopen(write, "wb", buffering=0) as target,
    ):
        found = pool.submit(source.read)
        write_all(target, kind(data))
        write_all(target, kind(b""))
        target.close()
        assert found.result() == data
