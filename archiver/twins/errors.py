"""Why a file is not shown."""

from __future__ import annotations

from archiver.twins.request import StandIn
from formats.errors import Failure


class CopyRefused(Exception):
    """A file whose content is not shown; within this part alone: a page stands in for it."""

    def __init__(self, stand_in: StandIn, fault: Failure | None = None) -> None:
        super().__init__(stand_in.value)
        self.stand_in = stand_in
        self.fault = fault
