"""The files of dossiers beside their FHIR resources, each under its SHA-256 (``files/ab/ab….pdf``), once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from archiver.delivery.folder import FolderContainer
from archiver.delivery.write import DossierSource
from formats.fhir_interchange.resources import file_places
from formats.pdlgc.members import ArchiveMembers


class FhirFiles:
    """Copies the files of one dossier after the other below ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, source: DossierSource) -> Counter[str]:
        """Copy the files of a dossier that are not there yet; return how many it has, and their bytes.

        Raises:
            AttachmentMissing, AttachmentChanged: when one is not what the dossier says.
            DiskFull, DiskFault: what the disk answered.
        """
        counted: Counter[str] = Counter()
        places = file_places(source.dossier)
        with FolderContainer(self._root) as container:
            members = ArchiveMembers(container)
            for one in source.dossier.attachments():
                place = places[one.sha256]
                if not self._root.joinpath(place).exists():
                    with source.open_attachment(one.sha256) as body:
                        members.add_attachment(place, one, body)
                counted["files"] += 1
                counted["file_bytes"] += one.size
        return counted
