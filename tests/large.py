"""Practices of any size for tests: made-up patients, with files that compress and files that do not."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.store import PracticeStore, open_store
from formats.model.documents import Attachment, Document
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice
from formats.model.record import practice_namespace, record_id

SPACE: uuid.UUID = practice_namespace("a practice for tests")
PIECE = 4 << 20
"""Bytes made at a time."""
GIVEN = tuple(
    f"{first}{last}" for first in ("Ma", "Lou", "Jo", "Cé", "Anne", "Ro", "Ti", "Su") for last in (
        "line", "rence", "sette", "lio", "bert", "mir", "dec", "gan", "thée", "ric", "na", "vel", "xane",
    )
)  # fmt: skip
"""Given names, each of one patient in a hundred, as the most frequent ones are."""
DAYS = 30_000
"""Days on which patients are born, each as often as the next: whoever shares one is compared."""
PHRASE = b"Le patient se plaint d'une douleur a la mastication sur 36 depuis trois jours. "
"""What compressible files consist of."""


def fill(path: Path, dossiers: Sequence[Sequence[int]], *, seed: int = 1) -> None:
    """Make a store with one patient for each of ``dossiers``, which lists the sizes of the files in bytes.

    Every second file compresses to nearly nothing, the others not at all.
    """
    random = np.random.default_rng(seed)
    with open_store(path, create=True) as store, store.changing():
        practice = Practice(id=record_id(SPACE, "practice", 1), name="Cabinet", time_zone="Europe/Paris")
        store.put(practice)
        store.set_setting(OWN_PRACTICE, practice.id)
        for number, sizes in enumerate(dossiers, 1):
            patient = _patient(practice, number)
            store.put(patient)
            for place, size in enumerate(sizes):
                attachment = _attachment(store, random, size, compressible=place % 2 == 1)
                key = f"{number}/{place}"
                name = f"file-{place}.bin"
                document = Document(
                    id=record_id(SPACE, "document", key),
                    patient=patient.id,
                    title=name,
                    original_name=name,
                    attachment=attachment,
                )
                store.put(document)


def _patient(practice: Practice, number: int) -> Patient:
    known = Identifier(type=IdentifierType.LOCAL, system="urn:test", value=str(number))
    traits = Traits(
        birth_family_name=f"Exemple{number}",
        birth_given_names=(GIVEN[number % len(GIVEN)],),
        birth_date=date(1930, 1, 1) + timedelta(days=number * 7919 % DAYS),
    )
    identity = record_id(SPACE, "patient", number)
    return Patient(id=identity, practice=practice.id, traits=traits, identifiers=(known,))


def _attachment(
    store: PracticeStore, random: np.random.Generator, size: int, *, compressible: bool
) -> Attachment:
    """Write a file where the store keeps it, in one pass, and list it."""
    digest = hashlib.sha256()
    folder = store.attachments.folder
    folder.mkdir(exist_ok=True)
    aside = folder / "aside"
    with aside.open("wb") as sink:
        for piece in _pieces(random, size, compressible=compressible):
            digest.update(piece)
            sink.write(piece)
    target = store.attachments.path(digest.hexdigest())
    target.parent.mkdir(exist_ok=True)
    aside.replace(target)
    attachment = Attachment(sha256=digest.hexdigest(), size=size, media_type="application/octet-stream")
    row = (attachment.sha256, attachment.size, attachment.media_type)
    store.db.execute("INSERT OR IGNORE INTO files (sha256, size, media_type) VALUES (?, ?, ?)", row)
    return attachment


def _pieces(random: np.random.Generator, size: int, *, compressible: bool) -> Iterator[bytes]:
    mark = random.bytes(32)
    for start in range(0, size, PIECE):
        length = min(PIECE, size - start)
        if compressible:
            yield (mark + PHRASE * (length // len(PHRASE) + 1))[:length]
        else:
            yield random.bytes(length)
