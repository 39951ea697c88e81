"""Who made an archive, and with which program."""

from __future__ import annotations

from dataclasses import dataclass

from formats.model.identity import Contact, Identifier


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The structure that hands the archive over; ``software`` made it, in ``software_version``."""

    name: str
    identifiers: tuple[Identifier, ...] = ()
    contacts: tuple[Contact, ...] = ()
    software: str = ""
    software_version: str = ""

    @property
    def program(self) -> str:
        """Name and version of the program, as far as they are known."""
        return " ".join(filter(None, (self.software, self.software_version)))
