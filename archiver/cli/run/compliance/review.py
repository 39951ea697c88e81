"""What ``dossier review`` does."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.terminal.console import print_line, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.operations.dossiers.review import ReviewedDossier, review_dossier
from archiver.practice.registers.degraded_entries import (
    REASON_WORDS,
    DegradedEntry,
    degraded_entries,
    topic_words,
)
from archiver.practice.store import open_store
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.printable import printable
from formats.words import mark, plural

HEADING = (mark("patient"), mark("topic"), mark("what can be read"), mark("why"), mark("since"))
DAY = len("2026-11-29")
"""Characters of the day in a moment."""


def review(path: Path, wanted: str | None, *, by: str | None, remark: str, as_json: bool) -> None:
    """List what nobody has looked at, or show what is degraded of one dossier and record who has looked.

    Raises:
        BadParameter: when somebody has looked, and nobody says at whose dossier.
    """
    if wanted is None:
        if by is not None or remark:
            option = "--by" if by is not None else "--remark"
            raise typer.BadParameter(localize(mark("say whose dossier it was")), param_hint=option)
        _list(path, as_json=as_json)
        return
    if remark and by is None:
        raise typer.BadParameter(localize(mark("say who has looked (--by)")), param_hint="--remark")
    with open_store(path, reading=by is None) as store:
        if by is None:
            found = review_dossier(store, wanted, reviewed_by="", remark="", at=now())
        else:
            with store.changing():
                found = review_dossier(store, wanted, reviewed_by=by, remark=remark, at=now())
    if as_json:
        entries = [asdict(one) for one in found.entries]
        show_json(
            {
                "dossier_review": 1,
                "patient": found.patient.id,
                "count": found.reviewed,
                "entries": entries,
            }
        )
        return
    _show(found, by or "")


def _list(path: Path, *, as_json: bool) -> None:
    with open_store(path, reading=True) as store:
        entries = sorted(degraded_entries(store), key=lambda one: (not one.unread_allergy, one.id))
        patients = {one.patient: store.get(Patient, one.patient) for one in entries}
    if as_json:
        shown = [asdict(one) for one in entries]
        show_json({"dossier_review": 1, "patient": None, "count": 0, "entries": shown})
        return
    names = {one: names_and_birth(patient.traits) for one, patient in patients.items() if patient}
    show_table([(names.get(one.patient, one.patient), *_cells(one)) for one in entries], heading=HEADING)
    say(
        plural(
            "{count} entry at which nobody has looked, of which {allergies} allergies.",
            "{count} entries at which nobody has looked, of which {allergies} allergies.",
        ),
        count=len(entries),
        allergies=sum(one.unread_allergy for one in entries),
    )


def _cells(one: DegradedEntry) -> tuple[str, str, str, str]:
    return localize(topic_words(one)), one.text, localize(REASON_WORDS[one.reason]), one.noted_at[:DAY]


def _show(found: ReviewedDossier, by: str) -> None:
    who = names_and_birth(found.patient.traits)
    if not found.entries:
        say(mark("{patient}: everything came as it was sent."), patient=who)
        return
    for one in found.entries:
        topic, text, why, since = _cells(one)
        say(mark("{topic}: {text} ({why}; {since})"), topic=topic, text=text or "?", why=why, since=since)
        if one.reviewed_at:
            day = one.reviewed_at[:DAY]
            say(
                mark("  looked at by {name} on {day}. {remark}"),
                name=one.reviewed_by,
                day=day,
                remark=one.remark,
            )
        for line in json.dumps(json.loads(one.original), ensure_ascii=False, indent=2).splitlines():
            print_line(f"    {printable(line)}")
    if by:
        say(
            plural(
                "{patient}: {name} has looked at {count} entry.",
                "{patient}: {name} has looked at {count} entries.",
            ),
            patient=who,
            name=by,
            count=found.reviewed,
        )
