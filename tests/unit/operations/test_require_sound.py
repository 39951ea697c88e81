"""What stays without units is proven as far as what was there: a signature that ended meanwhile is no hindrance."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.operations.vault.disposal.require_sound import require_sound
from archiver.package.checks.check_package import check
from archiver.signing.trust.anchors import Trust
from archiver.vault.disposal.errors import DestructionUnsound
from archiver.verdict import State
from tests.authorities import Practitioners
from tests.destruction import LATER, TERM, keeper, reduced, statement_of
from tests.packages import package, signer

ENDED = datetime(2029, 6, 1, tzinfo=UTC)
"""RSA with PKCS #1 v1.5 is relied on until 2029."""


@pytest.fixture(scope="module")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rsa") / "p.asice"
    path.write_bytes(package(term=TERM, by=Practitioners("CPS").rsa_signer()))
    return path


def accepting(at: datetime) -> Trust:
    return Trust(at=at, fingerprints=frozenset({keeper().fingerprint}))


def without(path: Path, folder: Path, **options: object) -> Path:
    target = folder / "reduced.asice"
    shutil.copyfile(path, target)
    return reduced(target, statement_of(target, 0), **options)  # type: ignore[arg-type]


def tried(path: Path, before: Path, at: datetime) -> None:
    require_sound(path, lambda: nullcontext(before), accepting(at), "urn:test:1")


def test_what_is_proven_needs_no_comparison(rsa: Path, tmp_path: Path) -> None:
    tried(without(rsa, tmp_path), tmp_path / "nothing", LATER)


def test_an_algorithm_of_the_depositor_that_ended_hinders_nothing(rsa: Path, tmp_path: Path) -> None:
    target = without(rsa, tmp_path)
    verdict = check(target, accepting(ENDED))
    assert {verdict.intact.state, verdict.complete.state, verdict.signed_by.state} == {State.UNKNOWN}
    tried(target, rsa, ENDED)


def test_what_was_proven_and_is_not_any_more_is_refused(rsa: Path, tmp_path: Path) -> None:
    """Nobody can tell by the file alone; by the one before everybody could."""
    before = tmp_path / "before.asice"
    before.write_bytes(package(term=TERM, by=signer()))
    with pytest.raises(DestructionUnsound):
        tried(without(rsa, tmp_path), before, ENDED)


def test_what_is_false_is_refused_whatever_it_was_before(rsa: Path, tmp_path: Path) -> None:
    target = without(rsa, tmp_path, data=b"{}")
    for at in (LATER, ENDED):
        with pytest.raises(DestructionUnsound):
            tried(target, target, at)
