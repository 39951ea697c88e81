"""A receipt is written dossier by dossier, as its whole document would be, and counts what it lists."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from archiver.handover.arrivals import GROUPS, Arrival, Arrivals, UnitOutcome
from archiver.handover.receipt import Receipt
from archiver.identity.known_people import PatientIdentity
from archiver.operations.documents.receipt_document import receipt_json
from archiver.practice.registers.degraded_entries import DegradedEntry
from archiver.practice.registers.dossier_states import DossierState
from archiver.signing.certificates.fingerprint import Fingerprint
from formats.json_text import json_text
from formats.model.missing import MissingReason

UNREAD = DegradedEntry(
    id=1, patient="p", package="urn:test:1", unit="u", record="r", topic="allergy", reason="without-name", text="",
    original="{}", noted_at="2026-05-04T12:00:00+02:00", reviewed_by="", reviewed_at="", remark="",
)  # fmt: skip
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_lines_are_those_of_the_document(count: int) -> None:
    arrivals = Arrivals(
        Arrival(
            unit=f"unit {number}",
            outcome=UnitOutcome.CAME_IN,
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
    document = receipt_json(receipt)
    whole = json.dumps({**document, "dossiers": list(document["dossiers"])}, ensure_ascii=False, indent=2)
    assert "".join(json_text(receipt_json(receipt))) == whole
    assert len(json.loads(whole)["dossiers"]) == count


def test_a_group_has_as_many_as_it_yields() -> None:
    """Counted as they come, and looked for again when they are asked for: both follow one rule."""
    who = {"family": "Essai"}
    listed = [
        Arrival(unit=f"{outcome} {number}", outcome=outcome, who=known, counts={}, identity=identity, hold=hold,
                destroy_from=term, page_compared=compared, missing=missing, newer_here=number % 2,
                degraded=(UNREAD,) * (number % 3 == 0), left_aside={"acts": 1} if number % 5 == 0 else {})
        for number, (known, identity, hold, term, compared, missing) in enumerate(product(
            ({}, who), PatientIdentity, (False, True), (None, date(2046, 1, 1), date(2045, 1, 1)), (False, True),
            (Counter(), Counter({("documents", MissingReason.FILE_EMPTY): 1})),
        ))
        for outcome in UnitOutcome
    ]  # fmt: skip
    arrivals = Arrivals(listed)
    assert list(arrivals) == listed and len(arrivals) == len(listed) > 2 * 64
    for name, belongs in GROUPS.items():
        group = arrivals.group(name)
        assert list(group) == list(filter(belongs, listed)), name
        assert len(group) == len(list(group)) > 0, name
        assert (listed[0] in group, listed[-1] in group) == (belongs(listed[0]), belongs(listed[-1]))
    assert arrivals.destroy_from == date(2045, 1, 1)
    assert Arrivals().destroy_from is None and not Arrivals().group("refused")


READ, MISSED = (
    replace(UNREAD, reviewed_at="2026-05-05T08:00:00+02:00"),
    Counter({("documents", MissingReason.FILE_MISSING): 2}),
)
AMOUNT = Counter({("source_rows", MissingReason.AMOUNT_UNREAD): 1})
STATES: tuple[tuple[dict[str, Any], DossierState], ...] = (
    ({}, DossierState.INTEGRATED),
    ({"missing": MISSED}, DossierState.PLACEHOLDER),
    ({"missing": MISSED, "degraded": (READ,)}, DossierState.DEGRADED),
    ({"missing": AMOUNT}, DossierState.DEGRADED),
    ({"degraded": (READ,), "left_aside": {"acts": 1}}, DossierState.PARTIAL),
    ({"left_aside": {"acts": 1}, "identity": PatientIdentity.QUESTION}, DossierState.WAITING),
    ({"degraded": (UNREAD,), "identity": PatientIdentity.QUESTION}, DossierState.WAITING),
    ({"outcome": UnitOutcome.LEFT_ASIDE, "identity": PatientIdentity.QUESTION}, DossierState.LEFT_ASIDE),
    ({"outcome": UnitOutcome.REFUSED, "degraded": (UNREAD,)}, DossierState.REFUSED),
)


def arrived(**facts: Any) -> Arrival:
    """Return a dossier that came in, or what ``facts`` say."""
    usual = {"unit": "u", "outcome": UnitOutcome.CAME_IN, "who": {"family": "Essai"}, "counts": {}}
    return Arrival(**{**usual, **facts})


def test_a_dossier_is_in_the_first_state_that_applies_and_all_are_counted() -> None:
    listed = [arrived(**facts) for facts, _ in STATES]
    assert [one.state for one in listed] == [state for _, state in STATES]
    of_practice = Arrival(unit="practice", outcome=UnitOutcome.REFUSED, who={}, counts={})
    assert of_practice.state is None
    arrivals = Arrivals([*listed, of_practice])
    assert arrivals.states == Counter(state for _, state in STATES)
    assert arrivals.states.total() == len(listed)
    assert (arrivals.degraded, arrivals.placeholders) == (5, 4)


@pytest.mark.parametrize(("facts", "done"), [
    ({}, True), ({"missing": MISSED}, True), ({"degraded": (READ,)}, True), ({"degraded": (UNREAD,)}, False),
    ({"identity": PatientIdentity.QUESTION}, False), ({"outcome": UnitOutcome.LEFT_ASIDE}, True),
    ({"outcome": UnitOutcome.REFUSED}, False), ({"degraded": (replace(UNREAD, topic="medication"),)}, True),
])  # fmt: skip
def test_an_unread_allergy_bars_a_transfer_from_being_done(facts: dict[str, Any], done: bool) -> None:
    receipt = Receipt(
        package="urn:test:1", received_at=NOON, created=NOON, ground="sale", sender="Cabinet", signer="Dr",
        fingerprint=Fingerprint(""), announced={}, found={}, arrivals=Arrivals([arrived(**facts)]),
    )  # fmt: skip
    assert receipt.done is done
    assert receipt_json(receipt)["done"] is done
