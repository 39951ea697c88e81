"""Hostile sets are imported and hostile packages shared: nothing is written but where one asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from archiver.assembly.keyrings import KeyringRecipients
from archiver.cli.main import status
from archiver.handover.opening import OpenRequest
from archiver.operations.share import ShareRequest, share
from archiver.practice.store import open_store
from formats.errors import Failure
from tests.packages import signer
from tests.vectors.generator import age, case, corpus, people, volumes
from tests.vectors.generator.case import Case
from tests.vectors.hostile_readers import IDENTITIES, TRUST, importing
from tests.vectors.watch import Watch, watching

OF_SETS = (
    corpus.flawed_sets,
    corpus.flawed_set_signatures,
    corpus.flawed_set_lists,
    corpus.flawed_volumes,
    corpus.flawed_set_evidence,
)
OF_PACKAGES = (corpus.flawed_names, corpus.flawed_containers, corpus.flawed_lists, corpus.flawed_revisions)
EVERY = 12
"""One case in so many: each is read with its code expected elsewhere."""


def some(*families: ModuleType) -> Iterator[Case]:
    """Yield a few cases whose names lead elsewhere, and one in twelve of the others that are refused."""
    cases = [one for family in families for one in family.cases() if one.reader != case.EXISTENCE]
    walking = [one for one in cases if one.family == "traversal"]
    yield from walking[::2]
    yield from [one for one in cases if one not in walking][::EVERY]


def pem(certificate: bytes) -> bytes:
    """Return the DER ``certificate`` in PEM."""
    return load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key, the accepted root, a folder to read from and one to write into."""
    folder = tmp_path_factory.mktemp("sets")
    own = (pem(root) for root in signer().roots)
    (folder / "roots.pem").write_bytes(b"".join((people.root().pem, *own)))
    (folder / "me.identity").write_text(age.identity_text() + "\n", encoding="utf-8")
    (folder / "from").mkdir()
    (folder / "target").mkdir()
    return folder


def laid_down(place: Path, one: Case) -> Path:
    """Lay the files of ``one`` where hostile input lies, and return what is to be opened."""
    for old in (place / "from").iterdir():
        old.unlink()
    for name, data in {**one.beside, corpus.INPUT: one.data}.items():
        (place / "from" / name).write_bytes(data)
    return place / "from" / corpus.INPUT


def imported(place: Path, path: Path) -> tuple[int, Watch]:
    """Import what lies at ``path`` as the program does."""
    options = [
        "--identity",
        str(place / "me.identity"),
        "--roots",
        str(place / "roots.pem"),
        "--expect",
        "Dr Anne Exemple",
    ]
    options += ["--into", str(place / "target" / "practice"), "--at", "2026-03-01T12:00:00", "--json"]
    with watching() as watch:
        return status(["import", str(path), *options]), watch


def shared(place: Path, path: Path) -> tuple[Failure | None, Watch]:
    """Make a revision of what lies at ``path``; return why not."""
    order = ShareRequest(
        opening=OpenRequest(package=path, identities=IDENTITIES, trust=TRUST),
        access=KeyringRecipients(recipients=[IDENTITIES[0].to_recipient()]),
        signer=signer(),
        target=place / "target" / "shared.asice",
    )
    with watching() as watch:
        try:
            share(order, clock=lambda: people.SIGNED, randomness=bytes)
        except Failure as failure:
            return failure, watch
    return None, watch


def outside(place: Path, watch: Watch) -> list[str]:
    """Return what was written elsewhere than asked for."""
    return [one for one in watch.written if not one.startswith(str(place / "target"))]


def test_an_import_of_hostile_sets_writes_nothing(place: Path) -> None:
    read = 0
    with open_store(place / "target" / "practice", create=True) as store:
        for one in some(*OF_SETS):
            path = laid_down(place, one)
            with watching() as watch, pytest.raises(Failure):
                importing(store)(path)
            assert outside(place, watch) == [] and watch.reached == [], one.key
            assert bool(watch.decrypted) == one.opened, one.key
            read += 1
        assert list(store.patients()) == []
    assert read >= 30


def test_what_is_shared_of_hostile_packages_is_nothing(place: Path) -> None:
    read = 0
    for one in (*some(*OF_PACKAGES), *some(corpus.flawed_sets)):
        if one.reader not in {case.PACKAGE, case.SET, case.IMPORT}:
            continue
        failure, watch = shared(place, laid_down(place, one))
        assert failure is not None, one.key
        assert outside(place, watch) == [] and watch.reached == [], one.key
        assert [*(place / "target").glob("shared*")] == []
        read += 1
    assert read >= 30


def test_one_volume_of_a_set_is_shared_where_one_asked_for_it(place: Path) -> None:
    honest = Case(
        family="set",
        name="honest",
        wrong="",
        reader=case.SET,
        code="",
        data=volumes.volume_list(),
        beside=volumes.files(),
    )
    path = laid_down(place, honest)
    failure, watch = shared(place, path.with_name(volumes.FILES[1]))
    assert failure is None and outside(place, watch) == []
    (place / "target" / "shared.asice").replace(path.with_name(volumes.FILES[1]))
    code, watch = imported(place, path)
    assert code == 0 and outside(place, watch) == []
