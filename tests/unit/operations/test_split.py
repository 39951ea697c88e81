"""What a split keeps byte for byte, what it makes anew, and what it refuses."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest, least_volume_bytes
from archiver.errors import AlreadyExists
from archiver.examination.errors import VolumeMissing
from archiver.examination.examine import examine_whole
from archiver.handover.errors import CountsDiffer
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenedHandover, OpenRequest, open_handover
from archiver.handover.practice_terms import stated_terms
from archiver.operations.export import export
from archiver.operations.receipts.record_package import record_package
from archiver.operations.receive import receive
from archiver.operations.share import ShareRequest, share
from archiver.operations.splitting import split_package as splitting
from archiver.operations.splitting.errors import SplitIncomplete, SplitReceiverEmpty, SplitReceiversAlike
from archiver.operations.splitting.split_package import split_package
from archiver.operations.splitting.split_request import SplitOutcome, SplitReceiver, SplitRequest
from archiver.package.checks.check_package import check
from archiver.package.errors import DigestMismatch
from archiver.package.layout import destruction_members, source_member
from archiver.practice import people
from archiver.practice.registers.handovers import exported_units
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.errors import RosterErrors, RosterUnsigned, SplitUnknownPatient, SplitUnknownReceiver
from archiver.scope.legal_ground import LegalGround
from archiver.scope.rosters.roster import RosterLine, roster_bytes
from archiver.sealing.age import HybridIdentity
from archiver.sealing.errors import WrongKey
from archiver.sealing.unsealing import open_entry
from archiver.signing.errors import SignerUntrusted
from archiver.verdict import State
from formats.errors import Failure
from formats.model.care import Act, ActStatus
from formats.model.identity import IdentifierType
from formats.model.people import Patient, Practitioner
from formats.pdlgc.practice.read import read_practice_archive
from tests.destruction import keeper, reduced, statement_of
from tests.evidence import add_evidence, reader
from tests.large import fill
from tests.packages import SIGNED, counted, signer, trust
from tests.unit.operations import test_newer_records as newer_records

KEY = HybridIdentity(seed=b"k" * 32)
KEYS = {name: HybridIdentity(seed=name.encode().ljust(32)) for name in ("Anne", "Paul", "Reste")}
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 5, 9, tzinfo=UTC)
SIZES = [[400], [20, 900], [], [3000], [70], [15], [8]]
BOTH = trust(signer(), signer("Dr Paul Exemple"), at=LATER)
OURS = trust(signer("Dr Paul Exemple"), at=LATER)
"""A reader who accepts whoever splits, and nobody else."""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeStore]:
    """The store of seven patients, of whom the last two are one person, and of one practitioner."""
    path = tmp_path_factory.mktemp("practice") / "p.db"
    fill(path, SIZES)
    with open_store(path) as store:
        *_, last, one = store.patients()
        with store.changing():
            people.link(store, last.id, one.id, rule="test", decided_by="Anne", at=NOON)
            store.put(Practitioner(id="p-anne", family_name="Durand", given_name="Anne"))
        yield store


def exported(store: PracticeStore, target: Path, **options: Any) -> Path:
    request = ExportRequest(
        target=target,
        patients=tuple(patient.id for patient in store.patients()),
        access=KeyringRecipients(recipients=[KEY.to_recipient()]),
        signer=signer(),
        whole_practice=True,
        **options,
    )
    return export(store, request, clock=NOON.astimezone, randomness=counted(b"e")).path


@pytest.fixture(scope="module")
def whole(practice: PracticeStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole practice, sealed, with evidence; nobody may change it."""
    return add_evidence(exported(practice, tmp_path_factory.mktemp("whole") / "whole.asice"))


def opened(package: Path, key: HybridIdentity = KEY, trusted: Any = BOTH) -> OpenedHandover:
    return open_handover(OpenRequest(package=package, identities=[key], trust=trusted))


def number(patient: Patient) -> str:
    return next(one.value for one in patient.identifiers if one.type is IdentifierType.LOCAL)


def roster(folder: Path, store: PracticeStore, **whose: Sequence[int]) -> Path:
    """Write a roster that gives the patients of these numbers to each of ``whose``."""
    patients = {int(number(one)): one for one in store.patients()}
    lines = [
        RosterLine(
            line=0,
            patient_number=str(one),
            family_name=patients[one].traits.birth_family_name,
            given_name=patients[one].traits.birth_given_names[0],
            birth_date=patients[one].traits.birth_date,
            practitioner_rpps=name,
        )
        for name, numbers in whose.items()
        for one in numbers
    ]
    path = folder / "roster.csv"
    path.write_bytes(roster_bytes(lines))
    return path


def receiver(name: str) -> SplitReceiver:
    access = KeyringRecipients(recipients=[KEYS[name].to_recipient()])
    return SplitReceiver(name=name, access=access, file=f"{name}.asice")


def split(
    package: Path, listed: Path, to: Path, *names: str, key: HybridIdentity = KEY, **more: Any
) -> SplitOutcome:
    opening = OpenRequest(package=package, identities=[key], trust=BOTH)
    request = SplitRequest(
        roster=listed,
        receivers=[receiver(name) for name in names],
        folder=to,
        sender="Archives SARL",
        signer=signer("Dr Paul Exemple"),
        **{"unsigned": "essai", "opening": opening, **more},
    )
    return split_package(request, clock=LATER.astimezone, randomness=counted(to.name.encode()))


@pytest.fixture(scope="module")
def parts(whole: Path, practice: PracticeStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the packages of Anne (1, 2), Paul (2, 3, 7 with 6) and the rest (4, 5)."""
    folder = tmp_path_factory.mktemp("split")
    listed = roster(folder, practice, Anne=[1, 2], Paul=[2, 3, 7])
    outcome = split(
        whole, listed, folder / "parts", "Anne", "Paul", rest=receiver("Reste"), practice_rows="Reste"
    )
    assert (outcome.patients, outcome.left_out, outcome.linked, outcome.shared) == (7, 0, 1, 1)
    assert outcome.trusted.code == "accepted"
    return folder / "parts"


def members(package: Path) -> dict[str, str]:
    with zipfile.ZipFile(package) as container:
        return {name: hashlib.sha256(container.read(name)).hexdigest() for name in container.namelist()}


def names(received: OpenedHandover) -> set[str]:
    entries = (one for volume in received.volumes for one in volume.keyring.entries)
    return {one.patient["number"] for one in entries if one.patient is not None}


def test_every_unit_is_the_one_of_the_source_byte_for_byte(parts: Path, whole: Path) -> None:
    source = members(whole)
    taken: set[str] = set()
    for name in KEYS:
        here = members(parts / f"{name}.asice")
        units = {one for one in here if one.startswith("units/")}
        ours = {one for one in units if one in source}
        assert len(units - ours) == 1  # the practice's unit is made anew
        assert {one: here[one] for one in ours} == {one: source[one] for one in ours}
        taken |= ours
    everybody = {one for one in source if one.startswith("units/")}
    assert len(everybody - taken) == 1  # and that of the source, which names everybody, goes to nobody


def test_each_opens_its_own_dossiers_and_no_other(parts: Path) -> None:
    expected = {"Anne": {"1", "2"}, "Paul": {"2", "3", "6", "7"}, "Reste": {"4", "5"}}
    for name, numbers in expected.items():
        package = parts / f"{name}.asice"
        received = opened(package, KEYS[name], OURS)
        assert names(received) == numbers
        (volume,) = received.volumes
        for entry in volume.keyring.entries:
            if entry.patient is not None:
                with open_dossier(volume.package, entry):  # its page is that of the source
                    pass
        others = [key for other, key in KEYS.items() if other != name]
        for key in (KEY, *others):
            with pytest.raises(WrongKey):
                opened(package, key)


def test_the_unit_of_the_practice_speaks_of_its_own_dossiers_alone(parts: Path, whole: Path) -> None:
    (source,) = opened(whole).volumes
    for name, patients in (("Anne", 2), ("Reste", 2)):
        (volume,) = opened(parts / f"{name}.asice", KEYS[name]).volumes
        entry = next(one for one in volume.keyring.entries if one.patient is None)
        units = {one.unit for one in volume.keyring.entries}
        with volume.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
            archive = read_practice_archive(plain)
            records = archive.records
            assert {row.unit for row in records.retention} == units - {entry.unit}
            assert len(list(records.roster)) == patients
            assert [one.family_name for one in records.practitioners] == ["Durand"]
            assert records.left_out["patients"] == len(source.keyring.entries) - 1 - patients
            assert all(row.unit in units for row in records.missing)


def test_the_counts_of_all_are_those_of_the_source(parts: Path, whole: Path) -> None:
    (source,) = opened(whole).volumes
    announced = source.package.manifest.handover
    handovers = [
        opened(parts / f"{name}.asice", key).volumes[0].package.manifest.handover
        for name, key in KEYS.items()
    ]
    second = next(one for one in source.keyring.entries if (one.patient or {}).get("number") == "2")
    twice = {"patients": 1, **second.counts}
    for kind, count in announced.counts.items():
        assert sum(one.counts.get(kind, 0) for one in handovers) == count + twice.get(kind, 0)
    for one in handovers:
        assert (one.scope.kind, one.sender.name) == ("split", "Archives SARL")
        assert one.legal_ground == announced.legal_ground


def test_the_source_is_shown_and_judged(parts: Path, whole: Path) -> None:
    verdict = check(parts / "Anne.asice", replace(reader(), at=LATER, roots=BOTH.roots))
    assert verdict.intact.state is verdict.complete.state is verdict.trusted.state is State.PROVEN
    (source,) = verdict.sources
    assert source.package == opened(whole).identifier
    assert (source.place, source.revision, source.created) == ("source/001", 1, NOON)
    assert source.answers.signed_by.facts["fingerprint"] == signer().fingerprint
    assert source.answers.trusted.state is State.PROVEN
    assert source.answers.existed_at.code == "evidenced"
    assert source.answers.existed_at.where.startswith("source/001/META-INF/")
    unaccepted = check(parts / "Anne.asice", OURS).sources[0].answers
    assert (unaccepted.signed_by.state, unaccepted.trusted.code) == (State.PROVEN, "signer-untrusted")
    with pytest.raises(SignerUntrusted):  # who signs the part is asked about as for any package
        opened(parts / "Anne.asice", KEYS["Anne"], trust(signer(), at=LATER))


def test_nothing_public_of_a_part_names_a_patient(parts: Path, practice: PracticeStore) -> None:
    texts = [text for one in practice.patients() for text in (one.id, *one.traits.birth_given_names)]
    secrets = [text.encode() for text in texts]
    assert len(secrets) == 2 * len(SIZES)
    for name in KEYS:
        with zipfile.ZipFile(parts / f"{name}.asice") as container:
            for member in container.namelist():
                data = container.read(member)
                assert not any(one in data for one in secrets), member


def test_a_part_comes_in_as_of_the_time_of_its_source(
    parts: Path, tmp_path: Path, practice: PracticeStore
) -> None:
    with open_store(tmp_path / "new.db", create=True) as store:
        request = OpenRequest(package=parts / "Anne.asice", identities=[KEYS["Anne"]], trust=OURS)
        receipt = receive(store, request, clock=NOON.astimezone)
        assert len(receipt.came_in) == 2 and not receipt.pages_not_compared
        assert [one.sender for one in receipt.sources] == ["Cabinet"]


def test_what_is_newer_than_the_source_stays_though_the_part_is_younger(tmp_path: Path) -> None:
    old = newer_records.package(
        tmp_path, "old", newer_records.source("old", changed="2026-01-01T08:00:00"), SIGNED
    )
    new = newer_records.package(
        tmp_path,
        "new",
        newer_records.source("new", changed="2026-02-01T08:00:00"),
        SIGNED + newer_records.HOUR,
    )
    listed = tmp_path / "roster.csv"
    line = RosterLine(
        line=0,
        patient_number="1",
        family_name="Roussel",
        given_name="Paul",
        birth_date=None,
        practitioner_rpps="",
    )
    listed.write_bytes(roster_bytes([line]))
    split(old, listed, tmp_path / "parts", "Anne", key=newer_records.OWNER)
    with open_store(tmp_path / "s.db", create=True) as store:
        newer_records.received(store, new)
        part = OpenRequest(package=tmp_path / "parts" / "Anne.asice", identities=[KEYS["Anne"]], trust=OURS)
        receipt = receive(store, part, clock=LATER.astimezone)
        assert newer_records.label_of(store) == "new"
        assert len(receipt.newer_here) == 1


def test_a_part_can_be_split_and_shared_again(parts: Path, tmp_path: Path, practice: PracticeStore) -> None:
    shared = share(
        ShareRequest(
            opening=OpenRequest(package=parts / "Paul.asice", identities=[KEYS["Paul"]], trust=OURS),
            access=KeyringRecipients(recipients=[KEY.to_recipient()]),
            signer=signer("Dr Paul Exemple"),
            target=tmp_path / "second.asice",
        ),
        clock=LATER.astimezone,
        randomness=counted(),
    ).package
    assert [one.place for one in check(shared, BOTH).sources] == ["source/001"]
    listed = roster(tmp_path, practice, Anne=[3])
    outcome = split(shared, listed, tmp_path / "again", "Anne", leave_out=True)
    assert (outcome.patients, outcome.left_out) == (4, 3)
    verdict = check(tmp_path / "again" / "Anne.asice", BOTH)
    assert not verdict.findings
    assert [(one.place, one.revision) for one in verdict.sources] == [
        ("source/001", 2),
        ("source/001/source/001", 1),
    ]
    assert verdict.sources[0].origin is not None
    assert verdict.sources[0].origin.signed_by.where.startswith("source/001/previous/001/")
    (volume,) = opened(tmp_path / "again" / "Anne.asice", KEYS["Anne"], OURS).volumes
    entry = next(one for one in volume.keyring.entries if one.patient is not None)
    assert volume.package.handover_of(entry.unit).created == NOON
    with open_dossier(volume.package, entry):
        pass


def test_a_set_is_split_whole(tmp_path: Path) -> None:
    fill(tmp_path / "p.db", [[300_000], [300_000], [300_000], [10]])
    with open_store(tmp_path / "p.db") as store:
        set_file = exported(store, tmp_path / "set.asice", volume_size=least_volume_bytes())
        listed = roster(tmp_path, store, Anne=[1, 2, 3], Paul=[4])
    volumes = len(examine_whole(set_file, BOTH).volumes)
    assert volumes > 1
    outcome = split(set_file, listed, tmp_path / "parts", "Anne", "Paul", practice_rows="Anne")
    assert outcome.patients == 4
    sources = [check(tmp_path / "parts" / f"{name}.asice", BOTH) for name in ("Anne", "Paul")]
    assert not any(one.findings for one in sources)
    assert len(sources[1].sources) == 1 <= len(sources[0].sources) <= volumes
    assert names(opened(tmp_path / "parts" / "Anne.asice", KEYS["Anne"])) == {"1", "2", "3"}
    (tmp_path / "set-002.asice").unlink()
    with pytest.raises(VolumeMissing):
        split(set_file, listed, tmp_path / "again", "Anne", "Paul")


# -- refusals -----------------------------------------------------------------------------


def refused(
    whole: Path, folder: Path, failure: type[Failure], listed: Path, *names: str, **more: Any
) -> Failure:
    """Split, and see it refused with nothing left behind."""
    with pytest.raises(failure) as caught:
        split(whole, listed, folder / "parts", *names, **more)
    assert sorted(one.name for one in folder.iterdir()) == ["roster.csv"]
    return caught.value


def test_whoever_goes_to_nobody_is_left_out_by_a_word_only(
    whole: Path, tmp_path: Path, practice: PracticeStore
) -> None:
    listed = roster(tmp_path, practice, Anne=[1])
    failure = refused(whole, tmp_path, SplitIncomplete, listed, "Anne")
    assert failure.facts["count"] == 6
    assert str(failure.facts["patients"]).endswith(", …")
    outcome = split(whole, listed, tmp_path / "parts", "Anne", leave_out=True)
    assert outcome.left_out == 6
    assert outcome.packages[0].manifest.handover.scope.left_out["patients"] == 6


def test_every_error_of_the_roster_is_judged_before_anything_is_made(
    whole: Path, tmp_path: Path, practice: PracticeStore
) -> None:
    listed = roster(tmp_path, practice, Anne=[1], Luc=[2])
    refused(whole, tmp_path, SplitUnknownReceiver, listed, "Anne", leave_out=True)
    text = listed.read_text(encoding="utf-8").replace("\n1;", "\n99;").replace(";Luc", ";Anne")
    listed.write_text(text, encoding="utf-8")
    failure = refused(whole, tmp_path, SplitUnknownPatient, listed, "Anne", leave_out=True)
    assert "Exemple1" in str(failure.facts["near"])
    listed.write_text(text.replace("Exemple2", "Autre"), encoding="utf-8")
    refused(whole, tmp_path, RosterErrors, listed, "Anne", leave_out=True)


def test_a_roster_that_too_few_signed_is_followed_for_a_reason_only(
    whole: Path, tmp_path: Path, practice: PracticeStore
) -> None:
    listed = roster(tmp_path, practice, Anne=[1])
    failure = refused(whole, tmp_path, RosterUnsigned, listed, "Anne", leave_out=True, unsigned=" ")
    assert (failure.facts["found"], failure.facts["asked"]) == (1, 2), (
        "the ground of the source is not stated"
    )
    alone = {"leave_out": True, "unsigned": "", "ground": LegalGround.CESSATION}
    outcome = split(whole, listed, tmp_path / "parts", "Anne", **alone)
    assert outcome.agreement.whole
    assert outcome.packages[0].manifest.handover.legal_ground == "cessation"
    reason = {"leave_out": True, "unsigned": "Paul est en voyage"}
    split(whole, listed, tmp_path / "again", "Anne", **reason)
    stated = stated_terms(opened(tmp_path / "again" / "Anne.asice", KEYS["Anne"])).agreement
    assert stated is not None
    assert (stated.asked, stated.found, stated.unsigned) == (2, 1, "Paul est en voyage")


def test_receivers_are_told_apart_and_have_somebody(
    whole: Path, tmp_path: Path, practice: PracticeStore
) -> None:
    listed = roster(tmp_path, practice, Anne=[1])
    refused(whole, tmp_path, SplitReceiverEmpty, listed, "Anne", "Paul", leave_out=True)
    refused(whole, tmp_path, SplitReceiversAlike, listed, "Anne", "Anne", leave_out=True)
    refused(whole, tmp_path, SplitReceiversAlike, listed, "Anne", rest=receiver("Anne"))


def test_a_practitioner_of_the_practice_is_known_by_every_name(
    whole: Path, tmp_path: Path, practice: PracticeStore
) -> None:
    listed = roster(tmp_path, practice, **{"Dr Anne Durand": [1]})
    named = replace(receiver("Anne"), name="DURAND")
    request = SplitRequest(
        opening=OpenRequest(package=whole, identities=[KEY], trust=BOTH),
        roster=listed,
        receivers=[named],
        folder=tmp_path / "parts",
        sender="Archives SARL",
        signer=signer("Dr Paul Exemple"),
        leave_out=True,
        unsigned="essai",
    )
    outcome = split_package(request, clock=LATER.astimezone, randomness=counted())
    assert outcome.packages[0].receiver == "DURAND"


def test_a_folder_that_is_there_stays(whole: Path, tmp_path: Path, practice: PracticeStore) -> None:
    (tmp_path / "parts").mkdir()
    with pytest.raises(AlreadyExists):
        split(whole, roster(tmp_path, practice, Anne=[1]), tmp_path / "parts", "Anne", leave_out=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["parts", "roster.csv"]
    assert not list((tmp_path / "parts").iterdir())


def test_a_package_that_lost_a_unit_on_the_way_is_not_named(
    whole: Path, tmp_path: Path, practice: PracticeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    units: Callable[..., Any] = splitting._units

    def losing(*arguments: Any) -> Any:
        found = units(*arguments)
        found[0].popitem()
        return found

    monkeypatch.setattr(splitting, "_units", losing)
    refused(whole, tmp_path, CountsDiffer, roster(tmp_path, practice, Anne=[1, 2]), "Anne", leave_out=True)


def test_a_damaged_source_is_refused(whole: Path, tmp_path: Path, practice: PracticeStore) -> None:
    damaged = tmp_path / "damaged.asice"
    data = bytearray(whole.read_bytes())
    with zipfile.ZipFile(whole) as container:
        unit = next(one for one in container.infolist() if one.filename.startswith("units/"))
    data[unit.header_offset + 300] ^= 1
    damaged.write_bytes(data)
    with pytest.raises(DigestMismatch):
        split(damaged, roster(tmp_path, practice, Anne=[1]), tmp_path / "parts", "Anne", leave_out=True)
    assert not (tmp_path / "parts").exists()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reduced:
    """A package out of which the unit of the first of four patients was taken, its term having ended."""

    store: Path
    package: Path
    unit: str
    trust: Any

    @property
    def opening(self) -> OpenRequest:
        return OpenRequest(package=self.package, identities=[KEY], trust=self.trust)


@pytest.fixture
def lessened(tmp_path: Path) -> Reduced:
    path = tmp_path / "p.db"
    fill(path, [[20], [30], [40], [50]])
    with open_store(path) as store:
        one, *_ = store.patients()
        with store.changing():
            traits = replace(one.traits, birth_date=date(1950, 1, 1))
            store.put(replace(one, traits=traits))
            store.put(Act(id="a-1", patient=one.id, status=ActStatus.DONE, performed_on=date(1985, 5, 4)))
        whole = exported(store, tmp_path / "whole.asice")
    (volume,) = opened(whole).volumes
    lines = volume.keyring.entries
    (due,) = (one for one in lines if one.destroy_from and one.destroy_from <= NOON.date())
    place = [unit.id for unit in volume.package.manifest.units].index(due.unit)
    moments = ("requested_at", "approved_at", "destroyed_at")
    reduced(whole, statement_of(whole, place, **dict.fromkeys(moments, NOON)))
    accepted = trust(signer(), keeper(), signer("Dr Paul Exemple"), at=LATER)
    return Reduced(store=path, package=whole, unit=due.unit, trust=accepted)


def test_what_was_destroyed_by_law_goes_to_nobody_and_the_rest_is_split(
    lessened: Reduced, tmp_path: Path
) -> None:
    whole, opening = lessened.package, lessened.opening
    with open_store(lessened.store, reading=True) as store:
        listed = roster(tmp_path, store, Anne=[2], Paul=[3, 4])
        still = roster(folder_in(tmp_path, "still"), store, Anne=[1, 2], Paul=[3, 4])
    with pytest.raises(SplitUnknownPatient):
        split(whole, still, tmp_path / "none", "Anne", "Paul", opening=opening)
    outcome = split(whole, listed, tmp_path / "parts", "Anne", "Paul", opening=opening)
    assert outcome.destroyed == (lessened.unit,) and outcome.patients == 3 and outcome.left_out == 0
    for name, numbers in (("Anne", {"2"}), ("Paul", {"3", "4"})):
        part = tmp_path / "parts" / f"{name}.asice"
        found = opened(part, KEYS[name], lessened.trust)
        assert names(found) == numbers
        assert found.verdict.complete.state is found.verdict.intact.state is State.PROVEN
        here = members(part)
        for statement in destruction_members(1):
            assert here[source_member(1, statement)] == members(whole)[statement]


def folder_in(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


@pytest.mark.parametrize("with_key", [True, False])
def test_what_was_destroyed_by_law_does_not_count_as_sent(
    lessened: Reduced, tmp_path: Path, *, with_key: bool
) -> None:
    package = open_handover(lessened.opening) if with_key else examine_whole(lessened.package, lessened.trust)
    with open_store(lessened.store) as store:
        found = record_package(store, lessened.package, package, at=LATER)
        units = {one.unit for one in exported_units(store, found.handover.package)}
    assert (found.entered, found.units, found.destroyed) == (True, 4, 1)
    assert len(units) == 4 and lessened.unit not in units
    if with_key:
        assert found.handover.counts["patients"] == 3 and found.handover.counts["documents"] == 3
