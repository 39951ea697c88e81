"""Whose dossiers a delivery is of, and what the journal of a store says of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from archiver.cli.options.delivery.delivery import DeliveryOptions
from archiver.cli.run.dossiers.show import chosen_records
from archiver.cli.run.dossiers.source import OpenedSource
from archiver.cli.run.rosters.check_roster import require_correct
from archiver.cli.terminal.usage_errors import SayHow
from archiver.operations.dossiers.find import each_person
from archiver.operations.rosters.check_roster import check_roster
from archiver.practice.store import PracticeStore
from archiver.scope.rosters.roster import chosen_patients
from archiver.search.records import SearchRecord
from archiver.spooled_list import SpooledList
from formats.words import mark


def require_who(opened: OpenedSource, options: DeliveryOptions) -> None:
    """Require what the journal of a store says of every delivery."""
    if isinstance(opened.content, PracticeStore) and not (options.by and options.receiver):
        raise SayHow(
            mark("Say who hands over, and to whom, for the journal of the store: --by and --receiver")
        )


def chosen_persons(
    opened: OpenedSource, options: DeliveryOptions, *, today: date, as_json: bool
) -> Collection[Sequence[SearchRecord]]:
    """Return the persons meant, each with all records; those of a whole practice are spooled."""
    if options.patient:
        chosen = (chosen_records(opened, one, today=today, as_json=as_json) for one in options.patient)
        return tuple(dict.fromkeys(chosen))
    wanted = None
    if options.roster is not None:
        if not isinstance(opened.content, PracticeStore):
            raise SayHow(
                mark("A roster names patients of a practice store; of a package take --patient or --all")
            )
        checked = require_correct(check_roster(opened.content, options.roster, None))
        wanted = set(chosen_patients(checked.lines))
    persons = each_person(opened.content)
    return SpooledList(one for one in persons if wanted is None or any(record.id in wanted for record in one))
