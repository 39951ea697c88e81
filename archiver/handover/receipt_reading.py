"""A receipt that came back, as its sender reads it: what was received, dossier by dossier.

``docs/schemas/receipt.schema.json`` describes it; what is not needed here is not looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.handover.arrivals import UnitOutcome
from archiver.handover.errors import ReceiptNewer, ReceiptUnreadable
from archiver.package.manifests.json_reading import MAX_COUNT
from archiver.practice.registers.degraded_entries import ALLERGY
from archiver.practice.registers.dossier_states import DossierState
from archiver.scope.rosters.roster_agreement import RosterAgreement
from formats.errors import LimitExceeded
from formats.pdlgc.practice.lists import SignatureRow
from formats.regular_files import open_regular
from formats.words import mark

VERSION = 1
"""Version of a receipt's shape."""
MAX_RECEIPT_BYTES = 256 << 20
"""Bytes of a receipt; one of 20,000 dossiers has about 40 MB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptLine:
    """What a receipt says of one unit; ``traits`` are empty for the practice's part.

    ``counts`` is what came in of it, ``left_aside`` what the receiver left aside on purpose.
    """

    unit: str
    traits: Mapping[str, str]
    outcome: UnitOutcome
    state: str
    refusal_code: str
    unread_allergies: int
    counts: Mapping[str, int]
    left_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Family name, given name, birth date; the unit where nobody is named."""
        shown = (self.traits.get(trait, "") for trait in ("family", "given", "birth_date"))
        return " ".join(filter(None, shown)) or self.unit


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedReceipt:
    """A receipt as it came back, at ``path``: ``content`` is the bytes that are signed.

    ``facts`` is its JSON without the dossiers, ``agreement`` who agreed on the roster, where there was one.
    """

    path: Path
    content: bytes
    facts: Mapping[str, Any]
    lines: tuple[ReceiptLine, ...]
    agreement: RosterAgreement | None = None

    @property
    def package(self) -> str:
        """The identifier of the package, or of the set."""
        return str(self.facts["package"])

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """What was announced and found of each kind."""
        found: Mapping[str, Mapping[str, int]] = self.facts["counts"]
        return found


def read_receipt(path: Path) -> ReturnedReceipt:
    """Return the receipt at ``path``.

    Raises:
        FileNotFound, NotARegularFile, DiskFault: when there is none to read.
        LimitExceeded: when it is longer than any.
        ReceiptNewer: when a later version of this program made it.
        ReceiptUnreadable: when it is something else.
    """
    with disk.failures_about(path), open_regular(path) as stream:
        content = stream.read(MAX_RECEIPT_BYTES + 1)
    if len(content) > MAX_RECEIPT_BYTES:
        name = mark("the length of a receipt")
        raise LimitExceeded(where=path.name, name=name, found=len(content), limit=MAX_RECEIPT_BYTES)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise ReceiptUnreadable(where=path.name, reason=mark("it is no JSON")) from fault
    try:
        return _receipt(path, document, content)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ReceiptUnreadable(where=path.name, reason=mark("it has another shape")) from fault


def _receipt(path: Path, document: Any, content: bytes) -> ReturnedReceipt:
    version = document["receipt"]
    _require(version, int)
    if version > VERSION:
        raise ReceiptNewer(where=path.name, found=version, known=VERSION)
    if version < VERSION:
        raise ValueError("no version there ever was")
    facts = {name: value for name, value in document.items() if name != "dossiers"}
    for name, kind in _TYPES.items():
        _require(facts[name], kind)
    for name in ("name", "fingerprint"):
        _require(facts["signer"][name], str)
    for name in ("received_at", "created"):
        _moment(facts[name])
    if not _DIGEST.fullmatch(facts["signed_list_sha256"]):
        raise ValueError("no SHA-256")
    for state in _counts(facts["states"]):
        DossierState(state)
    for kind, compared in facts["counts"].items():
        _require(kind, str)
        _counts({name: compared[name] for name in ("announced", "found", "left_aside")})
    _require(document["dossiers"], list)
    for term, value in document["terms"].items():
        _require(term, str)
        _require(value, str)
    return ReturnedReceipt(
        path=path,
        content=content,
        facts=facts,
        lines=tuple(map(_line, document["dossiers"])),
        agreement=_agreement(document["roster"]),
    )


_TYPES: Mapping[str, type] = {
    "package": str,
    "revision": int,
    "signed_list_sha256": str,
    "received_at": str,
    "created": str,
    "legal_ground": str,
    "terms": dict,
    "sender": str,
    "receiver": str,
    "signer": dict,
    "complete": bool,
    "done": bool,
    "states": dict,
    "counts": dict,
}
"""What of a receipt is read here, and its types."""
_DIGEST = re.compile("([0-9a-f]{64})?")


def _line(line: Any) -> ReceiptLine:
    traits = dict(line["patient"] or {})
    for value in traits.values():
        _require(value, str)
    for name in ("unit", "refusal_code"):
        _require(line[name], str)
    unread = [one for one in line["degraded"] if one["topic"] == ALLERGY and not one["reviewed_at"]]
    return ReceiptLine(
        unit=line["unit"],
        traits=traits,
        outcome=UnitOutcome(line["outcome"]),
        state=DossierState(line["state"]).value if line["patient"] else "",
        refusal_code=line["refusal_code"],
        unread_allergies=len(unread),
        counts=_counts(line["counts"]),
        left_aside=_counts(line["left_aside"]),
    )


def _agreement(roster: Any) -> RosterAgreement | None:
    if roster is None:
        return None
    for name, kind in {"asked": int, "found": int, "unsigned": str}.items():
        _require(roster[name], kind)
    signatures = [SignatureRow(**one) for one in roster["signatures"]]
    for one in signatures:
        for cell in one:
            _require(cell, str)
        _moment(one.signed_at)
        if not _DIGEST.fullmatch(one.sha256) or not one.sha256:
            raise ValueError("no SHA-256")
    return RosterAgreement(
        asked=roster["asked"],
        found=roster["found"],
        unsigned=roster["unsigned"],
        signatures=tuple(signatures),
    )


def _counts(counts: Any) -> Mapping[str, int]:
    for kind, value in counts.items():
        _require(kind, str)
        _require(value, int)
    return dict(counts)


def _moment(text: str) -> None:
    """Require a time with a zone, far enough from the first and the last year to be shown in another one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not MINYEAR < moment.year < MAXYEAR:
        raise ValueError("no time with a zone")


def _require(value: Any, kind: type) -> None:
    """Require a value of ``kind``: a text of whole characters, a number from 0 to ``MAX_COUNT``.

    Raises:
        TypeError, ValueError: when it is none.
    """
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    if isinstance(value, str):
        value.encode("utf-8")  # half a surrogate pair is no character
    elif isinstance(value, int) and not 0 <= value <= MAX_COUNT:
        raise ValueError(f"{value} is out of range")
