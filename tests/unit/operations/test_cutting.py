"""Cutting an export into volumes: how long each becomes, who is in which, and what each says."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportOutcome, ExportRequest, least_volume_bytes
from archiver.compliance.retention import destroy_from, retention
from archiver.errors import AlreadyExists
from archiver.handover.opening import OpenedHandover, OpenRequest, open_handover
from archiver.operations.export import export
from archiver.package.manifests.manifest import Volume
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.rosters.roster import RosterLine
from archiver.sealing.age import HybridIdentity
from archiver.sealing.unsealing import open_unit
from archiver.signing.errors import CertificateEnded
from archiver.signing.keys.key_file import SignerName, make_signer
from formats.errors import UnsafeName
from formats.model.care import Act, ActStatus
from formats.pdlgc.practice.read import read_practice_archive
from tests.large import fill
from tests.packages import SIGNED, counted, signer, trust

KEY = HybridIdentity(seed=b"k" * 32)
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
KIB = 1 << 10
LEAST = least_volume_bytes()
SIZES = [[20 * KIB], [90 * KIB], [400 * KIB], *([[25 * KIB]] * 12)]
"""Files of fifteen dossiers; the third alone is longer than the smallest volume."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeStore]:
    """Return a practice whose patients were last seen in 2020, 2021, 2022 and, of every fifth, never."""
    path = tmp_path_factory.mktemp("practice") / "p.db"
    fill(path, SIZES)
    with open_store(path) as store:
        with store.changing():
            for number, patient in enumerate(list(store.patients())):
                if number % 5:
                    day = date(2020 + number % 3, 6, 1)
                    act = Act(id=f"act-{number}", patient=patient.id, status=ActStatus.DONE, performed_on=day)
                    store.put(act)
        yield store


def exported(store: PracticeStore, target: Path, **changed: Any) -> ExportOutcome:
    whole = {
        "target": target,
        "patients": tuple(patient.id for patient in store.patients()),
        "access": KeyringRecipients(recipients=[KEY.to_recipient()]),
        "signer": signer(),
        "whole_practice": True,
    }
    request = ExportRequest(**{**whole, **changed})
    return export(store, request, clock=lambda: SIGNED, randomness=secrets.token_bytes)


def opened_again(outcome: ExportOutcome) -> OpenedHandover:
    later = trust(signer(), at=SIGNED + timedelta(days=1))
    return open_handover(OpenRequest(package=outcome.path, identities=[KEY], trust=later))


def test_nothing_is_sealed_for_a_signer_whom_nobody_would_accept(
    store: PracticeStore, tmp_path: Path
) -> None:
    later = make_signer(SignerName(name="Dr Plus Tard"), at=SIGNED + timedelta(days=1), random=counted())
    for signers in ({"signer": later}, {"co_signer": later}):
        with pytest.raises(CertificateEnded):
            exported(store, tmp_path / "p.asice", **signers)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("limit", [LEAST, LEAST + 48 * KIB, LEAST + 388 * KIB])
def test_no_volume_is_longer_than_asked_for(store: PracticeStore, tmp_path: Path, limit: int) -> None:
    outcome = exported(store, tmp_path / "p.asice", volume_size=limit)
    assert len(outcome.volumes) > 1
    for one in outcome.volumes:
        assert one.size == one.path.stat().st_size
        alone = len(one.manifest.units) == 2 and max(unit.size for unit in one.manifest.units) > 300 * KIB
        assert one.size <= limit or alone
    assert (max(one.size for one in outcome.volumes) > limit) == (limit < LEAST + 88 * KIB)


def test_a_volume_is_filled_before_the_next_begins(store: PracticeStore, tmp_path: Path) -> None:
    limit = LEAST + 88 * KIB
    outcome = exported(store, tmp_path / "p.asice", volume_size=limit)
    wasted = 130 * KIB  # the longest unit but one, and what is reserved for signatures
    for one, following in zip(outcome.volumes, outcome.volumes[1:], strict=False):
        first = following.manifest.units[0].size
        assert one.size + first + wasted > limit


def test_each_volume_is_a_whole_package_and_together_they_are_the_practice(
    store: PracticeStore, tmp_path: Path
) -> None:
    single = exported(store, tmp_path / "one.asice")
    outcome = exported(store, tmp_path / "p.asice", volume_size=LEAST)
    handover = opened_again(outcome)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "one.asice", *(f"p-{number:03}.asice" for number in range(1, len(outcome.volumes) + 1)), "p-set.asice",
    ]  # fmt: skip
    assert handover.volume_list is not None
    assert dict(handover.volume_list.counts) == dict(single.counts) == dict(outcome.counts)
    patients = [entry.patient for _, entry in handover.entries() if entry.patient]
    assert sorted(one["id"] for one in patients) == sorted(one.id for one in store.patients())
    members = [entry.member for _, entry in handover.entries() if entry.patient]
    assert len(set(members)) == len(members) == 15
    identifiers = {one.package.manifest.package_id for one in handover.volumes}
    commitments = {one.package.manifest.handover.keyring_commitment for one in handover.volumes}
    assert len(identifiers) == len(commitments) == len(handover.volumes)
    for number, one in enumerate(handover.volumes, 1):
        place = Volume(set_id=outcome.set_id, volume=number, of=len(handover.volumes))
        assert one.package.manifest.handover.volume == place
        assert [entry.patient is None for entry in one.keyring.entries].count(True) == 1


def test_one_volume_is_the_package_as_ever(store: PracticeStore, tmp_path: Path) -> None:
    outcome = exported(store, tmp_path / "p.asice", volume_size=1 << 30)
    assert [path.name for path in tmp_path.iterdir()] == ["p.asice"]
    assert outcome.set_file is None and outcome.path == tmp_path / "p.asice"
    assert outcome.volumes[0].manifest.handover.volume is None


def test_an_export_of_nobody_has_one_package(store: PracticeStore, tmp_path: Path) -> None:
    outcome = exported(store, tmp_path / "p.asice", patients=(), volume_size=LEAST)
    assert [path.name for path in tmp_path.iterdir()] == ["p.asice"]
    assert [len(one.manifest.units) for one in outcome.volumes] == [1]
    assert outcome.volumes[0].manifest.units[0].destroy_from is None


def test_years_are_kept_apart_and_the_unknown_come_last(store: PracticeStore, tmp_path: Path) -> None:
    outcome = exported(store, tmp_path / "p.asice", by_retention_year=True)
    assert [one.retention_year for one in outcome.volumes] == [2040, 2041, 2042, None]
    dossiers = (store.dossier(patient.id) for patient in store.patients())
    terms = {one.patient.id: destroy_from(retention(one, NOON.date())) for one in dossiers}
    for volume in opened_again(outcome).volumes:
        manifest = volume.package.manifest
        assert len({unit.destroy_from for unit in manifest.units}) == 1
        by_unit = {unit.id: unit.destroy_from for unit in manifest.units}
        for entry in volume.keyring.entries:
            if entry.patient:
                assert by_unit[entry.unit] == terms[entry.patient["id"]]


def test_what_is_held_does_not_keep_the_others_of_its_year(store: PracticeStore, tmp_path: Path) -> None:
    patient = next(
        one.id
        for one in store.patients()
        if retention(store.dossier(one.id), NOON.date()).until == date(2041, 6, 1)
    )
    outcome = exported(store, tmp_path / "p.asice", by_retention_year=True, on_hold={patient})
    assert [one.retention_year for one in outcome.volumes] == [2040, 2041, 2042, None]
    *years, apart = outcome.volumes
    assert not any(unit.hold for one in years for unit in one.manifest.units)
    assert [unit.hold for unit in apart.manifest.units].count(True) == 2  # the dossier and the practice's own
    assert outcome.on_hold == 1
    assert {unit.destroy_from for unit in apart.manifest.units if unit.hold} == {date(2042, 1, 1), None}


def test_years_are_cut_as_well_when_they_are_long(store: PracticeStore, tmp_path: Path) -> None:
    outcome = exported(store, tmp_path / "p.asice", by_retention_year=True, volume_size=LEAST)
    years = [one.retention_year or 9999 for one in outcome.volumes]
    assert years == sorted(years) and len(set(years)) == 4 and len(years) > 4


def test_the_practice_rows_are_in_the_first_volume_and_a_roster_names_its_own_patients(
    store: PracticeStore, tmp_path: Path
) -> None:
    lines = tuple(
        RosterLine(
            line=number, patient_number=patient.identifiers[0].value, family_name=f"Exemple{number}",
            given_name="Camille", birth_date=None, practitioner_rpps="", patient=patient.id,
        )
        for number, patient in enumerate(store.patients(), 1)
    )  # fmt: skip
    options: dict[str, Any] = {"whole_practice": False, "roster": lines, "volume_size": LEAST}
    outcome = exported(store, tmp_path / "p.asice", **options)
    named = 0
    for volume in opened_again(outcome).volumes:
        (practice,) = [entry for entry in volume.keyring.entries if not entry.patient]
        numbers = {entry.patient["number"] for entry in volume.keyring.entries if entry.patient}
        with volume.package.unit(practice.unit) as sealed, open_unit(sealed, practice.passphrase) as plain:
            roster = tuple(read_practice_archive(plain).records.roster)
        assert {line[0] for line in roster} == numbers
        named += len(roster)
    assert named == 15


@pytest.mark.parametrize("taken", ["p.asice", "p-001.asice", "p-077.asice", "p-set.asice"])
def test_a_name_that_is_taken_is_refused_before_the_work(
    store: PracticeStore, tmp_path: Path, taken: str
) -> None:
    (tmp_path / taken).write_bytes(b"theirs")
    with pytest.raises(AlreadyExists, match=taken):
        exported(store, tmp_path / "p.asice", volume_size=LEAST)
    assert [path.name for path in tmp_path.iterdir()] == [taken]


def test_a_set_needs_a_name_that_is_safe_everywhere(store: PracticeStore, tmp_path: Path) -> None:
    with pytest.raises(UnsafeName):
        exported(store, tmp_path / "a:b.asice", volume_size=LEAST)
    assert list(tmp_path.iterdir()) == []
