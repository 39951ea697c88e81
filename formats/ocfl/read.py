"""Read an inventory that breaks no rule; one that breaks any is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from formats.digests import ALGORITHMS, Digest, DigestAlgorithm
from formats.errors import FormatFailure
from formats.findings import Finding, Severity, as_fact
from formats.ocfl.check_inventory import check_inventory, parse_inventory
from formats.ocfl.codes import broken_rule
from formats.ocfl.inventory import CONTENT, Inventory, Paths, Version, VersionAuthor
from formats.words import mark


class OcflInvalid(FormatFailure):
    """An object or a storage root that breaks a rule of OCFL."""

    code = "ocfl-invalid"
    sentence = mark("This breaks a rule of OCFL 1.1: {rule} ({number}).")


def ocfl_failure(finding: Finding) -> OcflInvalid:
    """Return the failure that says what ``finding`` says."""
    return OcflInvalid(where=finding.where, rule=as_fact(_bare(finding)), number=finding.code)


def _bare(finding: Finding) -> Finding:
    return Finding(
        severity=finding.severity, code=finding.code, where="", sentence=finding.sentence, facts=finding.facts
    )


def read_inventory(data: bytes, where: str) -> Inventory:
    """Return the inventory that ``data`` is.

    Raises:
        OcflInvalid: for the first rule that it breaks.
    """
    try:
        document = parse_inventory(data)
    except ValueError as fault:
        raise ocfl_failure(broken_rule("E033", where, fault)) from fault
    broken = (one for one in check_inventory(document, where) if one.severity is Severity.ERROR)
    for one in broken:
        raise ocfl_failure(one)
    return _inventory(document)


def _inventory(document: Mapping[str, Any]) -> Inventory:
    algorithm = ALGORITHMS[document["digestAlgorithm"]]
    fixity: dict[Digest, Paths] = {}
    for name, lists in document.get("fixity", {}).items():
        if name in ALGORITHMS:
            fixity |= _lists(lists, ALGORITHMS[name])
    return Inventory(
        id=document["id"],
        versions={name: _version(one, algorithm) for name, one in document["versions"].items()},
        manifest=_lists(document["manifest"], algorithm),
        fixity=fixity,
        algorithm=algorithm,
        content_folder=document.get("contentDirectory", CONTENT),
    )


def _version(document: Mapping[str, Any], algorithm: DigestAlgorithm) -> Version:
    user = document.get("user")
    author = VersionAuthor(name=user["name"], address=user.get("address") or "") if user else None
    return Version(
        created=datetime.fromisoformat(document["created"].upper()),
        state=_lists(document["state"], algorithm),
        message=document.get("message") or "",
        author=author,
    )


def _lists(document: Mapping[str, Any], algorithm: DigestAlgorithm) -> dict[Digest, Paths]:
    return {Digest.from_hex(text.lower(), algorithm): tuple(paths) for text, paths in document.items()}
