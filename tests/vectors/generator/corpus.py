"""The whole corpus: every case, as files with an index."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

from tests.vectors.generator import (
    flawed_age,
    flawed_co_signatures,
    flawed_containers,
    flawed_dossiers,
    flawed_evidence,
    flawed_evidence_members,
    flawed_keyrings,
    flawed_lists,
    flawed_manifests,
    flawed_names,
    flawed_pictures,
    flawed_revisions,
    flawed_signatures,
    flawed_tokens,
    flawed_units,
    flawed_xml,
    flawed_zips,
)

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
    flawed_evidence,
    flawed_evidence_members,
    flawed_age,
    flawed_keyrings,
    flawed_units,
    flawed_dossiers,
    flawed_pictures,
)
INDEX = "index.json"


Entry = dict[str, str | bool]


def write(family: ModuleType, folder: Path) -> list[Entry]:
    """Write every case of ``family`` into ``folder`` with an index of what is wrong, and return the index."""
    index: list[Entry] = []
    for number, case in enumerate(family.cases()):
        (folder / f"{number:04}").write_bytes(case.data)
        index.append(
            {
                "file": f"{number:04}",
                "case": case.key,
                "family": case.family,
                "wrong": case.wrong,
                "reader": case.reader,
                "code": case.code,
                "opened": case.opened,
                "unsealed": case.unsealed,
            }
        )
    (folder / INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")
    return index
