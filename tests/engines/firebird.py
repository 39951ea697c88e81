"""A real Firebird for tests: its embedded engine, on a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import pytest


def need() -> None:
    """Skip where there is no Firebird, and fail in CI."""
    if find_library("fbclient") is None:
        sentence = "this machine has no Firebird (libfbclient2, firebird3.0-server-core)"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)


@contextmanager
def created(path: Path, charset: str = "UTF8") -> Iterator[Any]:
    """Make a database at ``path``, and give a connection to it."""
    need()
    from firebird.driver import create_database

    with create_database(str(path), user="SYSDBA", charset=charset, overwrite=True) as connection:
        yield connection


def url(path: Path) -> str:
    return f"firebird://SYSDBA@//{path}?charset=UTF8"


def connect(path: Path) -> Any:
    from firebird.driver import connect as connecting

    return connecting(str(path), user="SYSDBA", charset="UTF8")
