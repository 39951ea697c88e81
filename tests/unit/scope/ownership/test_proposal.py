"""A proposal out of a store: persons and not records, households, what is unfinished, and the files."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archiver.errors import AlreadyExists
from archiver.operations.splitting.propose_roster import FILES, ProposeRequest, propose_roster
from archiver.practice import people
from archiver.practice.practitioners import OWN_PRACTICE
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.ownership.columns import _CELLS, EVIDENCE
from archiver.scope.ownership.practitioners import claimants_of
from archiver.scope.ownership.proposal import Proposal, propose_lines
from archiver.scope.ownership.report_page import report_page
from archiver.scope.ownership.rules import rule_named
from archiver.scope.ownership.rulings import RuleTerms
from archiver.scope.ownership.unfinished import MatterKind
from archiver.scope.ownership.wording import Wording
from archiver.scope.rosters.roster_decision import RosterDecision
from formats.model.care import (
    Act,
    ActStatus,
    Appointment,
    AppointmentStatus,
    PlanItem,
    PlanStatus,
    Quote,
    TreatmentPlan,
)
from formats.model.devices import LabOrder
from formats.model.identity import RPPS_SYSTEM, Identifier, IdentifierType, Traits
from formats.model.money import Adjustment, Invoice, InvoiceLine, InvoiceStatus, Payment
from formats.model.people import Engagement, Patient, Practice, Practitioner, RelatedPerson, Relation, Role
from formats.model.record import Record, practice_namespace, record_id

SPACE = practice_namespace("proposals")
ON = date(2025, 6, 30)
AT = datetime(2025, 6, 30, 20, 15, tzinfo=UTC)
OWNER, KERBRAT = (record_id(SPACE, "practitioners", number) for number in (1, 2))
FORMULA = '=HYPERLINK("http://127.0.0.1/")'


def identity(kind: type[Record], number: object) -> str:
    return record_id(SPACE, kind.kind, str(number))


def patient(number: int, family: str, *, attending: str | None = None, named: bool = True) -> Patient:
    known = Identifier(type=IdentifierType.LOCAL, system="urn:p", value=f"{number:03}")
    return Patient(
        id=identity(Patient, number),
        practice=identity(Practice, 1),
        traits=Traits(used_family_name=family, used_given_name="Anne", birth_date=date(1980, 1, number)),
        identifiers=(known,) if named else (),
        attending=attending,
    )


class Filling:
    """Puts records into a store, numbered one after the other."""

    def __init__(self, store: PracticeStore) -> None:
        self.store = store
        self.count = 0

    def __call__(self, kind: type[Any], owner: int, **fields: Any) -> str:
        self.count += 1
        key = identity(kind, self.count)
        self.store.put(kind(id=key, patient=identity(Patient, owner), **fields))
        return key

    def act(self, owner: int, practitioner: str | None, day: date, *, cents: int = 0) -> str:
        return self(
            Act, owner, status=ActStatus.DONE, performed_on=day, practitioner=practitioner, fee_cents=cents
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "practice.db", create=True) as opened:
        opened.put(Practice(id=identity(Practice, 1), name="Cabinet des Tilleuls"))
        roles = ((OWNER, "Vauquelin", Role.OWNER), (KERBRAT, "Kerbrat", Role.COLLABORATOR))
        for key, name, role in roles:
            opened.put(Practitioner(id=key, family_name=name, engagements=(Engagement(role=role),)))
        yield opened


def proposal(store: PracticeStore, *codes: str, about: str = KERBRAT) -> Proposal:
    terms = RuleTerms(claimants=claimants_of(store), on=ON)
    rules = [rule_named(code) for code in codes or ("treated-by",)]
    return propose_lines(store, rules, terms, about=about, practice=next(store.practices()))


def test_records_of_one_person_are_one_line(store: PracticeStore) -> None:
    fill = Filling(store)
    for number, family in ((1, "Morvan"), (2, "Morvan"), (3, "Aubry")):
        store.put(patient(number, family))
    fill.act(1, KERBRAT, date(2024, 1, 1))
    fill.act(2, OWNER, date(2024, 2, 1))
    with store.changing():
        people.link(store, identity(Patient, 2), identity(Patient, 1), rule="human", decided_by="Dr X", at=AT)
    found = proposal(store)
    assert [line.number for line in found.lines] == ["003", "001"]
    morvan = found.lines[1]
    assert len(morvan.evidence.records) == 2 and morvan.outcome.decision is RosterDecision.TO_DECIDE
    assert {one.id for one in store.patients()} == {
        record for line in found.lines for record in line.evidence.records
    }


def test_a_person_whose_first_record_has_no_number_is_named_by_another(store: PracticeStore) -> None:
    store.put(patient(1, "Morvan", named=False))
    store.put(patient(2, "Morvan"))
    store.put(patient(3, "Aubry", named=False))
    with store.changing():
        people.link(store, identity(Patient, 2), identity(Patient, 1), rule="human", decided_by="Dr X", at=AT)
    assert [line.number for line in proposal(store).lines] == ["", "002"]


def test_who_treated_in_another_practice_is_named_and_claims_nobody(store: PracticeStore) -> None:
    """Their dossiers were taken over; one who practises here now and treated there is one person by the RPPS number."""
    rpps = Identifier(type=IdentifierType.RPPS, system=RPPS_SYSTEM, value="99900000029")
    durand, kerbrat_there, retired = (record_id(SPACE, "practitioners", number) for number in (3, 4, 5))
    there = identity(Practice, 2)
    for one in (
        Practice(id=there, name="Cabinet repris"),
        Practitioner(id=KERBRAT, family_name="Kerbrat", identifiers=(rpps,)),
        Practitioner(id=durand, family_name="Durand", active=False),
        Practitioner(id=kerbrat_there, family_name="Kerbrat", active=False, identifiers=(rpps,)),
        Practitioner(id=retired, family_name="Morvan", active=False),
        *(patient(number, f"F{number}") for number in (1, 4)),
        *(
            replace(patient(number, f"F{number}", attending=durand), practice=identity(Practice, 2))
            for number in (2, 3, 5)
        ),
    ):
        store.put(one)
    fill = Filling(store)
    fill.act(1, KERBRAT, date(2024, 1, 1))
    fill.act(2, durand, date(2020, 1, 1))
    fill.act(3, kerbrat_there, date(2021, 1, 1))
    fill.act(4, KERBRAT, date(2024, 1, 1))
    fill.act(4, retired, date(2019, 1, 1))
    fill.act(5, durand, date(2018, 1, 1))
    with store.changing():
        for there, here in ((2, 1), (5, 4)):
            people.link(
                store,
                identity(Patient, there),
                identity(Patient, here),
                rule="human",
                decided_by="Dr X",
                at=AT,
            )
    nobodys = {line.number: line for line in proposal(store).lines}
    assert nobodys["001"].outcome.decision is RosterDecision.TO_DECIDE, "nobody said whose it is"

    store.set_setting(OWN_PRACTICE, identity(Practice, 1))
    found = proposal(store)
    one, other, own = (
        next(line for line in found.lines if line.number == number) for number in ("001", "003", "004")
    )
    for line in (one, other):
        assert (line.outcome.decision, line.outcome.practitioner) == (RosterDecision.YES, KERBRAT)
        assert not line.contested and line.evidence.attending in {(), ("",)}
    assert list(one.evidence.former) == [durand] and one.evidence.former[durand].first_seen == "2020-01-01"
    assert own.outcome.decision is RosterDecision.TO_DECIDE, "who left this practice can claim as before"
    wording = Wording(language="fr")
    assert _CELLS["former_authors"](one, found, wording, KERBRAT) == "Durand"
    assert _CELLS["others"](one, found, wording, KERBRAT) == ""
    page = b"".join(report_page(found, "fr", at=AT)).decode()
    assert "Durand (auteur dans un autre cabinet)" in page
    about_durand = [line.outcome.decision for line in proposal(store, about=durand).lines]
    assert RosterDecision.TO_DECIDE not in about_durand


def test_who_referred_the_patient_is_named_and_has_not_seen_them(store: PracticeStore) -> None:
    store.put(patient(1, "Morvan"))
    fill = Filling(store)
    fill.act(1, KERBRAT, date(2024, 1, 1))
    fill(Act, 1, status=ActStatus.REFERRED, performed_on=date(2024, 3, 1), practitioner=OWNER)
    (line,) = proposal(store).lines
    owner = line.evidence.of(OWNER)
    assert (owner.referrals, owner.acts, owner.visits, owner.first_seen) == (1, 0, 0, "")
    assert line.outcome.practitioner == KERBRAT, "to refer is not to treat"


def test_a_household_parts_where_its_members_do_not_go_together(store: PracticeStore) -> None:
    fill = Filling(store)
    for number in range(1, 7):
        store.put(patient(number, f"F{number}"))
    for child in (2, 3):
        fill(RelatedPerson, child, relation=Relation.PAYER, other_patient=identity(Patient, 1))
    fill(RelatedPerson, 4, relation=Relation.EMERGENCY, other_patient=identity(Patient, 1))
    fill(RelatedPerson, 4, relation=Relation.FAMILY, other_patient="somebody-elsewhere")
    fill(Payment, 5, amount_cents=100, payer_patient=identity(Patient, 6))
    for number in (1, 2):
        fill.act(number, KERBRAT, date(2024, 1, 1))
    found = proposal(store)
    members = [{found.by_person[one].number for one in household.members} for household in found.households]
    assert members == [{"001", "002", "003"}, {"005", "006"}]
    assert [len(one.members) for one in found.parted] == [3]


def test_a_balance_is_what_the_records_of_a_person_add_up_to(store: PracticeStore) -> None:
    fill = Filling(store)
    for number in (1, 2, 3):
        store.put(patient(number, f"F{number}"))
    done = fill.act(1, KERBRAT, date(2024, 1, 1), cents=10_000)
    fill(
        Invoice, 1, status=InvoiceStatus.SENT, total_cents=10_000, insurer_cents=3_000,
        lines=(InvoiceLine(act=done, fee_cents=10_000, written_off_cents=500),),
    )  # fmt: skip
    fill(Invoice, 1, status=InvoiceStatus.CANCELLED, insurer_cents=9_000)
    fill(Payment, 1, amount_cents=4_000)
    fill(Adjustment, 1, amount_cents=-1_000)
    fill.act(2, KERBRAT, date(2024, 1, 1), cents=5_000)
    fill(Payment, 3, amount_cents=5_000)
    assert [line.owed_cents for line in proposal(store).lines] == [1_500, 5_000, -5_000]
    with store.changing():
        people.link(store, identity(Patient, 3), identity(Patient, 2), rule="human", decided_by="Dr X", at=AT)
    assert [line.owed_cents for line in proposal(store).lines] == [1_500, 0]


def test_what_is_unfinished_is_listed_and_what_is_done_is_not(store: PracticeStore) -> None:
    fill = Filling(store)
    store.put(patient(1, "Aubry"))
    done = fill.act(1, KERBRAT, date(2024, 1, 1))
    planned = fill(Act, 1, status=ActStatus.PLANNED, practitioner=KERBRAT)
    for title, items in (
        ("done", (PlanItem(act=done, fee_cents=100),)),
        ("half", (PlanItem(act=done, fee_cents=100), PlanItem(act=planned, fee_cents=200))),
        ("unknown", (PlanItem(label="Couronne", fee_cents=300),)),
        ("empty", ()),
    ):
        fill(Quote, 1, title=title, practitioner=KERBRAT, items=items)
        fill(TreatmentPlan, 1, title=title, status=PlanStatus.ACTIVE, items=items)
        fill(TreatmentPlan, 1, title=f"{title}, given up", status=PlanStatus.CANCELLED, items=items)
    fill(LabOrder, 1, label="Couronne 36", sent_at=AT)
    fill(LabOrder, 1, label="Gouttière", sent_at=AT, received_at=AT)
    for day, status in ((30, AppointmentStatus.SCHEDULED), (1, AppointmentStatus.BROKEN)):
        fill(Appointment, 1, status=status, starts_at=datetime(2025, 6, day, 9, tzinfo=UTC))
    ahead = datetime(2025, 7, 1, 9, tzinfo=UTC)
    fill(
        Appointment,
        1,
        status=AppointmentStatus.SCHEDULED,
        starts_at=ahead,
        practitioner=KERBRAT,
        reason="Contrôle",
    )
    found = [(matter.kind, matter.title) for _, matter in proposal(store).matters()]
    open_titles = ("half", "unknown", "empty")
    assert found == [
        *((MatterKind.QUOTE, title) for title in open_titles),
        *((MatterKind.PLAN, title) for title in open_titles),
        (MatterKind.LAB_ORDER, "Couronne 36"),
        (MatterKind.APPOINTMENT, "Contrôle"),
    ]
    assert [matter.cents for _, matter in proposal(store).matters()][:3] == [300, 300, None]


# -- the files -------------------------------------------------------------------------------


def write(store: PracticeStore, folder: Path, language: str = "fr", about: str = KERBRAT) -> list[list[str]]:
    """Write the files and return the rows of the roster, with the headings."""
    terms = RuleTerms(claimants=claimants_of(store), on=ON)
    request = ProposeRequest(
        folder=folder, rules=[rule_named("treated-by")], terms=terms, about=about, language=language
    )
    propose_roster(store, request, practice=next(store.practices()), clock=lambda: AT)
    with (folder / "roster.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=";"))


class Strict(HTMLParser):
    """Collects what a page would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object", "form"}:
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on") or name in {"src", "style"}]


def test_files_are_for_their_owner_and_hold_nothing_that_acts(store: PracticeStore, tmp_path: Path) -> None:
    store.put(patient(1, f"{FORMULA}<script>"))
    fill = Filling(store)
    fill.act(1, KERBRAT, date(2024, 1, 1))
    fill.act(1, OWNER, date(2024, 1, 1))
    fill(LabOrder, 1, label=FORMULA, sent_at=AT)
    rows = write(store, tmp_path / "made")
    assert [one.name for one in sorted((tmp_path / "made").iterdir())] == sorted(FILES)
    for name in FILES:
        path = tmp_path / "made" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        if path.suffix == ".html":
            etree.fromstring(path.read_bytes())
            page = Strict()
            page.feed(path.read_text(encoding="utf-8"))
            assert page.found == []
    assert rows[1][1].startswith("'=HYPERLINK")
    report = (tmp_path / "made" / "before-the-split.csv").read_text(encoding="utf-8-sig")
    assert ";=" not in report and "'=HYPERLINK" in report


def test_every_column_of_evidence_has_its_cell(store: PracticeStore, tmp_path: Path) -> None:
    assert EVIDENCE.keys() == _CELLS.keys()
    store.put(patient(1, "Aubry"))
    for language in ("fr", "en"):
        heading, row = write(store, tmp_path / language, language)
        assert heading[6:] == [getattr(entry.label, language) for entry in EVIDENCE.values()]
        assert len(row) == len(heading)


def test_what_is_there_is_not_replaced(store: PracticeStore, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / FILES[-1]).write_text("mine")
    with pytest.raises(AlreadyExists):
        write(store, folder)
    assert [one.name for one in folder.iterdir()] == [FILES[-1]]


def test_both_pages_say_the_same_each_in_its_language(store: PracticeStore, tmp_path: Path) -> None:
    fill = Filling(store)
    for number in range(1, 4):
        store.put(patient(number, f"F{number}"))
        fill.act(number, KERBRAT, date(2024, 1, number), cents=100_000)
    fill.act(1, OWNER, date(2024, 1, 1))
    write(store, tmp_path / "made")
    pages = [(tmp_path / "made" / f"before-the-split.{one}.html").read_text("utf-8") for one in ("fr", "en")]
    for tag in ("<section", "<tr", "<td", "<li", "<div"):
        assert pages[0].count(tag) == pages[1].count(tag) > 0
    assert 'lang="fr"' in pages[0] and "À décider" in pages[0] and "1\u202f000,00\u00a0EUR" in pages[0]
    assert 'lang="en"' in pages[1] and "To decide" in pages[1] and "1,000.00\u00a0EUR" in pages[1]
