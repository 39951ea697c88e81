"""A patient's part that this program wrote: the whole dossier in it is taken, and not what every program reads."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from formats.errors import FormatFailure, InconsistentDossier, PlacedSentence
from formats.fhir.layout import read_moment
from formats.outside_files.archives import OutsideFile, open_seekable
from formats.pdlgc import layout
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.read import dossier_items, read_patient_archive, read_to_the_end
from formats.portability.findings import portability_finding
from formats.reading import Item

_OWN = frozenset({layout.DOSSIER, layout.SUMS, layout.NAMES, layout.SOURCE})


def is_own(files: Sequence[OutsideFile]) -> bool:
    """Tell whether a part has what this program writes besides."""
    return {one.name for one in files} >= _OWN


def own_items(packed: OutsideFile) -> Generator[Item, None, bool]:
    """Yield the dossier of the part ``packed``; return whether it was taken.

    It is, where all of it is as its list of sums says; else a finding says why not, and nothing is taken.
    """
    with open_seekable(packed) as source:
        try:
            archive = read_patient_archive(source)
            read_to_the_end(archive)
            with ArchiveContents(source).open(layout.DOSSIER) as stream:
                written_at = read_moment(stream)
        except (FormatFailure, InconsistentDossier) as fault:
            cause = PlacedSentence(fault.where, fault.sentence, fault.facts)
            yield portability_finding("pdlgc-own-changed", packed.place, fault=cause)
            return False
        yield from archive.findings
        yield from dossier_items(archive, written_at)
        return True
