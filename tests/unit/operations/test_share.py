"""What sharing keeps and what a reader refuses in a revision that somebody made up."""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from archiver.assembly.keyrings import KeyringRecipients, add_keyrings
from archiver.errors import AlreadyExists, PackageFailure
from archiver.evidence.records import read_record
from archiver.handover.errors import RevisionUnproven, SignerUnnamed
from archiver.handover.opening import OpenRequest, open_for_reading
from archiver.operations.share import ShareRequest, share
from archiver.package.build import LaterRevision, PackageBuilder
from archiver.package.checks.check_package import check
from archiver.package.checks.revision import compare_terms
from archiver.package.layout import (
    ASIC_MANIFEST,
    MANIFEST,
    SIGNATURE,
    SUMS,
    destruction_members,
    evidence_members,
    previous_member,
)
from archiver.package.manifests.manifest import Handover, Organisation, PatientsCommitment, Scope, Volume
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.package.manifests.patients import commitment_to
from archiver.package.manifests.terms import terms_of
from archiver.package.manifests.unit_table import Unit
from archiver.sealing.age import HybridIdentity, PassphraseIdentity
from archiver.sealing.errors import CommitmentMismatch, RecipientsRefused, WrongKey
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, revision_mac
from archiver.signing.errors import CertificateEnded, SignerUntrusted
from archiver.signing.keys.key_file import KeySigner, SignerName, make_signer
from archiver.signing.signatures.cades import sign_manifest
from archiver.verdict import State
from formats.digests import SHA512, Digest
from tests.destruction import LATER, TERM, accepting, keeper, reduced, statement_of
from tests.evidence import add_evidence, reader
from tests.packages import SIGNED, counted, entry, handover, header, signer, trust, units
from tests.unit.evidence.life import year

MINE, THIRD = HybridIdentity(seed=b"m" * 32), HybridIdentity(seed=b"t" * 32)
WORDS = "quatre molaires et un café"
LASTING = make_signer(SignerName(name="Dr Hélène Longue"), at=SIGNED.replace(year=2030), random=counted())


def entries(ended: date | None = None) -> list[KeyringEntry]:
    """Return the lines of three units, the last one the practice's; their term has ``ended``, or nobody can tell."""
    each = (entry(unit, number, practice=number == 3) for number, (unit, _) in enumerate(units(), 1))
    return [replace(one, destroy_from=ended) for one in each]


def sealed(folder: Path, ended: date | None = None) -> tuple[Path, Handover]:
    """Write a package whose manifest says something that nobody knows yet."""
    path = folder / "first.asice"
    with path.open("w+b") as target:
        builder = PackageBuilder(target, package_id="urn:test:1", readme=b"LISEZ-MOI\r\n")
        builder.add_page("format/package.md", BytesIO(b"# The package\n"))
        for unit_id, data in units():
            builder.add_unit(unit_id, BytesIO(data), destroy_from=ended, unknown={"later": 1})
        commitment = add_keyrings(
            builder, entries(ended), header(),
            KeyringRecipients(recipients=[MINE.to_recipient()]), folder=folder, randomness=secrets.token_bytes,
        )  # fmt: skip
        facts = replace(
            handover(),
            keyring_commitment=commitment,
            patients_commitment=commitment_to(entries(ended)),
            unknown={"more": [1]},
        )
        builder.finish(facts, signer(), at=SIGNED)
    return path, facts


def request(package: Path, **changed: object) -> ShareRequest:
    opening = OpenRequest(package=package, identities=[MINE], trust=trust(signer()))
    whole = {
        "opening": opening,
        "access": KeyringRecipients(recipients=[THIRD.to_recipient()]),
        "signer": signer("Dr Zoé Autre"),
        "target": package.with_name("second.asice"),
    }
    return ShareRequest(**{**whole, **changed})


def run(order: ShareRequest, progress: Callable[[int], None] = lambda _: None):
    return share(order, clock=lambda: SIGNED, randomness=secrets.token_bytes, progress=progress)


def opens(package: Path, *keys: object) -> list[KeyringEntry]:
    accepted = trust(signer(), signer("Dr Zoé Autre"))
    opened = open_for_reading(OpenRequest(package=package, identities=keys, trust=accepted))
    return list(opened.keyring.entries)


def test_everything_but_the_keyring_stays(tmp_path: Path) -> None:
    package, facts = sealed(tmp_path)
    before, steps = package.read_bytes(), []
    outcome = run(request(package), steps.append)
    assert package.read_bytes() == before and len(steps) == 3
    assert outcome.manifest.handover == facts
    assert outcome.manifest.revision == 2
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(outcome.package) as new:
        assert outcome.manifest.replaces == Digest.of(old.read(MANIFEST))
        listed, document = json.loads(old.read(MANIFEST)), json.loads(new.read(MANIFEST))
        assert document["units"] == listed["units"] and document["units"][0]["later"] == 1
        assert document["more"] == [1] and document["keyrings"] == ["keyring.age", "keyring-r2.age"]
        for name in ("docs/format/package.md", *(f"units/{unit}.zip" for unit, _ in units())):
            assert new.read(name) == old.read(name)
    assert opens(outcome.package, THIRD) == opens(outcome.package, MINE) == entries()


def test_what_was_destroyed_by_law_stays_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A later revision of a package out of which a unit was taken, and one of that (archive-format-1.md, 11.6)."""
    package, facts = sealed(tmp_path, TERM)
    reduced(package, statement_of(package, 0))
    gone = units()[0][0]
    reader_of = accepting(signer(), keeper(), signer("Dr Zoé Autre"))
    opening = OpenRequest(package=package, identities=[MINE], trust=reader_of)
    first = share(request(package, opening=opening), clock=lambda: LATER, randomness=secrets.token_bytes)
    assert first.destroyed == (gone,) and first.manifest.handover == facts
    again = OpenRequest(package=first.package, identities=[THIRD], trust=reader_of)
    third = tmp_path / "third.asice"
    second = share(
        request(package, opening=again, target=third), clock=lambda: LATER, randomness=secrets.token_bytes
    )
    assert second.manifest.revision == 3
    for path in (first.package, third):
        verdict = check(path, reader_of)
        assert (verdict.complete.state, verdict.complete.code) == (State.PROVEN, "member-lawfully-destroyed")
        assert verdict.intact.state is State.PROVEN
        found = open_for_reading(OpenRequest(package=path, identities=[THIRD], trust=reader_of))
        assert [one.unit for one in found.destroyed] == [gone]
        assert [one.unit for one in found.keyring.entries] == [unit for unit, _ in units()[1:]]
        with zipfile.ZipFile(package) as old, zipfile.ZipFile(path) as new:
            assert json.loads(new.read(MANIFEST))["units"] == json.loads(old.read(MANIFEST))["units"]
            assert f"units/{gone}.zip" not in new.namelist()
            for name in destruction_members(1):
                assert new.read(name) == old.read(name)
        # whoever does not accept the keeper finds the unit missing, as in the first
        strict = check(path, accepting(signer(), signer("Dr Zoé Autre")))
        assert strict.complete.state is not State.PROVEN


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
    outcome = run(request(package, only=True, access=KeyringRecipients(passphrase=WORDS)))
    assert outcome.manifest.keyrings == ("keyring.age",)
    assert opens(outcome.package, PassphraseIdentity(passphrase=WORDS)) == entries()
    with pytest.raises(WrongKey):
        opens(outcome.package, MINE)


def test_revisions_follow_each_other(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    second = run(request(package)).package
    opening = OpenRequest(package=second, identities=[THIRD], trust=trust(signer("Dr Zoé Autre")))
    both = KeyringRecipients(recipients=[MINE.to_recipient()], passphrase=WORDS)
    third = run(
        replace(request(package), opening=opening, target=tmp_path / "third.asice", access=both, only=True)
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
    # the sealed units are as old as the evidence of their first revision says
    assert verdict.origin is not None and verdict.origin.existed_at.code == "evidenced"
    assert verdict.origin.existed_at.where == previous_member(1, evidence_members(1)[1])
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
    outsider = replace(request(package).opening, identities=[THIRD])
    with pytest.raises(WrongKey):
        run(request(package, opening=outsider))
    with pytest.raises(SignerUntrusted):
        run(request(package, opening=replace(request(package).opening, trust=trust())))
    (tmp_path / "second.asice").write_bytes(b"mine")
    with pytest.raises(AlreadyExists):
        run(request(package))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.asice", "second.asice"]


@pytest.mark.parametrize("access", [{}, {"passphrase": "molaire"}])
def test_who_may_not_open(access: dict[str, str]) -> None:
    with pytest.raises(RecipientsRefused):
        KeyringRecipients(**access)


def forged(first: Path, target: Path, **wrong: Any) -> Path:
    """Sign a revision whose story about itself is ``wrong`` in one point; its MAC is right unless said."""
    with zipfile.ZipFile(first) as old, target.open("w+b") as stream:
        earlier = old.read(MANIFEST)
        facts = replace(read_manifest(earlier).handover, **wrong.get("facts", {}))
        builder = PackageBuilder(stream, package_id=str(wrong.get("package", "urn:test:1")), readme=b"x")
        for unit_id, data in wrong.get("units", units()):
            builder.add_unit(unit_id, BytesIO(data), unknown={"later": 1}, **wrong.get("term", {}))
        builder.add_keyring(BytesIO(old.read("keyring.age")))
        for name in (MANIFEST, SUMS, ASIC_MANIFEST, SIGNATURE):
            if name not in wrong.get("missing", ()):
                content = wrong.get("swapped", {}).get(name, old.read(name))
                builder.add_copy(previous_member(1, name), BytesIO(content))
        by = wrong.get("by", signer())
        mine = KeyringHeader(
            package="urn:test:1",
            nonce=b"n" * 32,
            revision=2,
            signers=(by.fingerprint,),
            terms=terms_of(facts),
        )
        later = LaterRevision(
            revision=2,
            replaces=wrong.get("replaces", Digest.of(earlier)),
            mac=str(wrong.get("mac", revision_mac(mine))),
        )
        builder.finish(facts, by, at=SIGNED, later=later)
    return target


def test_an_honest_revision_passes(tmp_path: Path) -> None:
    second = forged(sealed(tmp_path)[0], tmp_path / "second.asice")
    assert check(second, trust(signer())).refusal is None
    assert opens(second, MINE) == entries()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"missing": [ASIC_MANIFEST]}, "member-missing"),
        ({"missing": [SIGNATURE]}, "member-missing"),
        ({"replaces": Digest.of(b"another")}, "lists-disagree"),
        ({"swapped": {MANIFEST: b"{}"}}, "lists-disagree"),
        ({"package": "urn:test:2"}, "lists-disagree"),
        ({"facts": {"keyring_commitment": Digest.of(b"another", algorithm=SHA512)}}, "lists-disagree"),
        ({"facts": {"legal_ground": "cessation"}}, "lists-disagree"),
        ({"facts": {"sender": Organisation(name="Cabinet Autre")}}, "lists-disagree"),
        ({"facts": {"controller_before": Organisation(name="Cabinet Autre")}}, "lists-disagree"),
        ({"facts": {"created": SIGNED.replace(year=2027)}}, "lists-disagree"),
        ({"facts": {"scope": Scope(kind="all")}}, "lists-disagree"),
        ({"facts": {"counts": {"patients": 2}}}, "lists-disagree"),
        (
            {"facts": {"patients_commitment": PatientsCommitment(root=Digest.of(b"another"), size=2)}},
            "lists-disagree",
        ),
        ({"facts": {"volume": Volume(set_id="s", volume=1, of=2)}}, "lists-disagree"),
        ({"units": units()[::-1]}, "lists-disagree"),
        ({"term": {"destroy_from": date(2090, 1, 1)}}, "term-shortened"),
    ],
)
def test_a_revision_that_changes_more_than_it_may_is_refused(
    tmp_path: Path, wrong: dict[str, object], code: str
) -> None:
    second = forged(sealed(tmp_path)[0], tmp_path / "second.asice", **wrong)
    refusal = check(second, trust(signer())).refusal
    assert refusal is not None and refusal.code == code


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ({"destroy_from": date(2050, 1, 1)}, {"destroy_from": date(2049, 1, 1)}, "term-shortened"),
        ({"destroy_from": date(2050, 1, 1)}, {"destroy_from": date(2051, 1, 1)}, ""),
        ({"destroy_from": date(2050, 1, 1)}, {}, ""),
        ({}, {"destroy_from": date(2050, 1, 1)}, "term-shortened"),
        ({"hold": True}, {"hold": False}, "term-shortened"),
        ({"hold": False}, {"hold": True}, ""),
    ],
)
def test_a_term_may_end_later_and_never_earlier(
    before: dict[str, Any], after: dict[str, Any], code: str
) -> None:
    one, other = (
        Unit(id="a", member="m", size=1, digest=Digest.of(b"m"), **kind) for kind in (before, after)
    )
    assert [fault.code for fault in compare_terms((one,), (other,))] == ([code] if code else [])


def test_a_revision_by_somebody_who_cannot_open_it_is_refused(tmp_path: Path) -> None:
    """They can sign, and name what they replace; the nonce they do not know."""
    outsider = signer("Dr Zoé Autre")
    second = forged(sealed(tmp_path)[0], tmp_path / "second.asice", by=outsider, mac="0" * 64)
    assert check(second, trust(outsider)).refusal is None
    with pytest.raises(RevisionUnproven):
        opens(second, MINE)


def test_the_origin_of_a_later_revision_is_told(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    second = run(request(package)).package
    assert check(package, trust(signer())).origin is None
    for accepted, state in ((trust(signer(), signer("Dr Zoé Autre")), State.PROVEN),):
        origin = check(second, accepted).origin
        assert origin is not None
        assert origin.signed_by.facts["fingerprint"] == signer().fingerprint
        assert (origin.signed_by.state, origin.trusted.state) == (State.PROVEN, state)
        assert origin.existed_at.code == "no-timestamp"
    verdict = check(second, trust(signer("Dr Zoé Autre")))
    assert verdict.origin is not None
    # whom the reader does not know is told, and not held against who signs now
    assert verdict.origin.trusted.code == "signer-untrusted"
    assert verdict.refusal is None


def test_an_origin_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    package, _ = sealed(tmp_path)
    with zipfile.ZipFile(package) as old:
        listed = old.read(ASIC_MANIFEST)
    other = sign_manifest(listed + b" ", signer(), at=SIGNED)
    second = forged(package, tmp_path / "second.asice", swapped={SIGNATURE: other})
    verdict = check(second, trust(signer()))
    assert verdict.intact.code == "signature-invalid"
    assert verdict.intact.where == previous_member(1, SIGNATURE)
    assert verdict.origin is not None and verdict.origin.signed_by.state is State.REFUTED


# -- the keyring beside the manifest -------------------------------------------------------


def signed_anew(first: Path, target: Path, by: KeySigner, **facts: Any) -> Path:
    """Return the package with its public facts changed and signed anew, by somebody who cannot open it."""
    with zipfile.ZipFile(first) as old, target.open("w+b") as stream:
        builder = PackageBuilder(stream, package_id="urn:test:1", readme=b"x")
        for unit_id, data in units():
            builder.add_unit(unit_id, BytesIO(data), **facts.get("term", {}))
        builder.add_keyring(BytesIO(old.read("keyring.age")))
        handover = replace(read_manifest(old.read(MANIFEST)).handover, **facts.get("facts", {}))
        builder.finish(handover, by, at=SIGNED)
    return target


def test_who_cannot_open_a_package_cannot_sign_it_as_their_own(tmp_path: Path) -> None:
    outsider = signer("Dr Zoé Autre")
    anew = signed_anew(sealed(tmp_path)[0], tmp_path / "anew.asice", outsider)
    assert check(anew, trust(outsider)).refusal is None
    with pytest.raises(SignerUnnamed):
        opens(anew, MINE)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"facts": {"legal_ground": "cessation"}}, "terms-differ"),
        ({"facts": {"receiver": None}}, "terms-differ"),
        ({"facts": {"receiver": Organisation(name="Cabinet Autre")}}, "terms-differ"),
        ({"facts": {"sender": Organisation(name="Cabinet Autre")}}, "terms-differ"),
        ({"facts": {"controller_after": None}}, "terms-differ"),
        ({"facts": {"controller_before": Organisation(name="SELARL Exemple")}}, "terms-differ"),
        ({"term": {"hold": True}}, "terms-differ"),
        ({"term": {"destroy_from": date(2030, 1, 1)}}, "term-shortened"),
        (
            {"facts": {"patients_commitment": PatientsCommitment(root=Digest.of(b"another"), size=2)}},
            "patients-mismatch",
        ),
    ],
)
def test_other_terms_than_the_keyring_states_are_refused(
    tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    anew = signed_anew(sealed(tmp_path)[0], tmp_path / "anew.asice", signer(), **changed)
    assert check(anew, trust(signer())).refusal is None
    with pytest.raises(PackageFailure) as refusal:
        opens(anew, MINE)
    assert refusal.value.code == code


def test_a_keyring_of_another_package_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "mixed.asice").open("w+b") as stream:
        builder = PackageBuilder(stream, package_id="urn:test:9", readme=b"x")
        for unit_id, data in units():
            builder.add_unit(unit_id, BytesIO(data))
        commitment = add_keyrings(
            builder, entries(), header("urn:test:8"),
            KeyringRecipients(recipients=[MINE.to_recipient()]), folder=tmp_path, randomness=secrets.token_bytes,
        )  # fmt: skip
        builder.finish(replace(handover(), keyring_commitment=commitment), signer(), at=SIGNED)
    with pytest.raises(CommitmentMismatch):
        opens(tmp_path / "mixed.asice", MINE)
