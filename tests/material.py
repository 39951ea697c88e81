"""Other people's samples, read where they lie and never copied into the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
MATERIAL = SHARED / "material"


def material(*parts: str) -> Path:
    """Return a path below the shared material; without it skip, and in CI fail."""
    path = MATERIAL.joinpath(*parts)
    if not path.exists():
        sentence = f"the shared material {'/'.join(parts)} is not beside this checkout"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path
