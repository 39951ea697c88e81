"""Findings as a text that a store keeps, and read again: a person sees them in either language."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Collection, Iterable
from typing import Any

from archiver.spooled_list import SpooledList
from formats.errors import Fact, Failure
from formats.findings import Finding, Severity
from formats.words import BilingualText, Counted, Plural, Sentence, Words

MAX_FINDINGS = 100_000
"""Findings of one collection that are stored; a source with more of them is read anew each time."""
TOGETHER = 64 << 10
"""Bytes that are unpacked at a time."""


def findings_text(findings: Iterable[Finding]) -> str:
    """Return ``findings`` as lines of JSON, compressed (zlib) and in ASCII (Base64)."""
    packer = zlib.compressobj()
    lines = (json.dumps(_document(one)) for one in findings)  # in ASCII: a name may have half a character
    packed = b"".join([*(packer.compress(f"{line}\n".encode()) for line in lines), packer.flush()])
    return base64.b64encode(packed).decode("ascii")


def findings_of(text: str) -> Collection[Finding]:
    """Return what ``findings_text`` was given.

    Raises:
        ValueError, KeyError, TypeError, zlib.error: when the text is another one.
    """
    found = SpooledList[Finding]()
    unpacker, rest = zlib.decompressobj(), base64.b64decode(text, validate=True)
    begun = b""
    while rest and not unpacker.eof:
        *lines, begun = (begun + unpacker.decompress(rest, TOGETHER)).split(b"\n")
        rest = unpacker.unconsumed_tail
        for line in lines:
            found.append(_finding(json.loads(line)))
    if begun or rest or not unpacker.eof:
        raise ValueError("cut short")
    return found


def _finding(one: dict[str, Any]) -> Finding:
    return Finding(
        severity=Severity(one["severity"]),
        code=one["code"],
        where=one["where"],
        sentence=_text(one["sentence"]),
        facts={name: _fact(fact) for name, fact in one["facts"].items()},
    )


def _document(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "where": finding.where,
        "sentence": _fact_document(finding.sentence),
        "facts": {name: _fact_document(fact) for name, fact in finding.facts.items()},
    }


def _fact_document(fact: Fact) -> Any:
    """Return a fact: a text or a number as it is, what is more than that as an object that says what it is."""
    if isinstance(fact, Failure):
        facts = {name: _fact_document(one) for name, one in fact.facts.items()}
        sentence = _fact_document(fact.sentence)
        return {"failure": fact.code, "sentence": sentence, "where": fact.where, "facts": facts}
    if isinstance(fact, Counted):
        return {"count": int(fact), "noun": _fact_document(fact.noun)}
    if isinstance(fact, Plural):
        return {"one": fact.one, "several": str(fact), "by": fact.by, "number": fact.number}
    if isinstance(fact, BilingualText):
        return {"words": list(fact.words)}
    if isinstance(fact, Sentence):
        return {"sentence": str(fact)}
    return fact


def _fact(found: Any) -> Fact:
    if isinstance(found, int):
        return found
    if isinstance(found, dict) and "failure" in found:
        return _failure(found)
    if isinstance(found, dict) and "count" in found:
        noun = _fact(found["noun"])
        if not isinstance(noun, Plural):
            raise TypeError(noun)
        return Counted(found["count"], noun)
    return _text(found)


def _failure(found: dict[str, Any]) -> Failure:
    noted = {"code": str(found["failure"]), "sentence": _text(found["sentence"])}
    facts = {name: _fact(one) for name, one in found["facts"].items()}
    kind: type[Failure] = type("StoredFailure", (Failure,), noted)
    return kind(where=found["where"], **facts)


def _text(found: Any) -> str:
    if not isinstance(found, dict):
        return str(found)
    if "words" in found:
        return BilingualText(Words(*found["words"]))
    if "sentence" in found:
        return Sentence(found["sentence"])
    return Plural(found["one"], found["several"], by=found["by"], number=found["number"])
