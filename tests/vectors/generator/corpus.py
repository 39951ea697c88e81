"""The whole corpus: every case, as files with an index."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

from tests.vectors.generator import (
    flawed_age,
    flawed_co_signatures,
    flawed_containers,
    flawed_destruction,
    flawed_dossiers,
    flawed_ended,
    flawed_evidence,
    flawed_evidence_members,
    flawed_exports,
    flawed_keyrings,
    flawed_lists,
    flawed_manifests,
    flawed_names,
    flawed_pages,
    flawed_pictures,
    flawed_practices,
    flawed_revisions,
    flawed_set_evidence,
    flawed_set_lists,
    flawed_set_signatures,
    flawed_sets,
    flawed_signatures,
    flawed_sources,
    flawed_tables,
    flawed_terms,
    flawed_tokens,
    flawed_units,
    flawed_volumes,
    flawed_xml,
    flawed_zips,
)
from tests.vectors.generator.case import Case

FAMILIES = (
    flawed_names,
    flawed_containers,
    flawed_zips,
    flawed_lists,
    flawed_xml,
    flawed_manifests,
    flawed_signatures,
    flawed_tokens,
    flawed_co_signatures,
    flawed_revisions,
    flawed_sources,
    flawed_terms,
    flawed_sets,
    flawed_set_signatures,
    flawed_set_lists,
    flawed_volumes,
    flawed_evidence,
    flawed_evidence_members,
    flawed_set_evidence,
    flawed_ended,
    flawed_destruction,
    flawed_age,
    flawed_keyrings,
    flawed_units,
    flawed_dossiers,
    flawed_pages,
    flawed_practices,
    flawed_pictures,
    flawed_tables,
    flawed_exports,
)
INDEX = "index.json"
INPUT = "input"
"""What the input of a case is called among the files beside it."""


Entry = dict[str, str | bool]


def write(family: ModuleType, folder: Path) -> list[Entry]:
    """Write every case of ``family`` into ``folder`` with an index of what is wrong, and return the index.

    A case with files beside it gets a folder of its own.
    """
    index: list[Entry] = []
    for number, case in enumerate(family.cases()):
        file = _written(case, folder, f"{number:04}")
        index.append(
            {
                "file": file,
                "case": case.key,
                "family": case.family,
                "wrong": case.wrong,
                "reader": case.reader,
                "code": case.code,
                "opened": case.opened,
                "unsealed": case.unsealed,
                "at": case.at.isoformat(),
            }
        )
    (folder / INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")
    return index


def _written(case: Case, folder: Path, number: str) -> str:
    """Write the files of ``case`` and return where in ``folder`` its input lies."""
    if not case.beside:
        (folder / number).write_bytes(case.data)
        return number
    (folder / number).mkdir()
    for name, data in {**case.beside, INPUT: case.data}.items():
        (folder / number / name).write_bytes(data)
    return f"{number}/{INPUT}"
