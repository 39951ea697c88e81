"""What ``archiver mapping propose`` does and prints."""

from __future__ import annotations

from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.operations.mapping.propose_mapping import ProposeMappingRequest, proposed_json, write_proposal
from formats.words import mark, plural


def run(request: ProposeMappingRequest, *, as_json: bool) -> None:
    """Write a proposal, and say what it takes each table for."""
    proposed = write_proposal(request)
    if as_json:
        show_json(proposed_json(proposed, request.target))
        return
    taken = [(table, localize(kind_words(kind))) for table, kind in proposed.kinds.items()]
    show_table(
        [*taken, *((table, "–") for table in proposed.undescribed)], heading=(mark("table"), mark("kind"))
    )
    say(mark("Written: {path}."), path=str(request.target))
    if proposed.undecided:
        sentence = plural(
            '{count} line is to be decided (= "?"): archiver mapping check refuses the mapping until then.',
            '{count} lines are to be decided (= "?"): archiver mapping check refuses the mapping until then.',
        )
        note(sentence, count=proposed.undecided)
    note(
        mark(
            "Nothing of it is known, all of it is likely: go through every line, then archiver mapping preview."
        )
    )
