"""What a restore says of dossiers that were refused: each with its reason, in the text and in the JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.cli.run.backup.restore import show_restored
from archiver.handover.arrivals import Arrival, Arrivals, UnitOutcome
from archiver.handover.receipt import Receipt
from archiver.operations.backup.restore import Restored
from archiver.signing.certificates.fingerprint import Fingerprint
from formats.errors import LimitExceeded
from formats.words import mark

AT = datetime(2026, 11, 30, 4, tzinfo=UTC)
REFUSED = Arrival(
    unit="a" * 32,
    outcome=UnitOutcome.REFUSED,
    who={"family": "EXEMPLE", "given": "Anne"},
    counts={},
    refusal=LimitExceeded(where="DATA", name=mark("the number of bytes"), found=2, limit=1),
)


def restored(*arrivals: Arrival) -> Restored:
    receipt = Receipt(
        package="urn:test:1",
        received_at=AT,
        created=AT,
        ground="",
        sender="",
        signer="",
        fingerprint=Fingerprint("0" * 64),
        announced={},
        found={},
        arrivals=Arrivals(arrivals),
    )
    return Restored(number=1, at=AT, expected=2, dossiers=2 - len(arrivals), receipts=(receipt,))


def test_what_was_refused_is_named_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    done = restored(REFUSED)
    assert done.refused
    show_restored(Path("back.db"), done, as_json=False)
    printed = capsys.readouterr()
    assert "EXEMPLE Anne" in printed.err and "[limit-exceeded]" in printed.err
    assert "the registers are not either" in printed.out + printed.err
    show_restored(Path("back.db"), done, as_json=True)
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["severity"]) == ("limit-exceeded", "error")


def test_a_whole_restore_names_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    done = restored()
    assert not done.refused
    show_restored(Path("back.db"), done, as_json=False)
    assert capsys.readouterr().err == ""
