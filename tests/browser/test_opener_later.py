"""What came after a package was signed, in a real browser: revisions, evidence beside a file, revocation lists."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser.opener import Browser, browsing
from tests.vectors.generator import age, flawed_destruction, later, package, people, split, volumes

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        browser("at", moment=people.SIGNED.isoformat())
        yield browser


@pytest.fixture
def keys(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "roots.pem").write_bytes(people.root().pem)
    (folder / "receiver.identity").write_text(age.identity_text(), encoding="utf-8")
    return sorted(folder.iterdir())


def given(folder: Path, name: str, parts: package.Parts) -> Path:
    path = folder / name
    path.write_bytes(later.packed(parts))
    return path


def names(browser: Browser) -> list[str]:
    """Accept the signers, open, and return whose dossiers are listed."""
    browser("accept")
    browser("open")
    return browser.names()


def codes(browser: Browser) -> list[str]:
    return re.findall(r"\[([a-z0-9-]+)\]", browser.text("#verdict .refused"))


def test_the_newest_of_the_revisions_is_opened_and_says_whose_the_first_was(
    browser: Browser, keys: list[Path], tmp_path: Path
) -> None:
    first = package.whole_parts()
    second = later.revised(first)
    third = later.revised(second, revision=3)
    each = [given(tmp_path, f"r{number}.asice", one) for number, one in enumerate((first, third, second), 1)]
    browser.give(*each, *keys)
    opened = names(browser)
    assert len(opened) == len({*opened}) == 3
    verdict = browser.text("#verdict")
    assert (
        "This is revision 3 of the archive. Nothing in it can tell whether there is a later one." in verdict
    )
    assert verdict.count("is opened instead: r2.asice") == 2
    assert "The first revision of it was signed and dated like this:" in verdict
    assert browser.faults() == []


def test_two_revisions_that_contradict_each_other_are_refused(
    browser: Browser, keys: list[Path], tmp_path: Path
) -> None:
    """Somebody who has no key made a second one of another first, or of the same one otherwise."""
    other = package.whole_parts(manifest=lambda row: {**row, "legal_ground": "cessation"})
    fork = later.revised(manifest=lambda row: {**row, "receiver": {"name": "Autre", "identifiers": []}})
    for one in (other, fork):
        browser.give(given(tmp_path, "a.asice", later.revised()), given(tmp_path, "b.asice", one), *keys)
        assert codes(browser) == ["lists-disagree", "lists-disagree"]
        assert browser("count", selector="#key") == 0


def test_a_part_says_where_its_dossiers_came_from(browser: Browser, keys: list[Path], tmp_path: Path) -> None:
    between = split.split_off(later.revised(), labels=("a", "b"), package="urn:exemple:hostile:between")
    browser.give(given(tmp_path, "part.asice", split.split_off(between)), *keys)
    assert len(names(browser)) == 2
    verdict = browser.text("#verdict")
    assert "Its dossiers were taken, as they were, from the archive urn:exemple:hostile:between" in verdict
    assert "(revision 2)" in verdict and "The first revision of " in verdict


def test_evidence_beside_a_package_and_a_set_is_judged(
    browser: Browser, keys: list[Path], tmp_path: Path
) -> None:
    path = given(tmp_path, "p.asice", package.whole_parts())
    record = tmp_path / "p.asice.001.ers"
    record.write_bytes(volumes.beside(path.read_bytes(), neighbour=bytes(32)))
    stray = tmp_path / "another.asice.001.ers"
    stray.write_bytes(record.read_bytes())
    browser.give(path, record, stray, *keys)
    assert len(names(browser)) == 3
    assert "says that everything here existed on" in browser.text("#verdict")
    assert "another.asice.001.ers: evidence of a file that was not given" in browser.text("#given")
    record.write_bytes(volumes.beside(path.read_bytes() + b"\0"))
    browser.give(path, record, *keys)
    assert codes(browser) == ["evidence-object-missing"]
    (tmp_path / "p.asice.002.ers").write_bytes(record.read_bytes())
    browser.give(path, tmp_path / "p.asice.002.ers", *keys)
    assert codes(browser) == ["member-missing"]


def test_an_honest_set_opens_whatever_came_later(browser: Browser, keys: list[Path], tmp_path: Path) -> None:
    refused = {}
    for number, (name, (listed, beside)) in enumerate(volumes.honest_sets().items()):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / "p-set.asice").write_bytes(listed)
        for file, data in beside.items():
            (folder / file.replace("input", "p-set.asice", 1)).write_bytes(data)
        browser.give(*sorted(folder.iterdir()), *keys)
        if not names(browser):
            refused[name] = codes(browser)
    # its second signer signed no volume, and the page asks about those of the volumes alone
    assert refused == {"two signatures": ["signer-untrusted"]}


def test_revocation_lists_are_weighed_with_the_root_that_signed_them(
    browser: Browser, keys: list[Path], tmp_path: Path
) -> None:
    def package_with(*lists: bytes) -> Path:
        return given(tmp_path, "p.asice", package.whole_parts(signing={"crls": lists, "stamp": False}))

    identity, roots = keys
    browser.give(package_with(people.revocation_list()), identity)
    browser("accept")
    assert "[revocation-unusable]" in browser.text("#verdict")
    assert browser("count", selector="#key") == 0
    browser("give", files=[str(roots)])
    assert "they do not name the signer's" in browser.text("#verdict")
    assert len(names(browser)) == 3
    browser.give(package_with(people.revocation_list(people.signer())), *keys)
    browser("accept")
    assert codes(browser) == ["certificate-revoked"] and browser("count", selector="#key") == 0
    short = people.revocation_list(ends=people.SIGNED - timedelta(days=1))
    browser.give(package_with(short), *keys)
    browser("accept")
    assert codes(browser) == ["revocation-stale"] and browser("count", selector="#key") == 0


def test_a_statement_of_destruction_is_held_back_by_a_list_that_revokes_its_signer(
    browser: Browser, keys: list[Path], tmp_path: Path
) -> None:
    def destroyed_with(revocations: bytes) -> Path:
        parts = flawed_destruction.destroyed(signing={"crls": [revocations]})
        return given(tmp_path, "p.asice", parts)

    browser.give(destroyed_with(people.revocation_list()), *keys)
    assert "lawfully destroyed on" in browser.text("#verdict")
    assert len(names(browser)) == 2
    browser.give(destroyed_with(people.revocation_list(people.signer())), *keys)
    browser("accept")
    assert codes(browser) == ["certificate-revoked"] and browser("count", selector="#key") == 0


def unpack(file: Path, folder: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    file.unlink()


@pytest.mark.parametrize("named", ["p.asice", "p"])
def test_evidence_beside_a_folder_is_judged_over_the_file_that_was_unpacked(
    browser: Browser, keys: list[Path], tmp_path: Path, named: str
) -> None:
    together = tmp_path / "together"
    together.mkdir()
    statement = flawed_destruction.destroyed(later.evidenced(flawed_destruction.ended()))
    for parts, names_there in ((package.whole_parts(), 3), (statement, 2)):
        file = given(tmp_path, "file.asice", parts)
        data = file.read_bytes()
        shutil.rmtree(together / named, ignore_errors=True)
        unpack(file, together / named)
        record = together / "p.asice.001.ers"
        record.write_bytes(volumes.beside(data))
        browser.give(*keys)
        browser("folder", folder=str(together))
        assert "p.asice.001.ers: evidence beside a file" in browser.text("#given")
        browser("believe")
        assert "Everything here existed on" in browser.text("#verdict")
        assert len(names(browser)) == names_there
    # of another file nothing is known, and nothing is false; what is no record is
    record.write_bytes(volumes.beside(data + b"\0"))
    browser.give(*keys)
    browser("folder", folder=str(together))
    assert "proves nothing" in browser.text("#verdict")
    assert "[evidence-object-missing]" in browser.text("#verdict")
    assert len(names(browser)) == 2
    record.write_bytes(b"no record")
    browser.give(*keys)
    browser("folder", folder=str(together))
    assert codes(browser) == ["evidence-unreadable"]


def test_a_set_that_was_unpacked_opens_with_its_volumes_and_evidence(
    browser: Browser, keys: list[Path], tmp_path: Path
) -> None:
    together = tmp_path / "together"
    together.mkdir()
    listed, beside = volumes.honest_sets()["two records and a neighbour"]
    for file, data in beside.items():
        (together / file.replace("input", "p-set.asice", 1)).write_bytes(data)
    (tmp_path / "set").write_bytes(listed)
    unpack(tmp_path / "set", together / "p-set")
    # volumes may lie unpacked as well: each folder is a package of its own
    first = together / "p-001.asice"
    unpack(first, together / "unpacked" / first.name)
    browser.give(*keys)
    browser("folder", folder=str(together))
    browser("believe")
    assert browser.text("#verdict").count("Everything here existed on") == 2
    assert "all 2 volumes are here" in browser.text("#verdict")
    assert names(browser)
