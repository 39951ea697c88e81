"""What a reader knows of revocations, from openssl, beside what came with a signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archiver.package.checks.check_package import check
from archiver.signing.revocation.sources import NO_SOURCES, Sources, read_sources
from archiver.signing.revocation.supplied import SuppliedSources
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.trust.anchors import Trust
from archiver.verdict import State
from tests.authorities import Practitioners, der, practitioners
from tests.evidence import add_evidence, reader
from tests.openssl_ca import Publisher
from tests.packages import SIGNED, package
from tests.tsa import authority
from tests.unit.evidence.life import first, year

DATA = b"<the list/>"
DAY = timedelta(days=1)
STAMPED = SIGNED + timedelta(minutes=5)
LATE = SIGNED + 30 * DAY
Supply = Callable[..., SuppliedSources]


@pytest.fixture
def supply(tmp_path: Path) -> Supply:
    """Return what makes the sources that a reader has read from files."""

    def make(
        kind: str, *, revoked: datetime | None = None, at: datetime = LATE, days: int = 7,
        by: Practitioners | None = None,
    ) -> SuppliedSources:  # fmt: skip
        signer = practitioners().signer().certificate
        publisher = Publisher(tmp_path / f"{kind}-{len(list(tmp_path.iterdir()))}",
                              by or practitioners(), signer, revoked)  # fmt: skip
        if kind == "crl":
            path = publisher.revocations(at, at + days * DAY)
            sources = read_sources([path], [])
        else:
            path = publisher.response(at, days)
            sources = read_sources([], [path])
        (source,) = (*sources.lists, *sources.responses)
        return SuppliedSources(sources=sources, files={source: path.name})

    return make


def asked(
    known: SuppliedSources, *, stamp: bool = True, at: datetime = LATE + DAY, sources: Sources = NO_SOURCES
) -> SignatureAnswers:
    stamper = authority("Horodatage Exemple", 2026, 2100)
    stamping = stamper.at(STAMPED) if stamp else None
    signature = sign_manifest(DATA, practitioners().signer(), at=SIGNED, stamp=stamping, sources=sources)
    trust = Trust(at=at, roots=(der(practitioners().root),), tsa_roots=stamper.roots, supplied=known)
    return answer_signature(signature, DATA, trust, where="s")


def ignored(known: SuppliedSources) -> list[tuple[str, str]]:
    return [(one.where, str(one.facts["reason"])) for one in known.ignored()]


KINDS = pytest.mark.parametrize("kind", ["crl", "ocsp"])


@KINDS
@pytest.mark.parametrize("stamp", [True, False])
def test_revoked_before_it_was_signed(supply: Supply, kind: str, stamp: bool) -> None:
    known = supply(kind, revoked=SIGNED - DAY)
    trusted = asked(known, stamp=stamp).trusted
    assert (trusted.state, trusted.code) == (State.UNKNOWN, "certificate-revoked")
    assert trusted.facts["moment"] == (SIGNED - DAY).replace(microsecond=0).isoformat()
    assert ignored(known) == []


@KINDS
def test_revoked_after_it_provably_existed(supply: Supply, kind: str) -> None:
    known = supply(kind, revoked=SIGNED + DAY)
    assert asked(known).trusted.code == "accepted-named"
    # nothing proves that it was signed before
    assert asked(known, stamp=False).trusted.code == "certificate-revoked"
    assert ignored(known) == []


@KINDS
def test_a_good_answer_is_heeded(supply: Supply, kind: str) -> None:
    known = supply(kind)
    assert asked(known, stamp=False).trusted.code == "accepted-named"
    assert ignored(known) == []
    # it speaks for the moment at which what was enclosed had nothing to say any more
    enclosed = Sources(lists=(practitioners().revocations(at=SIGNED),))
    assert asked(SuppliedSources(), stamp=False, sources=enclosed).trusted.code == "revocation-stale"
    assert asked(supply(kind), stamp=False, sources=enclosed).trusted.code == "accepted-named"


@KINDS
def test_a_stale_one_is_left_aside_and_said(supply: Supply, kind: str) -> None:
    known = supply(kind, at=SIGNED - 9 * DAY, days=2)
    assert asked(known, stamp=False).trusted.code == "accepted-named"
    ((name, reason),) = ignored(known)
    assert name in {"list.pem", "response.der"} and reason == "it ends before the moment that counts"
    # however old, what was revoked stays revoked
    assert asked(supply(kind, at=SIGNED - 9 * DAY, days=2, revoked=SIGNED - 10 * DAY)).trusted.code == (
        "certificate-revoked"
    )


@KINDS
def test_a_foreign_one_is_left_aside_and_said(supply: Supply, kind: str) -> None:
    namesake = Practitioners("Autorité des praticiens")
    known = supply(kind, revoked=SIGNED - DAY, by=namesake)
    assert asked(known).trusted.code == "accepted-named"
    assert ignored(known)[0][1] == "no authority of these certificates signed it"
    other = SuppliedSources(sources=Sources(lists=(practitioners("Autre").revocations(at=LATE),)))
    assert asked(other).trusted.code == "accepted-named"
    assert ignored(other) == [("", "it speaks of none of the certificates here")]


def test_the_authority_of_a_time_stamp_is_judged_as_well() -> None:
    stamper = authority("Horodatage Exemple", 2026, 2100)
    known = SuppliedSources(sources=Sources(lists=(stamper.revocations(SIGNED + DAY),)))
    answers = asked(known)
    assert (answers.existed_at.code, answers.trusted.code) == (
        "timestamp-authority-revoked",
        "accepted-named",
    )
    assert ignored(known) == []


@pytest.mark.parametrize("reason", ["", "keyCompromise", "superseded"])
def test_the_authority_of_evidence_is_judged_by_answers_too(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "package.asice"
    path.write_bytes(package())
    add_evidence(path)
    leaf = der(first().leaf)
    publisher = Publisher(tmp_path / "ocsp", first(), leaf, year(2027), reason=reason)
    sources = read_sources([], [publisher.response(year(2027), 7)])
    known = SuppliedSources(sources=sources)
    trust = replace(reader(at=year(2028)), supplied=known)
    verdict = check(path, trust)
    # what only went out of use leaves what is older alone
    assert verdict.existed_at.code == (
        "evidenced" if reason == "superseded" else "evidence-authority-revoked"
    )
    assert ignored(known) == []
    assert check(path, replace(trust, at=year(2026, 12))).proven


def test_the_authority_of_evidence_is_judged_as_well(tmp_path: Path) -> None:
    path = tmp_path / "package.asice"
    path.write_bytes(package())
    add_evidence(path)
    known = SuppliedSources(sources=Sources(lists=(first().revocations(year(2027)),)))
    trust = replace(reader(at=year(2028)), supplied=known)
    assert check(path, trust).existed_at.code == "evidence-authority-revoked"
    assert ignored(known) == []
    assert check(path, replace(trust, at=year(2026, 12))).proven
