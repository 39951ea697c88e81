"""Holds on a package in a vault: statements, each signed, in the object of the package; none is ever taken out.

``holds/NNN.json`` are numbered from 1 as they come. One places a hold or lifts an earlier one; number 0 stands for all
holds that the manifests state, which a sender set and nobody else can take out of a signed package. While one is in
force nothing of the package is destroyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from archiver.vault.errors import VaultStatementInvalid

HOLD_VERSION = 1
HOLD = "holds/{number:03}.json"
"""Logical path of a statement."""
STATED = 0
"""Number that stands for the holds that the manifests state."""
MAX_HOLDS = 999
"""Statements about one package: their numbers have three digits."""


class HoldAct(StrEnum):
    """What a statement does."""

    PLACED = "placed"
    LIFTED = "lifted"


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldStatement:
    """One statement: ``by`` whom, why, and when (ISO 8601); a lifting names the number that it ``lifts``."""

    object_id: str
    number: int
    act: HoldAct
    reason: str
    by: str
    at: str
    lifts: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldsInForce:
    """Holds that nobody lifted: those ``placed`` in the vault, and how many units the manifests hold."""

    placed: tuple[HoldStatement, ...]
    stated: int

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.placed or self.stated)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers by which they are lifted."""
        return (*((STATED,) if self.stated else ()), *(one.number for one in self.placed))


def hold_bytes(statement: HoldStatement, vault_id: str) -> bytes:
    """Return the JSON of ``statement``."""
    document = {
        "hold": HOLD_VERSION,
        "vault": vault_id,
        "object": statement.object_id,
        "number": statement.number,
        "act": statement.act.value,
        "lifts": statement.lifts,
        "reason": statement.reason,
        "by": statement.by,
        "at": statement.at,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def read_hold(data: bytes | str, where: str) -> HoldStatement:
    """Return the statement that ``data`` is.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    try:
        document: Mapping[str, Any] = json.loads(data)
        if document["hold"] != HOLD_VERSION:
            raise ValueError(document["hold"])
        act, lifts = HoldAct(document["act"]), document["lifts"]
        if (act is HoldAct.LIFTED) != (lifts is not None):
            raise ValueError(lifts)
        return HoldStatement(
            object_id=str(document["object"]),
            number=int(document["number"]),
            act=act,
            reason=str(document["reason"]),
            by=str(document["by"]),
            at=datetime.fromisoformat(document["at"]).isoformat(),
            lifts=None if lifts is None else int(lifts),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def holds_in_force(statements: Iterable[HoldStatement], stated: int) -> HoldsInForce:
    """Return the holds that nobody lifted; ``stated`` is how many units the manifests hold."""
    placed: dict[int, HoldStatement] = {}
    for one in sorted(statements, key=lambda each: each.number):
        if one.act is HoldAct.PLACED:
            placed[one.number] = one
        elif one.lifts == STATED:
            stated = 0
        else:
            placed.pop(one.lifts or STATED, None)
    return HoldsInForce(placed=tuple(placed.values()), stated=stated)


def next_hold_number(statements: Sequence[HoldStatement]) -> int:
    """Return the number of the statement that comes next."""
    return max((one.number for one in statements), default=STATED) + 1
