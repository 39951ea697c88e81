"""Roster as it is signed: what was agreed, and a digest for each line (``docs/en/format/roster.md``).

Columns, order and kind of file do not count, so a workbook and a CSV of the same lines are one roster. A digest is
blinded by a salt that comes from the seed of the statement: whoever has a package may see the signed text whole and
learns no name from it but those whose lines come with their salts.
"""

from __future__ import annotations

import hmac
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archiver.scope.errors import RosterStatementInvalid
from archiver.scope.rosters.roster import RosterLine
from archiver.scope.rosters.roster_decision import RosterDecision
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.trust.expectation import expectation
from formats.digests import Digest
from formats.json_text import canonical_json
from formats.regular_files import open_regular
from formats.words import mark

VERSION = 1
SEED_BYTES = 32
"""Bytes of the seed of all salts."""
SALT_BYTES = 16
"""Bytes of the salt of a line."""
MAX_STATEMENT_BYTES = 64 << 10
"""A statement has some hundred bytes."""
STATEMENT, TEXT = ".statement.json", ".signed.txt"
"""Endings of the files beside a roster, behind its whole name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterStatement:
    """What those who sign a roster agree on besides its lines.

    ``parties`` are those whom it is between, each a number or a name; ``ground`` is a code of ``LegalGround``,
    ``rule`` says in words by which rule the lines were chosen, or nothing.
    """

    practice: str
    parties: tuple[str, ...]
    ground: str
    rule: str
    seed: bytes = field(repr=False)


def signing_party(
    statement: RosterStatement, *, subject: str, name: str, number: str, certificate: Fingerprint
) -> str:
    """Return which of the parties of ``statement`` a certificate is of, or nothing."""
    return next(
        (
            one
            for one in statement.parties
            if expectation(one).is_met_by(subject=subject, name=name, number=number, fingerprint=certificate)
        ),
        "",
    )


def statement_bytes(statement: RosterStatement) -> bytes:
    """Return ``statement`` as the file beside the roster holds it."""
    document = {"roster": VERSION, **_terms(statement), "seed": statement.seed.hex()}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def read_statement(path: Path) -> RosterStatement:
    """Return the statement in the file at ``path``.

    Raises:
        RosterStatementInvalid: when it is none of this version.
    """
    with open_regular(path) as stream:
        data = stream.read(MAX_STATEMENT_BYTES + 1)
    try:
        document: Any = json.loads(data.decode("utf-8")) if len(data) <= MAX_STATEMENT_BYTES else None
        if document["roster"] != VERSION:
            raise RosterStatementInvalid(where=str(path), reason=mark("it is of another version"))
        return _statement(document)
    except (ValueError, TypeError, LookupError, RecursionError) as fault:
        raise RosterStatementInvalid(
            where=str(path), reason=mark("it is no statement of a roster")
        ) from fault


def _statement(document: Any) -> RosterStatement:
    texts = [document[name] for name in ("practice", "ground", "rule", "seed")]
    parties = document["parties"]
    seed = bytes.fromhex(document["seed"])
    whole = isinstance(parties, list) and all(isinstance(one, str) for one in (*texts, *parties))
    if not whole or len(seed) != SEED_BYTES or len(document) != 6:
        raise ValueError("another shape")
    for one in parties:
        expectation(one)
    return RosterStatement(
        practice=document["practice"],
        parties=tuple(parties),
        ground=document["ground"],
        rule=document["rule"],
        seed=seed,
    )


def _terms(statement: RosterStatement) -> dict[str, Any]:
    return {
        "practice": statement.practice,
        "parties": list(statement.parties),
        "ground": statement.ground,
        "rule": statement.rule,
    }


def line_bytes(line: RosterLine) -> bytes:
    """Return ``line`` in canonical JSON: its cells that are not empty, in Unicode's composed form.

    Of a patient who stays the decision is among them.
    """
    cells = {name: unicodedata.normalize("NFC", cell) for name, cell in line.cells.items()}
    if line.decision is not RosterDecision.YES:
        cells["decision"] = line.decision.value
    return canonical_json({name: cell for name, cell in cells.items() if cell})


def line_salt(seed: bytes, line: bytes) -> str:
    """Return the salt of a line in hexadecimal."""
    return hmac.digest(seed, line, "sha256")[:SALT_BYTES].hex()


def line_digest(salt: str, line: bytes) -> Digest:
    """Return the SHA-256 of a line behind its salt."""
    return Digest.of(salt.encode("ascii"), line)


def signed_text(statement: RosterStatement, lines: Iterable[RosterLine]) -> bytes:
    """Return what is signed: one line of canonical JSON, then the digests of the roster's lines, sorted, each once."""
    listed = set(map(line_bytes, lines))
    digests = sorted(line_digest(line_salt(statement.seed, line), line).hex for line in listed)
    head = canonical_json({"archiver-roster": VERSION, "lines": len(digests), **_terms(statement)})
    return b"\n".join([head, *(digest.encode("ascii") for digest in digests), b""])
