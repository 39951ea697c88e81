"""When something came last, so that a wait goes on while anything comes."""

from __future__ import annotations

from time import monotonic


class NetworkActivity:
    """When something came last, over whichever association."""

    def __init__(self) -> None:
        self._last = monotonic()

    def note(self) -> None:
        """Something came."""
        self._last = monotonic()

    @property
    def idle_seconds(self) -> float:
        """Seconds since."""
        return monotonic() - self._last
