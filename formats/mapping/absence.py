"""Nothing, told apart from every value a field of the model may hold, ``None`` included."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final


class Absent(Enum):
    """Nothing is there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


def without_absent(**values: Any) -> dict[str, Any]:
    """Return those of ``values`` that are there."""
    return {name: value for name, value in values.items() if not isinstance(value, Absent)}
