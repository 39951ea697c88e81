"""A dossier in which every text somebody typed is an attack."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

UNCHANGED = frozenset({"id", "patient", "practice", "tooth", "teeth", "time_zone", "sha256", "language"})
"""Fields that identify, refer, or obey a rule of the model."""


def with_text(value: Any, attack: str) -> Any:
    """Return ``value`` with ``attack`` in place of every free text."""
    if isinstance(value, str) and not isinstance(value, Enum) and value:
        return attack
    if isinstance(value, tuple):
        return tuple(with_text(each, attack) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: with_text(getattr(value, field.name), attack)
            for field in fields(value)
            if field.name not in UNCHANGED and "refers" not in field.metadata
        }
        if hasattr(value, "practice") and not isinstance(value.practice, str):
            changed["practice"] = with_text(value.practice, attack)
        if hasattr(value, "patient") and not isinstance(value.patient, str):
            changed["patient"] = with_text(value.patient, attack)
        return replace(value, **changed)
    return value
