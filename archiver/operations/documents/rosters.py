"""Who signed a roster, as JSON; ``docs/en/reference/output.md`` describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.examination.verdict_document import answer_document
from archiver.scope.rosters.roster_statement import RosterStatement

if TYPE_CHECKING:
    from archiver.operations.rosters.verify_roster import RosterVerdict


def statement_json(statement: RosterStatement) -> dict[str, Any]:
    """Return what the parties of a roster state."""
    return {
        "practice": statement.practice,
        "parties": list(statement.parties),
        "ground": statement.ground,
        "rule": statement.rule,
    }


def verified_roster_json(verdict: RosterVerdict) -> dict[str, Any]:
    """Return who signed a roster."""
    return {
        "roster_verified": 1,
        "path": str(verdict.roster),
        "lines": verdict.lines,
        **statement_json(verdict.statement),
        "signatures": [
            {
                "path": str(one.path),
                "party": one.party,
                "signed_at": one.examined.signed_at.isoformat() if one.examined else "",
                "signed_by": answer_document(one.answers.signed_by),
                "existed_at": answer_document(one.answers.existed_at),
                "trusted": answer_document(one.answers.trusted),
            }
            for one in verdict.signatures
        ],
        "unsigned_parties": list(verdict.unsigned_parties),
    }
