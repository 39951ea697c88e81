"""What the ``roster propose`` command does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.run.rosters.check_roster import require_correct
from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import language, localize
from archiver.operations.rosters.check_roster import check_roster
from archiver.operations.splitting.propose_roster import (
    ProposeOutcome,
    ProposeRequest,
    proposal_document,
    propose_roster,
    settled_practitioners,
)
from archiver.practice.practitioners import find_practitioner, practice_of_store
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.errors import RuleIncomplete, UnknownPractitioner
from archiver.scope.ownership.practitioners import claimants_of
from archiver.scope.ownership.proposal import Proposal
from archiver.scope.ownership.rules import ChosenRule, rule_named
from archiver.scope.ownership.rulings import RuleTerms
from archiver.scope.ownership.unfinished import MATTER_WORDS
from archiver.scope.practice_days import practice_day
from archiver.scope.rosters.roster_decision import DECISION_WORDS, RosterDecision
from formats.words import BilingualText, mark, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposeOrder:
    """The command line, understood."""

    store: Path
    rules: tuple[str, ...]
    folder: Path
    practitioner: str
    roster: Path | None
    on: datetime | None


def run(order: ProposeOrder, *, as_json: bool) -> None:
    """Propose, and say what was decided and what was not.

    Raises:
        RuleUnknown, RuleIncomplete: when a rule cannot be asked; UnknownPractitioner: when nobody has the name.
    """
    rules = tuple(rule_named(code) for code in dict.fromkeys(order.rules))
    with open_store(order.store, reading=True) as store:
        on = order.on.date() if order.on else practice_day(store, now())
        about = find_practitioner(store, order.practitioner) if order.practitioner else ""
        if about is None:
            raise UnknownPractitioner(practitioner=order.practitioner)
        request = ProposeRequest(
            folder=order.folder,
            rules=rules,
            terms=_terms(store, order, rules, on),
            about=about,
            language=language(),
        )
        outcome = propose_roster(store, request, practice=practice_of_store(store), clock=now)
    show_json(proposal_document(outcome)) if as_json else _show(outcome)


def _terms(store: PracticeStore, order: ProposeOrder, rules: tuple[ChosenRule, ...], on: date) -> RuleTerms:
    asked = any(one.rule.code == "explicit" for one in rules)
    if asked and order.roster is None:
        raise RuleIncomplete(rule="explicit", option="--roster")
    lines = require_correct(check_roster(store, order.roster, None)).lines if order.roster is not None else ()
    settled = settled_practitioners(store, lines, order.practitioner)
    return RuleTerms(claimants=claimants_of(store), on=on, roster=settled)


def _show(outcome: ProposeOutcome) -> None:
    proposal = outcome.proposal
    rows = [
        (
            localize(BilingualText(DECISION_WORDS[decision])),
            proposal.terms.name(practitioner) or localize(_whose(decision)),
            count,
        )
        for (decision, practitioner), count in sorted(proposal.decisions.items(), reverse=True)
    ]
    show_table(rows, heading=(mark("decision"), mark("practitioner"), mark("persons")))
    _show_open(proposal)
    say(mark("Written into {folder}: {files}."), folder=str(outcome.files[0].parent), files=_names(outcome))
    note(mark("Nobody’s signature stands under this: both practitioners go through the roster and sign it."))


def _whose(decision: RosterDecision) -> str:
    return mark("nobody: stays with the practice") if decision is RosterDecision.NO else mark("not said")


def _names(outcome: ProposeOutcome) -> str:
    return ", ".join(path.name for path in outcome.files)


def _show_open(proposal: Proposal) -> None:
    contested = sum(line.contested for line in proposal.lines)
    say(
        plural("{count} person can be claimed by two.", "{count} persons can be claimed by two."),
        count=contested,
    )
    if proposal.parted:
        say(plural("{count} household parts.", "{count} households part."), count=len(proposal.parted))
    for kind, count in proposal.unfinished_counts.items():
        if count:
            say(mark("{matter}: {count}."), matter=BilingualText(MATTER_WORDS[kind]), count=count)
    unnamed = sum(not line.number for line in proposal.lines)
    if unnamed:
        say(
            plural(
                "{count} person has no number, so that no roster can name them: they are in the report alone.",
                "{count} persons have no number, so that no roster can name them: they are in the report alone.",
            ),
            count=unnamed,
        )
    later = sum(line.evidence.later_acts for line in proposal.lines)
    if later:
        say(
            plural(
                "{count} act is dated after the day of the split and counts for nobody.",
                "{count} acts are dated after the day of the split and count for nobody.",
            ),
            count=later,
        )
