"""Which patient a refusal is about, said in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from formats.errors import Failure


@contextmanager
def about_patient(traits: Mapping[str, str]) -> Iterator[None]:
    """Say of a refusal inside the block that it is about the patient with these ``traits``."""
    try:
        yield
    except Failure as failure:
        patient = f"patients/{traits.get('number') or traits['id']}"
        if not failure.where.startswith(patient):
            failure.where = f"{patient} {failure.where}".rstrip()
        raise
