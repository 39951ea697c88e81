"""Every way a row carries a patient is found in the tables themselves."""

from __future__ import annotations

from hypothesis import given, strategies as st

from formats.databases.owners import Owners, key_number
from formats.databases.tables import SourceTable
from formats.opendental.joins.ownership import (
    OwnershipKeys,
    ownership_closure,
    ownership_of,
    patient_columns,
)


def _tables(**described: str) -> dict[str, SourceTable]:
    """Tables by name from « Key other columns »."""
    return {
        name: SourceTable(name=name, columns=tuple(columns.split()), key=columns.split()[0])
        for name, columns in described.items()
    }


TABLES = _tables(
    patient="PatNum LName Guarantor ResponsParty",
    claim="ClaimNum PatNum ClaimFee",
    claimattach="ClaimAttachNum ClaimNum DisplayedFileName",
    attachpage="AttachPageNum ClaimAttachNum Text",
    guardian="GuardianNum PatNumChild PatNumGuardian",
    newthing="NewThingNum PatNumSomething Blob",
    task="TaskNum KeyNum ObjectType",
    tasknote="TaskNoteNum TaskNum Note",
    appointment="AptNum PatNum",
    apptreminder="ApptReminderNum ApptNum",
    files="DocNum Data",
    document="DocNum PatNum FileName",
    inssub="InsSubNum PlanNum Subscriber",
    insplan="PlanNum CarrierNum",
    definition="DefNum ItemName",
)


def test_tables_of_patients_are_found_and_lists_are_not() -> None:
    found = ownership_closure(TABLES)
    assert set(found) == set(TABLES) - {"insplan", "definition"}


def test_parents_come_before_their_children() -> None:
    order = list(ownership_closure(TABLES))
    assert order[0] == "patient"
    for child, parent in (
        ("claimattach", "claim"),
        ("attachpage", "claimattach"),
        ("tasknote", "task"),
        ("apptreminder", "appointment"),
        ("files", "document"),
        ("task", "appointment"),
    ):
        assert order.index(parent) < order.index(child)


def test_columns_of_patients_have_many_names() -> None:
    assert patient_columns(ownership_closure(TABLES)) >= {
        ("patient", "Guarantor"),
        ("patient", "ResponsParty"),
        ("inssub", "Subscriber"),
        ("newthing", "PatNumSomething"),
        ("guardian", "PatNumGuardian"),
        ("task", "KeyNum"),
        ("claim", "PatNum"),
    }


def _owners() -> dict[str, Owners]:
    owners = {"patient": Owners(), "claim": Owners(), "appointment": Owners()}
    for number in (1, 2):
        owners["patient"].add(number, number)
    owners["claim"].add(70, 2)
    owners["appointment"].add(5, 1)
    return owners


def test_a_row_with_several_patients_belongs_to_the_one_it_is_about() -> None:
    found = ownership_of(
        ownership_closure(TABLES)["guardian"], {"PatNumChild": 2, "PatNumGuardian": 1}, _owners()
    )
    assert (found.patient, found.others) == (2, (1,))


def test_a_child_belongs_to_the_patient_of_its_parent() -> None:
    closure = ownership_closure(TABLES)
    assert ownership_of(closure["claimattach"], {"ClaimAttachNum": 1, "ClaimNum": 70}, _owners()).patient == 2


def test_a_switched_key_is_followed_only_where_the_switch_says_so() -> None:
    task = ownership_closure(TABLES)["task"]
    assert ownership_of(task, {"KeyNum": 1, "ObjectType": 1}, _owners()).patient == 1
    assert ownership_of(task, {"KeyNum": 5, "ObjectType": 2}, _owners()).patient == 1
    assert ownership_of(task, {"KeyNum": 1, "ObjectType": 0}, _owners()) == ownership_of(task, {}, _owners())


def test_a_row_that_names_a_lost_patient_is_told_from_one_that_names_nobody() -> None:
    claim = ownership_closure(TABLES)["claim"]
    lost = ownership_of(claim, {"ClaimNum": 1, "PatNum": 99}, _owners())
    nobody = ownership_of(claim, {"ClaimNum": 1, "PatNum": 0}, _owners())
    assert (lost.patient, lost.named) == (None, True)
    assert (nobody.patient, nobody.named) == (None, False)


def test_a_circle_of_tables_ends() -> None:
    circle = _tables(patient="PatNum", first="FirstNum PatNum SecondNum", second="SecondNum PatNum FirstNum")
    assert set(ownership_closure(circle)) == {"patient", "first", "second"}


@given(st.dictionaries(st.integers(1, 10**15), st.integers(1, 10**9)), st.integers(1, 10**15))
def test_owners_answer_like_a_dictionary(rows: dict[int, int], other: int) -> None:
    owners = Owners()
    for key, patient in rows.items():
        owners.add(key, patient)
    assert len(owners) == len(rows)
    assert {key: owners.get(key) for key in rows} == rows
    assert owners.get(other) == rows.get(other)


def test_keys_are_whole_numbers_whatever_the_cell_holds() -> None:
    assert [key_number(cell) for cell in (7, 7.0, " 7 ", "-7", "7.5", "x", None, b"7", 7.5)] == [
        7,
        7,
        7,
        -7,
        0,
        0,
        0,
        0,
        0,
    ]


def test_ties_tell_which_tables_must_be_read_before() -> None:
    assert OwnershipKeys(table="a", parents=(("ClaimNum", "claim"), ("PatNum", "patient"))).points_to() == {
        "claim"
    }
