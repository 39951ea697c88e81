"""What a reader of the sample must find: counts of rows and files, and the designated cases by number."""

from __future__ import annotations

import json
from collections.abc import Iterable

from samples.story import papers, roster
from samples.story.people import COLLABORATOR, PRACTITIONERS, Person
from samples.story.practice import SEED, Telling
from samples.story.register import image_folder
from samples.story.shelf import ORPHAN

DIRTY_DOCUMENTS = ("missing_file", "outside_name")
"""Documents of the practice whose file cannot be read."""


def expected_counts(telling: Telling) -> str:
    """Return EXPECTED.json."""
    facts = {
        "seed": SEED,
        "practice": {
            "title": telling.book.title,
            "patients": len(telling.people),
            "rows": telling.book.counts(),
            "special": _special(telling.people),
            "designated": telling.designated,
            "seen_by": {str(person.number): list(person.seen) for person in telling.people},
            "images": {
                "files": len(telling.shelf),
                "bytes": sum(map(len, telling.shelf.values())),
                "orphan": f"{image_folder(telling.people[44])}/{ORPHAN}",
                "documents_without_file": [telling.designated["document"][word] for word in DIRTY_DOCUMENTS],
            },
        },
        "imaging": _imaging(telling),
        "papers": {
            "files": len(telling.papers),
            "lines": len(papers.LINES) + 2,
            "missing_file": "radio-0026.png",
            "undescribed_file": "vrac/scan_2019_0001.pdf",
            "ambiguous_line": "dubreuil.pdf",
        },
        "roster": {
            "practitioner_rpps": PRACTITIONERS[COLLABORATOR - 1].rpps,
            "patients": list(roster.LEAVING),
            "shared": list(roster.SHARED),
        },
        "successor": {
            "title": telling.successor.title,
            "patients": len(telling.successor_people),
            "rows": telling.successor.counts(),
            "special": _special(telling.successor_people),
            "same_person_as": {"1": 26},
            "human_decides": {"2": 47, "3": 16},
            "not_the_same": {"4": [9, 10, 11]},
        },
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def _imaging(telling: Telling) -> dict[str, object]:
    return {
        "files": len(telling.imaging),
        "dicom_by_path": {
            "pano/45_2024.dcm": 45,
            "doc/compte-rendu.dcm": 45,
            "io/IM000001": 3,
            "io/IM000005": 27,
            "cbct/000": 1,
            "cbct/001": 1,
            "cbct/002": 1,
        },
        "by_name_and_birth": {"io/IM000002": 16},
        "ambiguous": {"io/IM000003": [9, 10, 11]},
        "unknown": ["io/IM000004"],
        "not_dicom": ["doc/notes.dcm"],
        "disc": "disque/DICOMDIR",
        "disc_instances": 5,
    }


def _special(people: Iterable[Person]) -> dict[str, int]:
    return {person.key: person.number for person in people if person.key}
