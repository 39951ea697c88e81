"""The list of a run and its sealed index: what was written is read, and what was changed is refused."""

from __future__ import annotations

import io
import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.backup.errors import BackupListInvalid
from archiver.backup.run_list import (
    DossierPlace,
    FilePlace,
    LostFiles,
    RunList,
    read_run_list,
    run_list_bytes,
    token,
)
from archiver.backup.sealed_index import IndexedDossier, IndexedFile, read_index, write_index
from archiver.sealing.age import HybridIdentity
from archiver.sealing.errors import SealBroken, WrongKey
from archiver.search.records import SearchNames, SearchRecord
from formats.model.documents import Attachment

RUN = RunList(
    backup="urn:uuid:1",
    number=7,
    at=datetime(2026, 11, 30, 1, tzinfo=UTC),
    object_id="urn:uuid:2",
    practice="00" * 12,
    practice_object="urn:uuid:3",
    practice_file="backup-000001.asice",
    dossiers={
        "aa" * 12: DossierPlace(content="bb" * 12, object_id="urn:uuid:2", file="b-2.asice", unit="u1"),
        "cc" * 12: DossierPlace(content="dd" * 12, object_id="urn:uuid:3", file="b-1.asice", unit="u2"),
    },
)
RECORD = SearchRecord(
    id="p",
    person="p",
    practice="",
    status="",
    names=SearchNames("Perrichon", ("Gérard", "Jean"), "", "", "1955-11-23"),
    earlier=(SearchNames("Martin", (), "", "", ""),),
    numbers=("45",),
)
FILE = IndexedFile(token="ab" * 12, attachment=Attachment(sha256="cd" * 32, size=7, media_type="image/png"))
HEADING = {"backup": "urn:uuid:1", "number": 7}


def test_a_list_is_read_as_it_is_written() -> None:
    assert read_run_list(run_list_bytes(RUN), 7) == RUN
    assert RUN.objects == {"urn:uuid:2", "urn:uuid:3"}
    earlier = DossierPlace(content="ee" * 12, object_id="urn:uuid:4", file="b-0.asice", unit="u0")
    more = replace(
        RUN,
        lost={"aa" * 12: LostFiles(files=("ff" * 12,), earlier=(earlier,))},
        files={"ab" * 12: FilePlace(object_id="urn:uuid:5", path="backup/000001.000001.age")},
    )
    assert read_run_list(run_list_bytes(more), 7) == more
    assert more.objects == {"urn:uuid:2", "urn:uuid:3", "urn:uuid:4", "urn:uuid:5"}


@pytest.mark.parametrize(
    "change",
    [
        {"backup_list": 2},
        {"number": 8},
        {"at": "2026-11-30T01:00:00"},
        {"dossiers": {"urn:uuid:2": {"b.asice": [["aa", "bb"]]}}},
        {"dossiers": []},
    ],
)
def test_a_list_that_is_none_is_refused(change: dict[str, object]) -> None:
    document = json.loads(run_list_bytes(RUN)) | change
    with pytest.raises(BackupListInvalid):
        read_run_list(json.dumps(document).encode(), 7)


def test_a_token_is_by_the_secret_and_by_every_part() -> None:
    one = token(b"secret", b"dossier", b"1")
    assert len(one) == 24
    others = [(b"other", b"dossier", b"1"), (b"secret", b"dossie", b"r1"), (b"secret", b"dossier", b"2")]
    assert len({one, *(token(*parts) for parts in others)}) == 4


def index(identity: HybridIdentity) -> bytes:
    target = io.BytesIO()
    write_index(
        target,
        HEADING,
        [IndexedDossier(token="aa" * 12, record=RECORD)],
        [FILE],
        [("settings", ["own_practice", "x"]), ("holds", [1, None, "é" * 100_000])],
        [identity.to_recipient()],
        randomness=secrets.token_bytes,
    )
    return target.getvalue()


def test_an_index_is_read_as_it_is_written() -> None:
    identity = HybridIdentity.new(secrets.token_bytes)
    sealed = index(identity)
    assert b"Perrichon" not in sealed
    found = list(read_index(io.BytesIO(sealed), [identity], HEADING))
    assert found == [
        IndexedDossier(token="aa" * 12, record=RECORD),
        FILE,
        ("settings", ["own_practice", "x"]),
        ("holds", [1, None, "é" * 100_000]),
    ]


def test_an_index_of_another_run_or_for_another_key_or_cut_off_is_refused() -> None:
    identity = HybridIdentity.new(secrets.token_bytes)
    sealed = index(identity)
    with pytest.raises(BackupListInvalid):
        list(read_index(io.BytesIO(sealed), [identity], HEADING | {"number": 8}))
    with pytest.raises(WrongKey):
        list(read_index(io.BytesIO(sealed), [HybridIdentity.new(secrets.token_bytes)], HEADING))
    with pytest.raises((BackupListInvalid, SealBroken)):
        list(read_index(io.BytesIO(sealed[:-1]), [identity], HEADING))
