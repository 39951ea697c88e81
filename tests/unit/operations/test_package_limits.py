"""What surrounds the units has limits too: an export past one is refused, and what it writes is read at each."""

from __future__ import annotations

import importlib
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.handover.opening import OpenRequest
from archiver.operations.receive import receive
from archiver.package import layout
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES
from archiver.package.lists.sha256sums import MAX_SUMS_BYTES
from archiver.package.manifests.manifest_reading import MAX_MANIFEST_BYTES
from archiver.practice.store import open_store
from archiver.sealing import keyring
from archiver.sealing.age import HybridIdentity
from archiver.sealing.age.header import MAX_HEADER, MAX_STANZAS
from formats.errors import Failure
from formats.model.imaging import ImageFile, ImageKind
from tests.large import fill
from tests.packages import signer, trust
from tests.unit.operations.test_writer_within_reader import (
    KEY,
    NOON,
    exported,
    hand_over,
    practice_with,
    white,
)

CONSTANTS = [
    ("archiver.package.manifests.json_stream", "MAX_HEAD", 50),
    ("archiver.package.manifests.json_stream", "MAX_ELEMENT", 50),
    ("archiver.package.manifests.json_reading", "MAX_TEXT", 5),
    ("archiver.package.manifests.json_reading", "MAX_COUNT", 1),
    ("archiver.package.layout", "MAX_MEMBERS", 3),
    ("archiver.package.manifests.manifest_reading", "MAX_MANIFEST_BYTES", 100),
    ("archiver.package.manifests.manifest_reading", "MAX_UNITS", 1),
    ("archiver.package.manifests.manifest_reading", "MAX_SIGNATURES", 0),
    ("archiver.sealing.keyring", "MAX_ENTRIES", 1),
    ("archiver.sealing.keyring_json", "MAX_LINE", 200),
    ("archiver.sealing.keyring_header", "MAX_SIGNERS", 0),
    ("archiver.sealing.keyring_lines", "MAX_SIZE", 10),
    ("archiver.sealing.age.header", "MAX_STANZAS", 0),
    ("archiver.signing.signatures.signed_data", "MAX_SIGNATURE_BYTES", 100),
    ("archiver.signing.signatures.signed_data", "MAX_CERTIFICATES", 0),
]
"""Limits that what a practice holds, and who signs and opens, can reach; with one that any package is beyond."""


@contextmanager
def lowered(module: str, name: str, value: int) -> Iterator[None]:
    """Lower a limit in its module and wherever it is known by its name."""
    whole = getattr(importlib.import_module(module), name)
    with pytest.MonkeyPatch.context() as patch:
        for known, loaded in list(sys.modules.items()):
            if known.startswith(("archiver.", "formats.")) and vars(loaded).get(name) == whole:
                patch.setattr(loaded, name, value)
        yield


@pytest.mark.parametrize("cut", [{}, {"volume_size": 1 << 30}], ids=["whole", "cut"])
@pytest.mark.parametrize(("module", "name", "value"), CONSTANTS)
def test_past_a_limit_of_the_package_nothing_is_written(
    tmp_path: Path, module: str, name: str, value: int, cut: dict[str, int]
) -> None:
    with practice_with(tmp_path / "p.db", white(5)) as store:
        with lowered(module, name, value), pytest.raises(Failure):
            exported(store, tmp_path / "out", **cut)
        assert list((tmp_path / "out").iterdir()) == []


# -- limits that no package can reach, for it reaches another one first -----------------------


def _sizes(folder: Path, patients: int, keys: int = 1) -> dict[str, int]:
    folder.mkdir()
    fill(folder / "p.db", [[]] * patients)
    recipients = [HybridIdentity(seed=bytes([n]) * 32).to_recipient() for n in range(keys)]
    with open_store(folder / "p.db") as store:
        outcome = exported(store, folder / "out", access=KeyringRecipients(recipients=recipients))
    with zipfile.ZipFile(outcome.path) as package:
        return {one.filename: one.file_size for one in package.infolist()}


def test_the_lists_of_the_largest_package_fit(tmp_path: Path) -> None:
    """Each grows by the unit, and a keyring has so many lines."""
    few, more = _sizes(tmp_path / "few", 2), _sizes(tmp_path / "more", 12)
    lists = {
        layout.ASIC_MANIFEST: MAX_ASIC_MANIFEST_BYTES,
        layout.SUMS: MAX_SUMS_BYTES,
        layout.MANIFEST: MAX_MANIFEST_BYTES,
    }
    for name, limit in lists.items():
        grown = (more[name] - few[name]) / 10
        assert grown > 20
        assert more[name] + grown * keyring.MAX_ENTRIES < limit, name


def test_the_header_of_a_keyring_for_everybody_fits(tmp_path: Path) -> None:
    one, three = _sizes(tmp_path / "one", 1), _sizes(tmp_path / "three", 1, keys=3)
    (name,) = [each for each in one if "KEYRING" in each.upper()]
    grown = (three[name] - one[name]) / 2
    assert grown > 1000
    assert one[name] + grown * MAX_STANZAS < MAX_HEADER


# -- what a page shows ---------------------------------------------------------------------------


def test_a_picture_with_an_endless_title_comes_in(tmp_path: Path) -> None:
    """Its title stands for it where it cannot be shown, and a reader takes no endless tag."""
    body = white(5)
    body = replace(body, attachment=replace(body.attachment, media_type="image/png"))
    with practice_with(tmp_path / "p.db") as store:
        (patient,) = store.patients()
        image = ImageFile(
            id="picture", patient=patient.id, image=ImageKind.PHOTOGRAPH, title="é" * 400_000,
            attachment=body.attachment,
        )  # fmt: skip
        with store.changing():
            store.keep_file(body)
            store.put(image)
        receipt = hand_over(store, tmp_path)
    assert [str(one.refusal) for one in receipt.refused] == []
    with open_store(tmp_path / "next.db") as there:
        (picture,) = there.dossier(patient.id).image_files
        assert picture.title == image.title


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """The same export, with the limits as they are."""
    with practice_with(tmp_path / "p.db", white(5)) as store:
        outcome = exported(store, tmp_path / "out")
    with open_store(tmp_path / "next.db", create=True) as there:
        opening = OpenRequest(package=outcome.path, identities=[KEY], trust=trust(signer(), at=NOON))
        assert not receive(there, opening, clock=lambda: NOON).refused
