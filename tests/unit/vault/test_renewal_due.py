"""What evidence is due is read from the objects: a package without any, nothing of what was destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.operations.vault.renewal import due
from archiver.operations.vault.renewal.due import (
    EvidenceAction,
    ObjectEvidence,
    RenewalTerms,
    evidence_of_object,
    evidence_of_vault,
)
from archiver.operations.vault.renewal.renew import RenewalReport, renew_vault
from archiver.signing.policy import own_policy
from archiver.vault.additions import VersionAddition, add_files, add_version, added_bytes
from archiver.vault.catalogue import open_catalogue
from archiver.vault.description import Hosting
from archiver.vault.errors import EvidenceClockBehind, PreservationDigestsEnded, PreservationProfileInvalid
from archiver.vault.open_vault import Vault
from archiver.vault.preservation.judged_evidence import open_judged
from archiver.vault.preservation.profile import (
    DigestTerm,
    PreservationProfile,
    StampingAuthority,
    profile_bytes,
    read_profile,
)
from formats.digests import SHA256, SHA512
from tests.tsa import authority
from tests.unit.vault.journals import new_vault

AT = datetime(2026, 11, 29, 22, tzinfo=UTC)
PROFILE = PreservationProfile(
    identifier="urn:test:vault#preservation-profile",
    revision=1,
    valid_from=AT,
    digests=(
        DigestTerm(algorithm=SHA256, until=AT.date() + timedelta(days=30)),
        DigestTerm(algorithm=SHA512),
    ),
    authorities=(StampingAuthority(url="http://tsa.example", policy="1.2.3.4.1"),),
    roots=(),
)


def terms(days: int, profile: PreservationProfile = PROFILE) -> RenewalTerms:
    policy = profile.policy(own_policy())
    return RenewalTerms(profile=profile, policy=policy, at=AT, horizon=timedelta(days=days))


def test_a_destroyed_package_gets_no_evidence_and_another_one_does(tmp_path: Path) -> None:
    request = VaultRequest(
        folder=tmp_path / "vault",
        name="Archives Exemple",
        storages=[tmp_path / "vault" / name for name in "ab"],
        hosting=Hosting(reason="Données fictives"),
        identifier="2e527adc-b15b-41ef-994c-ac3112c3733a",
    )
    vault = init_vault(request, clock=lambda: AT)
    with open_catalogue(vault.folder) as catalogue:
        for name, paths in (
            ("urn:test:1", ("revision-001/p.asice", "receipts/revision-001.json.0.p7s", "holds/001.json")),
            ("urn:test:2", ("destruction/tombstone.json", "receipts/revision-001.json.0.p7s")),
        ):
            files = [added_bytes(path, f"{name} {path}".encode()) for path in paths]
            add_files(
                vault, catalogue, name, None, VersionAddition(files=files, message="first", at=AT, entries=())
            )
        seen = [task for one in evidence_of_vault(vault, catalogue, terms(10)) for task in one.tasks]
    (task,) = seen
    assert (task.object_id, task.action, task.number) == ("urn:test:1", EvidenceAction.BUILD, 1)
    assert task.paths == ("receipts/revision-001.json.0.p7s", "revision-001/p.asice")


def test_the_first_hash_function_that_lasts_beyond_the_horizon_is_taken() -> None:
    assert terms(10).require_algorithm() == SHA256
    assert terms(40).require_algorithm() == SHA512
    with pytest.raises(PreservationDigestsEnded):
        terms(40, replace(PROFILE, digests=PROFILE.digests[:1])).require_algorithm()


@pytest.mark.parametrize(
    ("part", "by"),
    [
        (b'"preservation_profile": 1', b'"preservation_profile": 2'),
        (b'"WithoutStorage"', b'"WithStorage"'),
        (b'"sha512"', b'"md5"'),
        (b'"sha512"', b'"sha384"'),
        (b'"1.2.3.4.1"', b'"mine"'),
        (b'"horizon_days": 90', b'"horizon_days": -1'),
        (b'"revision": 1', b'"revision": 0'),
        (b"+00:00", b""),
        (b"{", b"["),
    ],
)
def test_what_is_no_profile_is_refused(part: bytes, by: bytes) -> None:
    data = profile_bytes(PROFILE)
    assert profile_bytes(read_profile(data, "profile")) == data
    with pytest.raises(PreservationProfileInvalid):
        read_profile(data.replace(part, by), "profile")


def test_what_a_later_program_says_besides_survives() -> None:
    data = profile_bytes(PROFILE).replace(b'  "horizon_days": 90\n', b'  "horizon_days": 90,\n  "later": 1\n')
    assert profile_bytes(read_profile(data, "profile")) == data


def test_a_package_is_opened_again_only_when_its_evidence_can_be_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tsa, opened = authority(), list[str]()

    def counted(vault: Vault, object_id: str, terms: RenewalTerms) -> ObjectEvidence:
        opened.append(object_id)
        return evidence_of_object(vault, object_id, terms)

    monkeypatch.setattr(due, "evidence_of_object", counted)
    vault = new_vault(tmp_path)
    names = [f"urn:test:{number}" for number in range(3)]
    with open_catalogue(vault.folder) as catalogue:
        for name in names:
            files = [added_bytes("revision-001/p.asice", name.encode())]
            add_files(
                vault, catalogue, name, None, VersionAddition(files=files, message="first", at=AT, entries=())
            )

    def renewed(
        days: int = 10, at: datetime = AT, profile: PreservationProfile = PROFILE, lasting: int = 90
    ) -> tuple[int, int]:
        """Return how many records were renewed, and how many packages opened."""
        opened.clear()
        asked = replace(vault, description=replace(vault.description, fixity_days=lasting))
        report = RenewalReport()
        judging = replace(terms(days, replace(profile, roots=profile.roots or tsa.roots)), at=at)
        with open_catalogue(vault.folder) as catalogue, open_judged(vault.folder) as judged:
            run = renew_vault(
                asked,
                catalogue,
                judging,
                lambda _: tsa.at(at),
                clock=lambda: at,
                report=report,
                judged=judged,
            )
            done = [one for one in run if one.action is not EvidenceAction.NONE]
        assert bool(report.unopened) is (len(opened) < len(names))
        return len(done), len(opened)

    assert renewed() == (3, 3)
    assert renewed() == (0, 3)
    assert renewed(at=AT + timedelta(days=1)) == (0, 0)
    with open_catalogue(vault.folder) as catalogue:
        add_version(
            vault, catalogue, names[1], {"revision-002/p.asice": b"2"}, message="second", at=AT, entries=()
        )
    later = AT + timedelta(days=2)
    assert renewed(at=later) == (1, 1)
    assert renewed(at=later) == (0, 1)
    # the clock is before the judgement; another root
    with pytest.raises(EvidenceClockBehind):
        renewed(at=AT - timedelta(minutes=5))
    other = replace(PROFILE, roots=(*tsa.roots, *authority("Une autre").roots))
    assert renewed(at=later, profile=other) == (0, 3)
    assert renewed(at=later, profile=other) == (0, 0)
    assert renewed(27, at=later, profile=other) == (0, 0)
    # another root again; the interval has passed
    assert renewed(at=later) == (0, 3)
    assert renewed(at=later) == (0, 0)
    assert renewed(at=later, lasting=0) == (0, 3)
    # a table that is lost, or that nobody can read
    assert renewed(at=later, profile=other) == (0, 3)
    (vault.folder / "evidence.db").write_bytes(b"rot")
    assert renewed(at=later, profile=other) == (0, 3)
    assert renewed(at=later, profile=other) == (0, 0)
    # what ends within a longer horizon
    assert renewed(31, at=later, profile=other) == (4, 3)
