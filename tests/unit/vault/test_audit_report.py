"""The report of an audit: what the journal says of damage, plots that hide nothing, a page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from archiver.operations.vault.audit import audit, due_checks
from archiver.operations.vault.report.facts import AGE_COLUMNS, AuditFacts, gather_facts
from archiver.operations.vault.report.journal_facts import DamageEnd, read_history
from archiver.operations.vault.report.page import audit_page
from archiver.operations.vault.report.plots import LEAST, WIDTH, PlotColumn, PlotPart, bars
from archiver.signing.policy import own_policy
from archiver.vault.catalogue import open_catalogue
from archiver.vault.checks import open_checks
from archiver.vault.journal.entry import JournalEntry, LoggedEntry, VaultAct
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault
from formats.words import LANGUAGES, translate
from tests.unit.vault.journals import AT, new_vault

COPY: dict[str, str | int] = {"storage": "storage-1", "size": 7}


def logged(*acts: tuple[VaultAct, str], each: str = "urn:uuid:1") -> Iterator[LoggedEntry]:
    for number, (act, outcome) in enumerate(acts):
        entry = JournalEntry(act=act, object_id=each, outcome=outcome, facts={**COPY, "files": 2})
        yield LoggedEntry(number=number, at=f"2026-11-{number + 1:02}T10:00:00Z", previous="", entry=entry)


DAMAGED, OK = (VaultAct.CHECK, "damaged"), (VaultAct.CHECK, "ok")
REPAIRED, TRIED = (VaultAct.REPAIR, "repaired"), (VaultAct.REPAIR, "still-damaged")


@pytest.mark.parametrize(
    ("acts", "end", "attempts", "ended"),
    [
        ((DAMAGED,), DamageEnd.OPEN, 0, ""),
        ((OK, DAMAGED, TRIED, DAMAGED), DamageEnd.UNREPAIRED, 1, "2026-11-03"),
        ((DAMAGED, TRIED, DAMAGED, REPAIRED, OK), DamageEnd.REPAIRED, 2, "2026-11-04"),
        ((DAMAGED, DAMAGED, OK), DamageEnd.FOUND_WHOLE, 0, "2026-11-03"),
        ((DAMAGED, (VaultAct.DESTRUCTION, "begun")), DamageEnd.OPEN, 0, ""),
        ((DAMAGED, (VaultAct.DESTRUCTION, "done")), DamageEnd.DESTROYED, 0, "2026-11-02"),
        ((DAMAGED, (VaultAct.CHECK, "could-not-check")), DamageEnd.OPEN, 0, ""),
    ],
)
def test_what_was_done_about_damage(
    acts: tuple[tuple[VaultAct, str], ...], end: DamageEnd, attempts: int, ended: str
) -> None:
    history = read_history(logged(*acts))
    (found,) = history.damages()
    assert (found.end, found.attempts, found.ended_at[:10]) == (end, attempts, ended)
    assert sum(one.ok for one in history.days.values()) == acts.count(OK)
    assert sum(one.damaged for one in history.days.values()) == acts.count(DAMAGED)
    assert sum(one.repaired for one in history.days.values()) == acts.count(REPAIRED)


def test_damage_of_a_package_that_lost_units_does_not_end_with_them() -> None:
    (damaged,) = logged(DAMAGED)
    facts = {"destruction": "urn:uuid:2", "units": 1}
    entry = JournalEntry(act=VaultAct.DESTRUCTION, object_id="urn:uuid:1", outcome="done", facts=facts)
    units = LoggedEntry(number=1, at="2026-11-02T10:00:00Z", previous="", entry=entry)
    (found,) = read_history([damaged, units]).damages()
    assert found.end is DamageEnd.OPEN


def test_damage_after_a_repair_is_another() -> None:
    history = read_history(logged(DAMAGED, REPAIRED, OK, DAMAGED))
    assert [one.end for one in history.damages()] == [DamageEnd.OPEN, DamageEnd.REPAIRED]
    assert (len(history.open), history.ended_count) == (1, 1)


def test_one_in_a_hundred_thousand_is_seen_and_a_bar_is_no_longer_than_its_place() -> None:
    counts = {"verified": 99_998, "damaged": 1, "overdue": 1}
    parts = [PlotPart(label=name, count=count, tone=name) for name, count in counts.items()]
    shapes = etree.fromstring(bars([PlotColumn(label="<all>", parts=parts)], about="Copies"))
    found = {one.get("class"): float(one.get("width", 0)) for one in shapes.iter("{*}rect")}
    assert found["damaged"] == found["overdue"] == LEAST
    assert sum(found.values()) == pytest.approx(WIDTH)


def facts_of(vault: Vault, days: int = 0) -> AuditFacts:
    with open_catalogue(vault.folder) as catalogue, open_checks(vault.folder, print) as table:
        return gather_facts(vault, catalogue, table, own_policy(), at=AT + timedelta(days=days))


def test_ages_and_storages_are_counted_copy_by_copy(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    assert (facts_of(vault).never, sum(facts_of(vault).ages)) == (2, 0)
    with open_catalogue(vault.folder) as catalogue, open_checks(vault.folder, print) as table:
        list(audit(vault, due_checks(vault, catalogue, table, at=AT), table, clock=lambda: AT))
    for days, column in ((0, 0), (14, 0), (15, 1), (89, 5), (90, AGE_COLUMNS), (4000, AGE_COLUMNS)):
        found = facts_of(vault, days)
        assert found.ages[column] == 2, days
        assert found.coverage.verified == (2 if days < 90 else 0)
        assert [one.coverage.overdue for one in found.storages] == ([0, 0] if days < 90 else [1, 1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_stands_by_itself_and_what_could_not_be_read_is_said(tmp_path: Path, language: str) -> None:
    vault = new_vault(tmp_path)
    hostile = replace(vault.description, name="<script>alert(1)</script>")
    lost = [JournalEntry(act=VaultAct.CHECK, object_id="urn:uuid:<b>", outcome="damaged", facts=COPY)]
    record(vault, lost, at=AT)
    for damaged in (False, True):
        if damaged:
            (first, *_) = sorted((vault.folder / "journal" / "records").iterdir())
            first.write_bytes(b"nothing")
        pieces = audit_page(
            hostile, facts_of(vault), lambda one: translate(one, language, "archiver"), language
        )
        page = b"".join(pieces)
        root = etree.fromstring(page)
        assert root.get("lang") == language
        assert not [
            one for one in root.iter() if one.tag.rpartition("}")[2] in {"script", "link", "img", "b"}
        ]
        assert not [one for each in root.iter() for one in each.attrib if one in {"src", "href"}]
        text = " ".join(map(str, root.itertext()))
        assert ("urn:uuid:<b>" in text) is not damaged
        assert ("archiver vault profile set" in text) and "vault journal verify" in text
        unread = "could not be read" if language == "en" else "n’a pas pu être lu"
        assert (unread in text) is damaged
