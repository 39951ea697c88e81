"""The text of a receipt that is written dossier by dossier is that of the whole document."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from archiver.handover.receipt import Arrival, Receipt, UnitOutcome, receipt_json, receipt_lines
from archiver.signing.certificates.fingerprint import Fingerprint

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_lines_are_those_of_the_document(count: int) -> None:
    arrivals = tuple(
        Arrival(
            unit=f"unit {number}",
            state=UnitOutcome.CAME_IN,
            who={"family": "Élève\n\u2028 }\n]", "given": '"'},
            counts={"acts": number},
            candidates=("one", "two")[:number],
            destroy_from=date(2046, 1, 1),
        )
        for number in range(count)
    )
    receipt = Receipt(
        package="urn:test:1", received_at=NOON, created=NOON, ground="sale", sender="Cabinet\n", signer="Dr",
        fingerprint=Fingerprint(""), announced={"acts": 1}, found={}, arrivals=arrivals,
    )  # fmt: skip
    whole = json.dumps(receipt_json(receipt), ensure_ascii=False, indent=2) + "\n"
    assert "".join(receipt_lines(receipt)) == whole
