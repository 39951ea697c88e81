"""Whom a person believes for time-stamps: the page answers since when a package exists as the program does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from archiver.package.checks.check_package import check
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from tests.browser.conftest import Desk
from tests.browser.opener import Browser, browsing
from tests.vectors.generator import (
    age,
    case,
    flawed_co_signatures,
    flawed_destruction,
    flawed_ended,
    flawed_evidence,
    flawed_evidence_members,
    flawed_signatures,
    flawed_tokens,
    later,
    package,
    people,
    volumes,
)
from tests.vectors.hostile_readers import TRUST

FAMILIES = (
    flawed_tokens,
    flawed_ended,
    flawed_evidence,
    flawed_evidence_members,
    flawed_destruction,
    flawed_signatures,
    flawed_co_signatures,
)
READERS = (case.PACKAGE, case.IMPORT, case.EXISTENCE)

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def roots(tmp_path: Path) -> Path:
    """The root of signers and of authorities; it certifies many, so that it vouches for no signer in the page."""
    path = tmp_path / "roots.der"
    path.write_bytes(people.root().der)
    return path


def trust(at: datetime) -> Trust:
    """Return whom the page believes: the root for time-stamps, signers by their fingerprint."""
    return Trust(at=at, roots=TRUST.roots, tsa_roots=TRUST.tsa_roots)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.__name__.rpartition(".")[2])
def test_it_says_since_when_as_the_program_does(
    browser: Browser, roots: Path, tmp_path: Path, family: ModuleType
) -> None:
    path = tmp_path / "input.asice"
    different, compared = {}, 0
    for one in family.cases():
        if one.reader not in READERS or one.beside:
            continue
        path.write_bytes(one.data)
        verdict = check(path, trust(one.at))
        found = browser("judged", moment=one.at.isoformat(), files=[str(path), str(roots)])
        if found["refused"]:
            refuted = [answer for _, answer in verdict.answers() if answer.state is not State.PROVEN]
            if not refuted:
                different[one.key] = (found["refused"], "nothing")
            continue
        compared += 1
        if (
            verdict.signed_by.state is State.REFUTED
        ):  # by what came with the signature: the page holds the package back
            if not found["held"]:
                different[one.key] = (found["held"], verdict.signed_by.code)
        elif found["existence"] != verdict.existed_at.code:
            different[one.key] = (found["existence"], verdict.existed_at.code)
    assert different == {}
    assert compared or family is flawed_evidence


LATER = datetime(2040, 6, 1, tzinfo=UTC)
"""When somebody opens what was signed in 2026."""


def brief() -> people.Person:
    """A signer whose certificate ends a year after they signed."""
    return people.person("Dr Bref", issuer=people.root(), end=people.SIGNED + timedelta(days=365))


def unstamped(**signing: object) -> package.Parts:
    return package.whole_parts(signing={"stamp": False, **signing})


SHORT = [people.revocation_list(ends=people.SIGNED + timedelta(days=7))]
AGED = {
    "a certificate that ended": (package.whole_parts(signing={"by": brief()}), "stamp-unproven"),
    "a list that is stale": (package.whole_parts(signing={"crls": SHORT}), "revocation-stale"),
    "evidence alone": (later.evidenced(unstamped(by=brief())), "certificate-ended"),
    "evidence over a stale list": (later.evidenced(unstamped(crls=SHORT)), "revocation-stale"),
}


@pytest.mark.parametrize("what", AGED)
def test_the_time_of_a_believed_time_stamp_counts_for_the_signer(
    browser: Browser, roots: Path, tmp_path: Path, what: str
) -> None:
    parts, code = AGED[what]
    path, identity = tmp_path / "p.asice", tmp_path / "receiver.identity"
    path.write_bytes(later.packed(parts))
    identity.write_text(age.identity_text(), encoding="utf-8")
    without = check(path, Trust(at=LATER, roots=TRUST.roots))
    assert (without.trusted.state, without.trusted.code) == (State.UNKNOWN, code)
    browser("again")
    browser("at", moment=LATER.isoformat())
    browser("give", files=[str(path), str(roots), str(identity)])
    browser("accept")
    assert f"[{code}]" in browser.text("#verdict .refused")
    assert browser("count", selector="#key") == 0
    assert "Choose it above" in browser.text("#stamp-roots")
    browser("believe")
    assert check(path, trust(LATER)).trusted.state is State.PROVEN
    assert browser.text("#verdict .refused") == ""
    assert "whom you believe, proves it" in browser.text("#verdict")
    browser("open")
    assert len(browser.names()) == 3
    # who takes it back has nothing proven, and no list of dossiers
    browser("focus", selector="#stamp-roots input")
    browser("press", keys=["Space"])
    browser("wait", selector="#verdict .refused")
    assert browser("evaluate", script="document.activeElement.id").startswith("believe-")
    assert browser("count", selector="#key, #patients") == 0
    assert browser.faults() == []


def test_a_time_stamp_of_a_stranger_proves_nothing(browser: Browser, tmp_path: Path) -> None:
    """A root of somebody else, called alike, leads to no authority; nor does one made for the signer alone."""
    path, other = tmp_path / "p.asice", tmp_path / "other.pem"
    path.write_bytes(later.packed(package.whole_parts(signing={"by": brief()})))
    other.write_bytes(people.person("autre racine", called="Racine Exemple", authority=True).pem)
    browser("again")
    browser("at", moment=LATER.isoformat())
    browser("give", files=[str(path), str(other)])
    browser("believe")
    browser("accept")
    assert "[stamp-unproven]" in browser.text("#verdict .refused")
    assert browser("count", selector="#key") == 0


def test_the_root_of_one_sender_is_not_offered_for_time_stamps(
    browser: Browser, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "p.asice"
    path.write_bytes(later.packed(package.whole_parts()))
    browser("again")
    browser("give", files=[str(path), str(desk.roots)])
    assert browser("count", selector="#stamp-roots") == 1
    assert browser("count", selector="#stamp-roots input") == 0


def test_a_set_is_believed_by_the_evidence_beside_it(browser: Browser, roots: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    listed = volumes.volume_list()
    (folder / "p-set.asice").write_bytes(listed)
    (folder / "p-set.asice.001.ers").write_bytes(volumes.beside(listed))
    for name, data in volumes.files().items():
        (folder / name).write_bytes(data)
    browser("again")
    browser("at", moment=people.SIGNED.isoformat())
    browser("give", files=[str(one) for one in (*sorted(folder.iterdir()), roots)])
    assert browser.text("#verdict").count("Everything here existed on") == 0
    browser("believe")
    assert browser.text("#verdict").count("Everything here existed on") == 1
