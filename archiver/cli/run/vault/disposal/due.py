"""What ``vault due`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.terminal.console import progress, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.operations.vault.disposal.list_due import DuePackage, list_due
from archiver.spooled_list import SortedSpool, SpooledList
from archiver.storage.credentials import require_credentials_file
from archiver.vault.catalogue import open_catalogue
from archiver.vault.description import description_of
from archiver.vault.disposal.due import STATE_WORDS, TermState
from archiver.vault.open_vault import open_vault
from formats.tables.write import BYTE_ORDER_MARK, list_lines
from formats.words import mark, plural

HEADING = (
    *(mark("package"), mark("depositor"), mark("state"), mark("destroy from"), mark("units")),
    *(mark("units due"), mark("holds")),
)
COLUMNS = (
    "object",
    "package",
    "sender",
    "state",
    "destroy_from",
    "units",
    "units_due",
    "holds",
    "unit",
    "volume",
)
SUMMARY = {
    TermState.ENDED: plural("{count} package whose term has ended", "{count} packages whose term has ended"),
    TermState.PARTLY: plural(
        "{count} package of which a part is due", "{count} packages of which a part is due"
    ),
    TermState.SUSPENDED: plural("{count} package under a hold", "{count} packages under a hold"),
    TermState.UNSTATED: plural("{count} package without a term", "{count} packages without a term"),
}


def run(
    folder: Path,
    on: date | None,
    within: int,
    *,
    units: bool,
    report: Path | None,
    credentials: Path | None,
    as_json: bool,
) -> None:
    """List what is due on a day, ``within`` days of it."""
    day = (on or now().date()) + timedelta(days=within)
    description_of(folder)
    require_credentials_file(credentials)
    vault = open_vault(folder, credentials) if units else None
    with (
        open_catalogue(folder, reading=True) as catalogue,
        progress(mark("Reading the vault")) if units else nullcontext(),
    ):
        found = in_order(list_due(catalogue, day, vault=vault))
    show(found, day, report=report, as_json=as_json)


def in_order(each: Iterable[DuePackage]) -> Collection[DuePackage]:
    """Return packages by their state and term; no list of them is in memory."""
    found = SortedSpool[DuePackage]()
    for one in each:
        found.add(_order(one), one)
    return found


def show(found: Collection[DuePackage], day: date, *, report: Path | None, as_json: bool) -> None:
    """Show what is due on ``day``."""
    if report is not None:
        with disk.write_aside(report) as stream:
            stream.write(BYTE_ORDER_MARK)
            stream.writelines(list_lines(chain([COLUMNS], _lines(found, day))))
    if as_json:
        listed = (_document(one, day) for one in found)
        show_json({"due": 1, "on": day.isoformat(), "listed": listed})
        return
    show_table(SpooledList(_row(one, day) for one in found), heading=HEADING)
    counts = Counter[TermState]()
    for one in found:
        counts[one.state] += 1
        for unit in one.units:
            say(
                mark("  {package}: unit {unit} of {volume}, from {day}"),
                package=one.term.package,
                unit=unit.unit,
                volume=unit.volume,
                day=str(unit.destroy_from),
            )
    say(mark("On {day}:"), day=day.isoformat())
    for state, sentence in SUMMARY.items():
        say("  {line}", line=localize(sentence, count=counts[state]))


def _order(one: DuePackage) -> tuple[int, str, str]:
    states = list(SUMMARY)
    return states.index(one.state), str(one.term.destroy_from or ""), one.term.object_id


def _row(one: DuePackage, day: date) -> tuple[str | int, ...]:
    term = one.term
    holds = len(term.holds.placed) + term.holds.stated
    return (
        *(term.package, term.sender, localize(STATE_WORDS[one.state]), str(term.destroy_from or "")),
        *(term.units, term.due_units(day), holds),
    )


def _document(one: DuePackage, day: date) -> dict[str, Any]:
    term = one.term
    return {
        "object": term.object_id,
        "package": term.package,
        "sender": term.sender,
        "state": one.state.value,
        "destroy_from": term.destroy_from.isoformat() if term.destroy_from else None,
        "units": term.units,
        "units_due": term.due_units(day),
        "holds": [
            {"number": hold.number, "since": hold.at, "by": hold.by, "reason": hold.reason}
            for hold in term.holds.placed
        ],
        "units_held": term.holds.stated,
        "due_units": [
            {"unit": unit.unit, "volume": unit.volume, "destroy_from": str(unit.destroy_from)}
            for unit in one.units
        ],
    }


def _lines(found: Iterable[DuePackage], day: date) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the CSV: one for each package, and for each of its units that is due and was asked for."""
    for one in found:
        term = one.term
        holds = len(term.holds.placed) + term.holds.stated
        line = (
            *(term.object_id, term.package, term.sender, one.state.value, str(term.destroy_from or "")),
            *(str(term.units), str(term.due_units(day)), str(holds)),
        )
        yield (*line, "", "")
        yield from ((*line, unit.unit, unit.volume) for unit in one.units)
