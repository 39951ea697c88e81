"""A receipt that came back is what its schema says, or it is refused before anything of it is used or stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.handover.arrivals import Arrival, Arrivals, UnitOutcome
from archiver.handover.errors import ReceiptNewer, ReceiptUnreadable
from archiver.handover.receipt import Receipt
from archiver.handover.receipt_reading import read_receipt
from archiver.operations.documents.receipt_document import receipt_json
from archiver.signing.certificates.fingerprint import Fingerprint

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HALF = "\ud83d"
"""Half a surrogate pair: JSON can say it, no store and no terminal can hold it."""


def written() -> dict[str, Any]:
    """Return a receipt of one dossier and the practice's part."""
    dossier = Arrival(unit="u", outcome=UnitOutcome.CAME_IN, who={"family": "Essai"}, counts={"acts": 2})
    practice = Arrival(unit="practice", outcome=UnitOutcome.CAME_IN, who={}, counts={})
    receipt = Receipt(
        package="urn:test:1", received_at=NOON, created=NOON, ground="cessation", sender="Cabinet", signer="Dr",
        fingerprint=Fingerprint("0" * 64), announced={"acts": 2}, found={"acts": 2},
        arrivals=Arrivals([dossier, practice]),
    )  # fmt: skip
    document = receipt_json(receipt)
    return {**document, "dossiers": list(document["dossiers"])}


def stored(folder: Path, document: Any) -> Path:
    path = folder / "receipt.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_what_this_program_writes_is_read(tmp_path: Path) -> None:
    found = read_receipt(stored(tmp_path, written()))
    assert [(one.unit, one.outcome, one.state, one.counts) for one in found.lines] == [
        ("u", "came-in", "integrated", {"acts": 2}), ("practice", "came-in", "", {}),
    ]  # fmt: skip
    assert found.counts == {"acts": {"announced": 2, "found": 2, "left_aside": 0}}


def setting(*place: str | int, to: Any) -> Callable[[Any], None]:
    """Return a change of what lies at ``place``."""

    def change(value: Any) -> None:
        for one in place[:-1]:
            value = value[one]
        value[place[-1]] = to

    return change


@pytest.mark.parametrize("change", [
    setting("received_at", to="yesterday"),
    setting("received_at", to="2026-05-04T12:00:00"),
    setting("received_at", to="0001-01-01T00:00:00+01:00"),
    setting("created", to="9999-12-31T23:59:59-01:00"),
    setting("signed_list_sha256", to="zz"),
    setting("revision", to=-1),
    setting("revision", to=True),
    setting("signer", to={}),
    setting("signer", "name", to=7),
    setting("receiver", to=f"Cabinet {HALF}"),
    setting("states", "integrated", to="1"),
    setting("states", "elsewhere", to=1),
    setting("counts", "acts", "found", to=-1),
    setting("counts", "acts", "announced", to=10**30),
    setting("counts", HALF, to={"announced": 1, "found": 1, "left_aside": 0}),
    setting("counts", "acts", "left_aside", to=-1),
    setting("dossiers", 0, "left_aside", to={"acts": -1}),
    setting("dossiers", to={}),
    setting("dossiers", 0, "outcome", to="elsewhere"),
    setting("dossiers", 0, "state", to=None),
    setting("dossiers", 0, "patient", to={"family": HALF}),
    setting("dossiers", 0, "counts", "acts", to=1.5),
    setting("receipt", to=0),
    setting("receipt", to="1"),
])  # fmt: skip
def test_a_value_that_no_receipt_has_is_refused(tmp_path: Path, change: Callable[[Any], None]) -> None:
    document = written()
    change(document)
    with pytest.raises(ReceiptUnreadable, match="another shape"):
        read_receipt(stored(tmp_path, document))


@pytest.mark.parametrize("content", [b"", b"[1]", b"null", b"\xff", b"[" * 100_000, b'{"receipt": 1}'])
def test_what_is_no_receipt_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    with pytest.raises(ReceiptUnreadable):
        read_receipt(path)


def test_a_later_form_is_told_from_something_else(tmp_path: Path) -> None:
    document = written()
    document["receipt"] = 2
    with pytest.raises(ReceiptNewer, match="install that version"):
        read_receipt(stored(tmp_path, document))
