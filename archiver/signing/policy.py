"""Until when an algorithm can be relied on: a dated catalogue that a reader may replace.

The file is the machine-readable catalogue of ETSI TS 119 322 in JSON, so that the
one ETSI publishes beside each edition of TS 119 312 can be given as it is.
``algorithm-policy.json`` beside this module holds the dates of V1.5.1. An algorithm
the catalogue does not list is not relied on. When validity *began* is not judged:
a mechanism is no weaker for having been catalogued late.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from archiver.disk import failures_about
from archiver.signing.algorithms import Use
from archiver.signing.errors import PolicyUnreadable
from formats.errors import LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

OURS = "algorithm-policy.json"
MAX_POLICY_BYTES = 4 << 20
"""The catalogue of ETSI is about 50 kB."""
MAX_ALGORITHMS = 4096
MAX_EVALUATIONS = 64
"""Judgements of one algorithm; one per key length."""

NEVER = datetime.min.replace(tzinfo=UTC)
"""The end of what nobody relies on."""
FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of what has none yet."""

_LENGTHS = frozenset({"moduluslength", "plength", "qlength"})
"""Key lengths in bits; a curve's group is as long as its field, near enough for these tables."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyLengthRule:
    """With keys of at least ``bits``, relied on before ``end``."""

    bits: int
    end: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AlgorithmPolicy:
    """Judgements by object identifier; ``name`` and ``issued`` say whose and of when."""

    name: str
    issued: date
    judgements: Mapping[str, tuple[KeyLengthRule, ...]]

    def end(self, use: Use) -> datetime:
        """Return the moment from which ``use`` is no longer relied on."""
        fitting = [one.end for one in self.judgements.get(use.oid, ()) if one.bits <= use.bits]
        return max(fitting, default=NEVER)


@cache
def own_policy() -> AlgorithmPolicy:
    """Return the policy that comes with the program."""
    return parse_policy(files(__package__).joinpath(OURS).read_bytes())


def read_policy(path: Path) -> AlgorithmPolicy:
    """Return the policy in the file at ``path``.

    Raises:
        PolicyUnreadable: when it is no catalogue of ETSI TS 119 322 in JSON.
        LimitExceeded: when it is larger than any.
        DiskFault: when the disk refuses.
    """
    with failures_about(), open_regular(path) as stream:
        data = stream.read(MAX_POLICY_BYTES + 1)
    return parse_policy(data, where=str(path))


def parse_policy(data: bytes, *, where: str = OURS) -> AlgorithmPolicy:
    """Return the policy ``data`` states; see ``read_policy`` for what it raises."""
    _limit(mark("the size of the policy in bytes"), len(data), MAX_POLICY_BYTES, where)
    try:
        document = json.loads(data)["SecuritySuitabilityPolicy"]
        algorithms = document["Algorithm"]
        _limit(mark("the number of algorithms"), len(algorithms), MAX_ALGORITHMS, where)
        judgements: dict[str, tuple[KeyLengthRule, ...]] = {}
        for one in algorithms:
            for oid in _oids(one["AlgorithmIdentifier"]):
                judgements[oid] = judgements.get(oid, ()) + tuple(map(_judgement, _evaluations(one, where)))
        return AlgorithmPolicy(
            name=_text(document["PolicyName"]["Name"]),
            issued=datetime.fromisoformat(document["PolicyIssueDate"]).date(),
            judgements=judgements,
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        reason = mark("it is no catalogue of ETSI TS 119 322 in JSON")
        raise PolicyUnreadable(where=where, reason=reason) from fault


def _oids(identifier: Mapping[str, Any]) -> list[str]:
    named = identifier["ObjectIdentifier"]
    return [_text(one) for one in (named if isinstance(named, list) else [named])]


def _evaluations(algorithm: Mapping[str, Any], where: str) -> list[Any]:
    found = algorithm["Evaluation"]
    found = found if isinstance(found, list) else [found]
    _limit(mark("the number of judgements"), len(found), MAX_EVALUATIONS, where)
    return found


def _judgement(evaluation: Mapping[str, Any]) -> KeyLengthRule:
    end = evaluation["Validity"].get("End")
    bits = [_bits(one) for one in evaluation.get("Parameter", ())]
    return KeyLengthRule(bits=max(bits, default=0), end=_midnight(end) if end else FOREVER)


def _bits(parameter: Mapping[str, Any]) -> int:
    if parameter["name"] not in _LENGTHS or set(parameter) - {"name", "Min"}:
        _unknown()
    least = parameter["Min"]
    if type(least) is not int or not 0 < least <= 1 << 16:
        _unknown()
    return least


def _midnight(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text[:10]), time(), UTC)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        _unknown()
    return value


def _unknown() -> NoReturn:
    """Refuse a condition nobody here knows, rather than ignore what it would forbid."""
    raise ValueError


def _limit(name: str, found: int, limit: int, where: str) -> None:
    if found > limit:
        raise LimitExceeded(where=where, name=name, found=found, limit=limit)
