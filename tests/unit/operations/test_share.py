"""What sharing keeps and what a reader refuses in a revision that somebody made up."""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from archiver.errors import AlreadyExists
from archiver.evidence.records import read_record
from archiver.operations.handed_over import OpenRequest, open_for_reading
from archiver.operations.keyrings import Openers, add_keyrings
from archiver.operations.share import ShareRequest, share
from archiver.package.build import PackageBuilder
from archiver.package.check import check
from archiver.package.layout import MANIFEST, evidence_members, previous_member
from archiver.package.manifest import Handover
from archiver.sealing.age import HybridIdentity, PassphraseIdentity
from archiver.sealing.errors import CommitmentMismatch, RecipientsRefused, WrongKey
from archiver.sealing.keyring import KeyringEntry, KeyringHeader
from archiver.signing.errors import CertificateEnded, SignerUntrusted
from archiver.signing.keys import SignerName, make_signer
from archiver.verdict import State
from tests.evidence import add_evidence, reader
from tests.packages import SIGNED, counted, handover, signer, trust, units
from tests.unit.evidence.life import year

MINE, THIRD = HybridIdentity(seed=b"m" * 32), HybridIdentity(seed=b"t" * 32)
WORDS = "quatre molaires et un café"
LASTING = make_signer(SignerName(name="Dr Hélène Longue"), at=SIGNED.replace(year=2030), random=counted())


def entries() -> list[KeyringEntry]:
    return [
        KeyringEntry(
            unit=unit,
            member=f"PAT{number:05}.ZIP",
            passphrase="s" * 43,
            plain_sha256="ab" * 32,
            plain_size=number,
            patient={"family": f"Dupont {number}"},
            counts={},
        )
        for number, (unit, _) in enumerate(units(), 1)
    ]


def sealed(folder: Path) -> tuple[Path, Handover]:
    """Write a package whose manifest says something that nobody knows yet."""
    path = folder / "first.asice"
    with path.open("w+b") as target:
        builder = PackageBuilder(target, package_id="urn:test:1", readme=b"LISEZ-MOI\r\n")
        builder.add_page("format/package.md", BytesIO(b"# The package\n"))
        for unit_id, data in units():
            builder.add_unit(unit_id, BytesIO(data), unknown={"later": 1})
        commitment = add_keyrings(
            builder, entries(), KeyringHeader(package="urn:test:1", nonce=b"n" * 32),
            Openers(recipients=[MINE.to_recipient()]), folder=folder, randomness=secrets.token_bytes,
        )  # fmt: skip
        facts = replace(handover(), keyring_commitment=commitment, unknown={"more": [1]})
        builder.finish(facts, signer(), at=SIGNED)
    return path, facts


def request(package: Path, **changed: object) -> ShareRequest:
    opening = OpenRequest(package=package, identities=[MINE], trust=trust(signer()))
    whole = {
        "opening": opening,
        "openers": Openers(recipients=[THIRD.to_recipient()]),
        "signer": signer("Dr Zoé Autre"),
        "target": package.with_name("second.asice"),
    }
    return ShareRequest(**{**whole, **changed})  # type: ignore[arg-type]


def run(order: ShareRequest, progress: Callable[[int], None] = lambda _: None):  # type: ignore[no-untyped-def]
    return share(order, clock=lambda: SIGNED, randomness=secrets.token_bytes, progress=progress)


def opens(package: Path, *keys: object) -> list[KeyringEntry]:
    accepted = trust(signer(), signer("Dr Zoé Autre"))
    opened = open_for_reading(OpenRequest(package=package, identities=keys, trust=accepted))  # type: ignore[arg-type]
    return list(opened.keyring.entries)


def test_everything_but_the_keyring_stays(tmp_path: Path) -> None:
    package, facts = sealed(tmp_path)
    before, steps = package.read_bytes(), []
    outcome = run(request(package), steps.append)
    assert package.read_bytes() == before and len(steps) == 3
    assert outcome.manifest.handover == facts
    assert outcome.manifest.revision == 2
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(outcome.package) as new:
        assert outcome.manifest.replaces == hashlib.sha256(old.read(MANIFEST)).hexdigest()
        listed, said = json.loads(old.read(MANIFEST)), json.loads(new.read(MANIFEST))
        assert said["units"] == listed["units"] and said["units"][0]["later"] == 1
        assert said["more"] == [1] and said["keyrings"] == ["keyring.age", "keyring-r2.age"]
        for name in ("docs/format/package.md", *(f"units/{unit}.zip" for unit, _ in units())):
            assert new.read(name) == old.read(name)
    assert opens(outcome.package, THIRD) == opens(outcome.package, MINE) == entries()


@pytest.mark.parametrize("moment", [SIGNED.replace(year=2025), SIGNED.replace(year=2037)])
@pytest.mark.parametrize("place", ["signer", "co_signer"])
def test_nobody_signs_before_their_certificate_began_or_after_it_ended(
    tmp_path: Path, moment: datetime, place: str
) -> None:
    package, _ = sealed(tmp_path)
    order = request(package, **{"signer": LASTING, place: signer("Dr Zoé Autre")})
    with pytest.raises(CertificateEnded):
        share(order, clock=lambda: moment, randomness=secrets.token_bytes)
    assert [path.name for path in tmp_path.iterdir()] == [package.name]


def test_only_replaces_and_a_passphrase_is_one_way(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    outcome = run(request(package, only=True, openers=Openers(passphrase=WORDS)))
    assert outcome.manifest.keyrings == ("keyring.age",)
    assert opens(outcome.package, PassphraseIdentity(passphrase=WORDS)) == entries()
    with pytest.raises(WrongKey):
        opens(outcome.package, MINE)


def test_revisions_follow_each_other(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    second = run(request(package)).package
    opening = OpenRequest(package=second, identities=[THIRD], trust=trust(signer("Dr Zoé Autre")))
    both = Openers(recipients=[MINE.to_recipient()], passphrase=WORDS)
    third = run(
        replace(request(package), opening=opening, target=tmp_path / "third.asice", openers=both, only=True)
    )
    assert third.manifest.revision == 3
    verdict = check(third.package, trust(signer("Dr Zoé Autre")))
    assert verdict.refusal is None and verdict.complete.state is State.PROVEN
    with zipfile.ZipFile(third.package) as archive:
        assert {previous_member(1, MANIFEST), previous_member(2, MANIFEST)} <= set(archive.namelist())
    assert opens(third.package, MINE) == entries()


def test_evidence_stays_with_the_revision_it_is_about(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    add_evidence(package)
    accepted = reader(at=year(2027))
    assert check(package, accepted).existed_at.code == "evidenced"
    opening = replace(request(package).opening, trust=accepted)
    outcome = run(request(package, opening=opening))
    both = replace(accepted, roots=(*accepted.roots, *signer("Dr Zoé Autre").roots))
    verdict = check(outcome.package, both)
    # the new manifest and signature are younger than the evidence: they start without any
    assert (verdict.existed_at.code, verdict.records) == ("no-timestamp", ())
    assert verdict.refusal is None and verdict.complete.state is State.PROVEN
    with zipfile.ZipFile(outcome.package) as new, zipfile.ZipFile(package) as old:
        for name in evidence_members(1):
            assert new.read(previous_member(1, name)) == old.read(name)
        record = read_record(new.read(previous_member(1, evidence_members(1)[1])))
        leaves = set(record.chains[0].stamps[0].lists[0])
        # what it still proves: since when every sealed unit exists
        assert {hashlib.sha256(new.read(f"units/{unit}.zip")).digest() for unit, _ in units()} <= leaves
    add_evidence(outcome.package)
    assert check(outcome.package, both).existed_at.code == "evidenced"
    assert opens(outcome.package, THIRD) == entries()


def test_refusals_leave_nothing_behind(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    stranger = replace(request(package).opening, identities=[THIRD])
    with pytest.raises(WrongKey):
        run(request(package, opening=stranger))
    with pytest.raises(SignerUntrusted):
        run(request(package, opening=replace(request(package).opening, trust=trust())))
    (tmp_path / "second.asice").write_bytes(b"mine")
    with pytest.raises(AlreadyExists):
        run(request(package))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.asice", "second.asice"]


@pytest.mark.parametrize("openers", [{}, {"passphrase": "molaire"}])
def test_who_may_not_open(openers: dict[str, str]) -> None:
    with pytest.raises(RecipientsRefused):
        Openers(**openers)  # type: ignore[arg-type]


def forged(first: Path, target: Path, **wrong: object) -> None:
    """Sign a revision whose story about itself is ``wrong`` in one point."""
    with zipfile.ZipFile(first) as old, target.open("w+b") as stream:
        earlier = old.read(MANIFEST)
        builder = PackageBuilder(stream, package_id=str(wrong.get("package", "urn:test:1")), readme=b"x")
        for unit_id, data in wrong.get("units", units()):  # type: ignore[attr-defined]
            builder.add_unit(unit_id, BytesIO(data), unknown={"later": 1})
        builder.add_keyring(BytesIO(old.read("keyring.age")))
        if "missing" not in wrong:
            builder.add_copy(previous_member(1, MANIFEST), BytesIO(earlier + wrong.get("tail", b"")))  # type: ignore[operator]
        replaces = hashlib.sha256(earlier).hexdigest()
        said = json.loads(earlier)["keyring_commitment"]
        facts = replace(handover(), keyring_commitment=str(wrong.get("commitment", said)))
        builder.finish(facts, signer(), at=SIGNED, revision=2, replaces=str(wrong.get("replaces", replaces)))


def test_an_honest_revision_passes(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    forged(package, tmp_path / "second.asice")
    assert check(tmp_path / "second.asice", trust(signer())).refusal is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"missing": True}, "member-missing"),
        ({"replaces": "00" * 32}, "lists-disagree"),
        ({"tail": b" "}, "lists-disagree"),
        ({"package": "urn:test:2"}, "lists-disagree"),
        ({"commitment": "00" * 64}, "lists-disagree"),
        ({"units": units()[:2]}, "lists-disagree"),
        ({"units": units()[::-1]}, "lists-disagree"),
    ],
)
def test_a_revision_that_changes_more_than_keyrings_is_refused(
    tmp_path: Path, wrong: dict[str, object], code: str
) -> None:
    package, _ = sealed(tmp_path)
    forged(package, tmp_path / "second.asice", **wrong)
    refusal = check(tmp_path / "second.asice", trust(signer())).refusal
    assert refusal is not None and refusal.code == code


def test_a_keyring_of_another_package_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "mixed.asice").open("w+b") as stream:
        builder = PackageBuilder(stream, package_id="urn:test:9", readme=b"x")
        for unit_id, data in units():
            builder.add_unit(unit_id, BytesIO(data))
        commitment = add_keyrings(
            builder, entries(), KeyringHeader(package="urn:test:8", nonce=b"n" * 32),
            Openers(recipients=[MINE.to_recipient()]), folder=tmp_path, randomness=secrets.token_bytes,
        )  # fmt: skip
        builder.finish(replace(handover(), keyring_commitment=commitment), signer(), at=SIGNED)
    with pytest.raises(CommitmentMismatch):
        opens(tmp_path / "mixed.asice", MINE)
