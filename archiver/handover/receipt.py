"""The receipt of an import: what came in, who was recognised, what waits for a human."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from archiver.handover.missing_lines import missing_json
from archiver.identity.known_people import PatientIdentity
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.verdict import Answer, fault_line
from formats.errors import Failure
from formats.findings import Finding
from formats.model.missing import Missing


class UnitOutcome(StrEnum):
    """What became of one unit."""

    CAME_IN = "came-in"
    ALREADY_THERE = "already-there"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One unit: whose dossier (no traits for the practice as a whole), and how it was received.

    ``who`` was ``read`` in the dossier; of one that could not be read it is what the sender's keyring says.
    ``destroy_from`` and ``hold`` are what the sender's manifest says of it: the 1 January from which
    the law lets it be destroyed (nothing when nobody can tell), and whether a person suspended that.
    ``page_compared`` is false where the page is of another version, so that it could not be made again.
    """

    unit: str
    state: UnitOutcome
    who: Mapping[str, str]
    counts: Mapping[str, int]
    read: bool = True
    identity: PatientIdentity = PatientIdentity.NEW
    candidates: tuple[str, ...] = ()
    reason: str = ""
    refusal: Failure | None = None
    remarks: tuple[Finding, ...] = ()
    missing: Missing = field(default_factory=Counter)
    destroy_from: date | None = None
    hold: bool = False
    page_compared: bool = True

    @property
    def name(self) -> str:
        """Family name, given name, birth date; empty for the practice as a whole."""
        shown = (self.who.get(trait, "") for trait in ("family", "given", "birth_date"))
        return " ".join(filter(None, shown))


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedVolume:
    """One package that was read: volume ``number`` of ``of``; one by itself is of no set."""

    package: str
    set_id: str = ""
    number: int = 1
    of: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What was handed over, as the receiver found it; ``announced`` and ``found`` are totals per kind.

    ``package`` is the identifier of the package, or of the set whose ``volumes`` were all read;
    ``accepted`` is the answer by which the signer was accepted. ``questions`` is how many pairs of the
    whole practice wait for a human afterwards. ``doubt`` is what could not be proven about the
    signature, and was accepted by ``accepted_list``, a SHA-256 in hexadecimal.
    """

    package: str
    received_at: datetime
    created: datetime
    ground: str
    sender: str
    signer: str
    fingerprint: Fingerprint
    announced: Mapping[str, int]
    found: Mapping[str, int]
    arrivals: tuple[Arrival, ...]
    questions: int = 0
    volumes: tuple[ReceivedVolume, ...] = ()
    accepted: Answer | None = None
    doubt: Answer | None = None
    accepted_list: str = ""

    def _those(self, state: UnitOutcome) -> tuple[Arrival, ...]:
        return tuple(one for one in self.arrivals if one.state is state and one.who)

    @property
    def came_in(self) -> tuple[Arrival, ...]:
        """The dossiers that are new here, or brought something new."""
        return self._those(UnitOutcome.CAME_IN)

    @property
    def already_there(self) -> tuple[Arrival, ...]:
        """The dossiers that were here already, exactly as they came."""
        return self._those(UnitOutcome.ALREADY_THERE)

    @property
    def refused(self) -> tuple[Arrival, ...]:
        """The units that could not be taken in, the practice's own included."""
        return tuple(one for one in self.arrivals if one.state is UnitOutcome.REFUSED)

    @property
    def recognised(self) -> tuple[Arrival, ...]:
        """The patients who are, beyond doubt, patients of this practice already."""
        return tuple(one for one in self.arrivals if one.identity is PatientIdentity.SAME)

    @property
    def waiting(self) -> tuple[Arrival, ...]:
        """The patients of whom a human must say who they are."""
        return tuple(one for one in self.arrivals if one.identity is PatientIdentity.QUESTION)

    @property
    def dossiers(self) -> tuple[Arrival, ...]:
        """Every patient's dossier that was handed over, whatever became of it."""
        return tuple(one for one in self.arrivals if one.who)

    @property
    def on_hold(self) -> tuple[Arrival, ...]:
        """The dossiers under a hold: a claim, a judge. They are kept beyond their term until a person lifts it."""
        return tuple(one for one in self.dossiers if one.hold)

    @property
    def destroy_from(self) -> date | None:
        """When the law lets the first dossier be destroyed, where anybody can tell of one."""
        return min((one.destroy_from for one in self.dossiers if one.destroy_from), default=None)

    @property
    def without_term(self) -> tuple[Arrival, ...]:
        """The dossiers of which nobody can tell the term, and which are therefore kept."""
        return tuple(one for one in self.dossiers if one.destroy_from is None)

    @property
    def pages_not_compared(self) -> tuple[Arrival, ...]:
        """The dossiers taken in whose page nobody compared with the data."""
        return tuple(
            one for one in self.dossiers if not (one.page_compared or one.state is UnitOutcome.REFUSED)
        )

    @property
    def changed(self) -> bool:
        """Whether the import changed anything."""
        return any(one.state is UnitOutcome.CAME_IN for one in self.arrivals)


def arrival_findings(receipt: Receipt) -> Iterator[Finding]:
    """Yield every remark about what came in, and of what did not, why; each names whose dossier it is."""
    for arrival in receipt.arrivals:
        yield from arrival_remarks(arrival)
        if arrival.refusal is not None:
            yield _named(arrival, fault_line(arrival.refusal))


def arrival_remarks(arrival: Arrival) -> Iterator[Finding]:
    """Yield what was noticed in the archive of one unit."""
    return (_named(arrival, remark) for remark in arrival.remarks)


def _named(arrival: Arrival, finding: Finding) -> Finding:
    whose = arrival.name or arrival.unit
    return replace(finding, where=f"{whose}: {finding.where}" if finding.where else whose)


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """Yield the text of ``receipt_json``, indented, dossier by dossier: there may be 200,000."""
    head = json.dumps({**_head_json(receipt), "dossiers": []}, ensure_ascii=False, indent=2)
    yield head.removesuffix("]\n}")
    separator = "\n"
    for one in receipt.arrivals:
        document = json.dumps(_arrival_json(one), ensure_ascii=False, indent=2)
        yield (
            separator + "    " + document.replace("\n", "\n    ")
        )  # none of them is in a text: JSON escapes it
        separator = ",\n"
    yield "\n  ]\n}\n" if receipt.arrivals else "]\n}\n"


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt as JSON; ``docs/en/reference/receipt.md`` describes it."""
    return {**_head_json(receipt), "dossiers": [_arrival_json(one) for one in receipt.arrivals]}


def _head_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": 1,
        "package": receipt.package,
        "volumes": [
            {"package": one.package, "set": one.set_id or None, "volume": one.number, "of": one.of}
            for one in receipt.volumes
        ],
        "received_at": receipt.received_at.isoformat(),
        "created": receipt.created.isoformat(),
        "legal_ground": receipt.ground,
        "sender": receipt.sender,
        "signer": {"name": receipt.signer, "fingerprint": receipt.fingerprint, **_proof(receipt)},
        "complete": not receipt.refused,
        "counts": {
            kind: {"announced": receipt.announced.get(kind, 0), "found": receipt.found.get(kind, 0)}
            for kind in sorted(receipt.announced.keys() | receipt.found.keys())
        },
        "totals": {
            "came_in": len(receipt.came_in),
            "already_there": len(receipt.already_there),
            "recognised": len(receipt.recognised),
            "waiting": len(receipt.waiting),
            "refused": len(receipt.refused),
            "questions": receipt.questions,
            "held": len(receipt.on_hold),
            "without_term": len(receipt.without_term),
            "pages_not_compared": len(receipt.pages_not_compared),
        },
        "destroy_from": _date_text(receipt.destroy_from),
    }


def _proof(receipt: Receipt) -> dict[str, Any]:
    doubt = receipt.doubt
    return {
        "accepted_code": receipt.accepted.code if receipt.accepted else "",
        "accepted": receipt.accepted.text if receipt.accepted else "",
        "proven": doubt is None,
        "doubt_code": doubt.code if doubt else "",
        "doubt": doubt.text if doubt else "",
        "accepted_list_sha256": receipt.accepted_list,
    }


def _arrival_json(arrival: Arrival) -> dict[str, Any]:
    return {
        "unit": arrival.unit,
        "state": arrival.state.value,
        "patient": dict(arrival.who) or None,
        "patient_read": arrival.read,
        "identity": arrival.identity.value,
        "candidates": list(arrival.candidates),
        "reason": arrival.reason,
        "refusal": str(arrival.refusal) if arrival.refusal else "",
        "refusal_code": arrival.refusal.code if arrival.refusal else "",
        "remarks": [one.text for one in arrival.remarks],
        "page_compared": arrival.page_compared,
        "counts": dict(arrival.counts),
        "missing": missing_json(arrival.missing, arrival.counts),
        "destroy_from": _date_text(arrival.destroy_from),
        "hold": arrival.hold,
    }


def _date_text(day: date | None) -> str | None:
    return day.isoformat() if day else None
