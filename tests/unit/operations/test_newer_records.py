"""An import never replaces what is newer here: neither by an older package, nor by a later one made from a copy."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.handover.receipt import Receipt
from archiver.operations.collecting.collect import collect
from archiver.operations.export import export
from archiver.operations.receive import receive
from archiver.practice.imports.dossier_part import EVERYTHING_SENT, DossierPart, ImportChoice
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.age import HybridIdentity
from formats.findings import Finding
from formats.model.care import Act, ActStatus
from formats.model.identity import Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import practice_namespace, record_id
from formats.reading import Item, Tally
from tests.packages import SIGNED, signer, trust

SPACE = practice_namespace("newer records")
PRACTICE = Practice(id=record_id(SPACE, "practice", 1), name="Cabinet")
DENTIST = Practitioner(id=record_id(SPACE, "provider", 1), family_name="Durand")
PATIENT = record_id(SPACE, "patient", 1)
OWNER = HybridIdentity(seed=b"p" * 32)
HOUR = timedelta(hours=1)


def source(label: str, *, changed: str, acts: int = 1, name: str = "Roussel") -> list[Item]:
    """Return a practice with one patient, whose first act is called ``label`` since the moment ``changed``."""
    traits = Traits(used_family_name=name, used_given_name="Paul", sex=Sex.MALE)
    number = Identifier(type=IdentifierType.LOCAL, system="urn:p", value="1")
    items: list[Item] = [
        PRACTICE,
        DENTIST,
        Patient(id=PATIENT, practice=PRACTICE.id, traits=traits, identifiers=(number,)),
    ]
    for key in range(acts):
        act = record_id(SPACE, "act", key)
        text = label if key == 0 else f"act {key}"
        items.append(Act(id=act, patient=PATIENT, status=ActStatus.DONE, label=text))
        row = SourceRow(
            id=record_id(SPACE, "row", key), patient=PATIENT, system="test", table="act", key=str(key),
            columns={"label": text, "DateTStamp": changed}, records=(act,),
        )  # fmt: skip
        items.append(row)
    return [*items, Tally(table="act", rows=acts)]


def package(folder: Path, name: str, items: list[Item], created: datetime) -> Path:
    """Return a package of a practice that was collected from ``items`` just before."""
    target = folder / f"{name}.asice"
    with open_store(folder / f"{name}.db", create=True) as store:
        collect(store, items, system="test", clock=lambda: created)
        access = KeyringRecipients(recipients=[OWNER.to_recipient()])
        request = ExportRequest(target=target, patients=(PATIENT,), access=access, signer=signer())
        export(store, request, clock=lambda: created, randomness=secrets.token_bytes)
    return target


def received(store: PracticeStore, target: Path, choice: ImportChoice = EVERYTHING_SENT) -> Receipt:
    at = SIGNED + 9 * HOUR
    opening = OpenRequest(package=target, identities=[OWNER], trust=trust(signer(), at=at))
    return receive(store, opening, clock=lambda: at, choose=lambda _: choice)


def label_of(store: PracticeStore) -> str:
    return store.dossier(PATIENT).acts[0].label


def content(store: PracticeStore) -> list[str]:
    return [line for line in store.db.iterdump() if '"imports"' not in line and '"settings"' not in line]


def test_an_older_package_replaces_nothing_says_so_and_is_counted(tmp_path: Path) -> None:
    old = package(
        tmp_path, "old", source("old", changed="2026-01-01T08:00:00", acts=2, name="Roussell"), SIGNED
    )
    new = package(tmp_path, "new", source("new", changed="2026-02-01T08:00:00"), SIGNED + HOUR)
    with open_store(tmp_path / "s.db", create=True) as store:
        assert len(received(store, new).newer_here) == 0
        receipt = received(store, old)
        assert (
            label_of(store) == "new" and store.dossier(PATIENT).patient.traits.used_family_name == "Roussel"
        )
        (dossier,) = [one for one in receipt.arrivals if one.who]
        assert dossier.newer_here == 3, "the patient, the act and its row"
        (remark,) = [one for one in dossier.remarks if one.code == "newer-here"]
        assert f"is of {SIGNED.isoformat()}" in remark.text and "3 records" in remark.text
        assert len(receipt.newer_here) == 1
        assert len(store.dossier(PATIENT).acts) == 2, "what is not here comes in all the same"
        before = content(store)
        again = received(store, old)
        assert content(store) == before and len(again.already_there) == 1 and len(again.newer_here) == 1


def test_an_older_package_after_a_part_of_a_newer_one_replaces_nothing_and_says_what_to_import(
    tmp_path: Path,
) -> None:
    """Nobody can tell what of the rest is newer in the older package: the newest one, whole, ends the question."""
    first, second, third = (
        package(tmp_path, name, source(name, changed="", acts=acts), SIGNED + hours * HOUR)
        for hours, (name, acts) in enumerate((("first", 1), ("second", 2), ("third", 2)))
    )
    part = ImportChoice(part=DossierPart(kinds=("documents",)))
    with open_store(tmp_path / "s.db", create=True) as store:
        received(store, first)
        assert remarks(received(store, third, part)) == []
        receipt = received(store, second)
        assert label_of(store) == "first" and len(store.dossier(PATIENT).acts) == 2
        (remark,) = remarks(receipt)
        assert remark.code == "newer-in-part" and f"made on {(SIGNED + 2 * HOUR).isoformat()}" in remark.text
        assert "2 records" in remark.text and "without a choice" in remark.text
        assert remarks(received(store, third)) == []
        assert label_of(store) == "third", "as its sender knew it last"
        (remark,) = remarks(received(store, second))
        assert remark.code == "newer-here"


def test_an_older_package_that_completes_a_part_of_a_newer_one_says_so(tmp_path: Path) -> None:
    old, new = (
        package(tmp_path, name, source("same", changed="", acts=2), SIGNED + hours * HOUR)
        for hours, name in enumerate(("old", "new"))
    )
    with open_store(tmp_path / "s.db", create=True) as store:
        received(store, new, ImportChoice(part=DossierPart(kinds=("documents",))))
        assert not store.dossier(PATIENT).acts
        (remark,) = remarks(received(store, old))
        assert remark.code == "newer-in-part" and "what else comes in is older" in remark.text
        assert len(store.dossier(PATIENT).acts) == 2
        assert remarks(received(store, old)) == [], "nothing else comes in"


def remarks(receipt: Receipt) -> list[Finding]:
    return [remark for one in receipt.arrivals if one.who for remark in one.remarks]


def test_a_newer_package_brings_what_is_here_up_to_date(tmp_path: Path) -> None:
    old = package(tmp_path, "old", source("old", changed="2026-01-01T08:00:00"), SIGNED)
    new = package(tmp_path, "new", source("new", changed="2026-02-01T08:00:00"), SIGNED + HOUR)
    with open_store(tmp_path / "s.db", create=True) as store:
        received(store, old)
        receipt = received(store, new)
        assert label_of(store) == "new" and len(receipt.newer_here) == 0
        before = content(store)
        assert len(received(store, new).came_in) == 0 and content(store) == before


def test_a_package_made_later_from_a_copy_replaces_nothing_that_the_source_changed_since(
    tmp_path: Path,
) -> None:
    copy = package(tmp_path, "copy", source("copy", changed="2026-01-01T08:00:00"), SIGNED + 2 * HOUR)
    with open_store(tmp_path / "s.db", create=True) as store:
        mine = source("mine", changed="2026-02-01T08:00:00")
        collect(store, mine, system="test", clock=lambda: SIGNED + HOUR)
        receipt = received(store, copy)
        assert label_of(store) == "mine" and len(receipt.newer_here) == 1


def test_a_package_made_before_the_last_collection_replaces_nothing(tmp_path: Path) -> None:
    early = package(tmp_path, "early", source("early", changed=""), SIGNED)
    with open_store(tmp_path / "s.db", create=True) as store:
        collect(store, source("mine", changed=""), system="test", clock=lambda: SIGNED + HOUR)
        receipt = received(store, early)
        assert label_of(store) == "mine" and len(receipt.newer_here) == 1


def test_each_row_that_went_on_is_taken_and_each_that_went_back_is_not(tmp_path: Path) -> None:
    mine = source("mine", changed="2026-02-01T08:00:00", acts=2)
    theirs = source("theirs", changed="2026-01-01T08:00:00", acts=2)
    rows = [at for at, one in enumerate(theirs) if isinstance(one, SourceRow)]
    later = theirs[rows[1]]
    act = theirs[rows[1] - 1]
    assert isinstance(later, SourceRow) and isinstance(act, Act)
    theirs[rows[1]] = SourceRow(
        id=later.id, patient=PATIENT, system="test", table="act", key=later.key,
        columns={"label": "later", "DateTStamp": "2026-03-01T08:00:00"}, records=later.records,
    )  # fmt: skip
    theirs[rows[1] - 1] = Act(id=act.id, patient=PATIENT, status=ActStatus.DONE, label="later")
    both = package(tmp_path, "both", theirs, SIGNED + 2 * HOUR)
    with open_store(tmp_path / "s.db", create=True) as store:
        collect(store, mine, system="test", clock=lambda: SIGNED + HOUR)
        received(store, both)
        assert [one.label for one in store.dossier(PATIENT).acts] == ["mine", "later"]
