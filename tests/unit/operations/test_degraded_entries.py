"""What a dossier says otherwise than our store holds it: text with a mark, the original kept, and who has looked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.main import status
from archiver.practice.registers.degraded_entries import degraded_entries, review_entries
from archiver.practice.registers.dossier_states import DossierState, current_states, dossier_states
from archiver.practice.store import open_store
from formats.model.health import HealthStatement
from tests.vectors.generator import age, dossier, people, unit
from tests.vectors.generator.chance import unit_id
from tests.vectors.generator.package import Row, entry, package, practice_entry, with_practice

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PATIENT = "p-a"


CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"


def allergy(**more: Any) -> dict[str, Any]:
    """Return an allergy as another program may send it."""
    concept = {"text": "Pénicilline", "coding": [{"system": "http://snomed.info/sct", "code": "91936005"}]}
    return dossier.resource(
        "health_statements",
        "AllergyIntolerance",
        "h-a",
        patient={"reference": f"Patient/{PATIENT}"},
        code=concept,
        clinicalStatus={"coding": [{"system": CLINICAL, "code": "active"}]},
        **more,
    )  # fmt: skip


def packed(folder: Path, *entries: dict[str, Any]) -> Path:
    """Write a package whose dossier ``a`` has ``entries`` besides, with what opens it; return the package."""
    bundle = dossier.bundle("a")
    bundle["entry"] += entries
    changed = {dossier.DOSSIER: json.dumps(bundle).encode()}
    data = dossier.archive("a", change=lambda parts: parts.update(changed))
    row = entry("a", data)
    statements = sum(one["resource"]["resourceType"] == "AllergyIntolerance" for one in entries)
    row["counts"] = {**row["counts"], **({"health_statements": statements} if statements else {})}
    units = with_practice({unit_id("a"): unit.sealed(data, "a")})

    def counted(manifest: Row) -> Row:
        return manifest | {"counts": {**row["counts"], "patients": 1}}

    target = folder / "sent.asice"
    target.write_bytes(package(units=units, entries=[row, practice_entry()], manifest=counted))
    (folder / "roots.pem").write_bytes(people.root().pem)
    (folder / "me.identity").write_text(age.identity_text() + "\n", encoding="utf-8")
    return target


def take(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    """Import the package as the program does; return exit status and receipt."""
    found = status([
        "import", str(folder / "sent.asice"), "--identity", str(folder / "me.identity"),
        "--into", str(folder / "here.db"), "--roots", str(folder / "roots.pem"),
        "--expect", "Dr Anne Exemple", "--at", "2026-03-01T12:00:00", "--json",
    ])  # fmt: skip
    printed = capsys.readouterr()
    assert printed.out, printed.err
    return found, json.loads(printed.out)


def of_a(receipt: Any) -> Any:
    (found,) = [one for one in receipt["dossiers"] if one["patient"] and one["patient"]["id"] == PATIENT]
    return found


def test_an_allergy_of_which_a_part_is_unknown_comes_in_with_a_mark_and_its_original(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(tmp_path, allergy(criticality="high"))
    ended, receipt = take(tmp_path, capsys)
    assert ended == INCOMPLETE
    assert (receipt["complete"], receipt["done"]) == (True, False)
    assert receipt["states"] == {
        "integrated": 0, "placeholder": 0, "degraded": 1, "partial": 0, "waiting": 0, "left-aside": 0, "refused": 0,
    }  # fmt: skip
    found = of_a(receipt)
    assert (found["outcome"], found["state"]) == ("came-in", "degraded")
    (degraded,) = found["degraded"]
    assert (degraded["topic"], degraded["reason"], degraded["text"]) == (
        "allergy", "element-unknown", "Pénicilline",
    )  # fmt: skip
    assert [one["code"] for one in receipt["findings"]][:2] == ["allergy-unread", "fhir-element-unknown"]
    with open_store(tmp_path / "here.db", reading=True) as store:
        (entry_,) = degraded_entries(store)
        assert json.loads(entry_.original) == allergy(criticality="high")["resource"]
        assert entry_.unread_allergy
        stored = store.get(HealthStatement, entry_.record)
        assert stored is not None and stored.label == "Pénicilline"
        assert current_states(store)[PATIENT] is DossierState.DEGRADED


def test_once_somebody_has_looked_the_transfer_is_done_and_an_import_asks_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(tmp_path, allergy(criticality="high"))
    take(tmp_path, capsys)
    with open_store(tmp_path / "here.db") as store, store.changing():
        (done,) = review_entries(store, [PATIENT], reviewed_by="Dr Exemple", remark="ressaisie", at=NOON)
        assert (done.reviewed_by, done.reviewed_at, done.remark) == (
            "Dr Exemple", NOON.isoformat(), "ressaisie",
        )  # fmt: skip
        assert not review_entries(store, [PATIENT], reviewed_by="Dr Autre", remark="", at=NOON)
    ended, receipt = take(tmp_path, capsys)
    assert (ended, receipt["done"]) == (SUCCESS, True)
    found = of_a(receipt)
    assert (found["outcome"], found["state"]) == ("already-there", "degraded")
    assert found["degraded"][0]["reviewed_by"] == "Dr Exemple"
    with open_store(tmp_path / "here.db", reading=True) as store:
        assert len(list(degraded_entries(store, unreviewed=False))) == 1


def test_a_resource_that_nothing_here_understands_is_kept_as_it_was_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = dossier.resource("", "Immunization", "i-a", vaccineCode={"text": "Tétanos"})
    foreign["resource"].pop("meta")
    packed(tmp_path, foreign)
    ended, receipt = take(tmp_path, capsys)
    assert (ended, receipt["done"]) == (SUCCESS, True)
    (degraded,) = of_a(receipt)["degraded"]
    assert (degraded["topic"], degraded["reason"], degraded["text"]) == (
        "",
        "resource-unknown",
        "Immunization",
    )
    with open_store(tmp_path / "here.db", reading=True) as store:
        (entry_,) = degraded_entries(store)
        assert json.loads(entry_.original) == foreign["resource"]


def test_what_nothing_names_is_degraded_and_what_comes_whole_later_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nameless = allergy(note=[{"text": "urticaire"}])
    nameless["resource"].pop("code")
    packed(tmp_path, nameless)
    _, receipt = take(tmp_path, capsys)
    (degraded,) = of_a(receipt)["degraded"]
    assert (degraded["topic"], degraded["reason"], degraded["text"]) == (
        "allergy",
        "without-name",
        "urticaire",
    )
    assert receipt["totals"]["unread_allergies"] == 1
    packed(tmp_path, allergy())
    ended, receipt = take(tmp_path, capsys)
    assert (ended, receipt["done"], of_a(receipt)["degraded"]) == (SUCCESS, True, [])
    with open_store(tmp_path / "here.db", reading=True) as store:
        assert not list(degraded_entries(store, unreviewed=False))
        assert current_states(store)[PATIENT] is DossierState.INTEGRATED


def test_a_refused_dossier_is_counted_and_stored_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed(tmp_path, allergy(), dossier.resource("patients", "Patient", "p-another", active=True))
    ended, receipt = take(tmp_path, capsys)
    assert ended == INCOMPLETE
    assert receipt["states"]["refused"] == 1 and sum(receipt["states"].values()) == 1
    assert of_a(receipt)["state"] == "refused"
    with open_store(tmp_path / "here.db", reading=True) as store:
        states = {one.patient: (one.state, one.reason) for one in dossier_states(store)}
    assert states == {PATIENT: (DossierState.REFUSED, of_a(receipt)["refusal_code"])}
