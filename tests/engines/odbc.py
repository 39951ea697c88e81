"""Drivers of ODBC on this machine, by their files: nobody has to have registered them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDERS = ("/usr/lib/*/odbc", "/usr/lib64", "/usr/lib/odbc")
DRIVERS = {"sqlite": "libsqlite3odbc.so", "mariadb": "libmaodbc.so", "postgresql": "psqlodbcw.so"}


def driver(name: str) -> str:
    """Return the file of the driver ``name``; else skip, and in CI fail."""
    for folder in FOLDERS:
        for found in Path("/").glob(f"{folder[1:]}/{DRIVERS[name]}"):
            return str(found)
    sentence = f"this machine has no driver of ODBC for {name} ({DRIVERS[name]})"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
