"""List of a run: every dossier that the store had then, with the package and the sealed unit that hold it.

It is signed, and names nobody: a dossier is a *token*, an HMAC (SHA-256) by the secret of the backup over its identity,
and its content another over the digest of its rows. Whoever has the list and not the secret learns how many dossiers
changed between two runs, and which sealed unit replaced which.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archiver.backup.errors import BackupListInvalid
from formats.json_text import canonical_json
from formats.words import mark

LIST_VERSION = 1
PLACE = "backup/{number:06}.json"
"""Logical path of a list in the object of the package that its run wrote."""
INDEX_PLACE = "backup/{number:06}.index.age"
"""Logical path of its sealed index: who the dossiers are of, and the registers of the store."""
MAX_LIST_BYTES = 64 << 20
"""Bytes of a list; 27,000 dossiers take 2,500,000."""
FILE_PLACE = "backup/{number:06}.{count:06}.age"
"""Logical path of a file that is in no dossier, sealed by itself in the object of the run that had it first."""
TOKEN_BYTES = 12
"""Bytes of a token: among a million dossiers two have the same once in 10¹⁷ backups."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierPlace:
    """Where a dossier lies: the token of its ``content``; object, ``file`` and sealed ``unit`` that hold it."""

    content: str
    object_id: str
    file: str
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LostFiles:
    """Tokens of the ``files`` that a sealed dossier lacks, and ``earlier`` versions of it that have them, if any do."""

    files: tuple[str, ...]
    earlier: tuple[DossierPlace, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePlace:
    """Where a file lies that is in no dossier, sealed: the object, and the logical ``path`` in it."""

    object_id: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunList:
    """What a run found: ``dossiers`` by token; ``object_id`` is the package that it wrote.

    ``practice`` is the token of what belongs to no dossier, ``practice_object`` and ``practice_file`` the package that
    has the practice's own rows. ``lost`` says by token which dossiers were sealed without files that the store lost,
    ``files`` where each file lies that is in no dossier.
    """

    backup: str
    number: int
    at: datetime
    object_id: str
    practice: str
    practice_object: str
    practice_file: str
    dossiers: Mapping[str, DossierPlace] = field(default_factory=dict)
    lost: Mapping[str, LostFiles] = field(default_factory=dict)
    files: Mapping[str, FilePlace] = field(default_factory=dict)

    @property
    def objects(self) -> set[str]:
        """Every package without which the run cannot be restored."""
        places = {one.object_id for one in self.dossiers.values()}
        places |= {place.object_id for one in self.lost.values() for place in one.earlier}
        places |= {one.object_id for one in self.files.values()}
        return places | {self.object_id, self.practice_object}


def token(secret: bytes, *parts: bytes) -> str:
    """Return the token by ``secret`` of ``parts``, none of which is longer than 2³² bytes."""
    data = b"".join(len(one).to_bytes(4, "big") + one for one in parts)
    return hmac.digest(secret, data, "sha256")[:TOKEN_BYTES].hex()


def run_list_bytes(run: RunList) -> bytes:
    """Return the list as it is signed: canonical JSON, the dossiers of each file together."""
    places: defaultdict[str, defaultdict[str, list[list[str]]]] = defaultdict(lambda: defaultdict(list))
    for name, one in sorted(run.dossiers.items()):
        places[one.object_id][one.file].append([name, one.content, one.unit])
    return canonical_json(
        {
            "backup_list": LIST_VERSION,
            "backup": run.backup,
            "number": run.number,
            "at": run.at.isoformat(),
            "object": run.object_id,
            "practice": run.practice,
            "practice_object": run.practice_object,
            "practice_file": run.practice_file,
            "dossiers": places,
            **(
                {"files": {name: [one.object_id, one.path] for name, one in run.files.items()}}
                if run.files
                else {}
            ),
            **({"lost": {name: _lost_document(one) for name, one in run.lost.items()}} if run.lost else {}),
        }
    )


def _lost_document(one: LostFiles) -> dict[str, Any]:
    earlier = [[place.object_id, place.file, place.content, place.unit] for place in one.earlier]
    return {"files": list(one.files), "earlier": earlier}


def _read_lost(document: Mapping[str, Any]) -> LostFiles:
    earlier = (
        DossierPlace(object_id=str(package), file=str(file), content=str(content), unit=str(unit))
        for package, file, content, unit in document["earlier"]
    )
    return LostFiles(files=tuple(map(str, document["files"])), earlier=tuple(earlier))


def read_run_list(data: bytes, number: int) -> RunList:
    """Return the list that ``data`` is; its signature is another matter.

    Raises:
        BackupListInvalid: when it is none.
    """
    try:
        document: Mapping[str, Any] = json.loads(data)
        if document["backup_list"] != LIST_VERSION or document["number"] != number:
            raise ValueError(document["backup_list"])
        at = datetime.fromisoformat(document["at"])
        if at.tzinfo is None:
            raise ValueError(at)
        dossiers = {
            str(name): DossierPlace(content=str(content), object_id=package, file=file, unit=str(unit))
            for package, files in document["dossiers"].items()
            for file, rows in files.items()
            for name, content, unit in rows
        }
        return RunList(
            backup=str(document["backup"]),
            number=number,
            at=at,
            object_id=str(document["object"]),
            practice=str(document["practice"]),
            practice_object=str(document["practice_object"]),
            practice_file=str(document["practice_file"]),
            dossiers=dossiers,
            files={
                str(name): FilePlace(object_id=str(package), path=str(path))
                for name, (package, path) in document.get("files", {}).items()
            },
            lost={str(name): _read_lost(one) for name, one in document.get("lost", {}).items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        reason = mark("it is damaged")
        raise BackupListInvalid(number=number, reason=reason) from fault
