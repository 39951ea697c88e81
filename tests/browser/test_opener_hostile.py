"""Hostile packages in a real browser: nothing that the program refuses does the page open (``tests/vectors``)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.browser.opener import Browser, browsing
from tests.vectors.generator import (
    age,
    case,
    corpus,
    flawed_ended,
    later,
    package,
    people,
    records,
    volumes,
)
from tests.vectors.generator.chance import passphrase
from tests.vectors.test_hostile import HONEST as BY_SEVERAL

READERS = (case.PACKAGE, case.SET, case.IMPORT, case.DOSSIERS, case.UNIT)
"""Those of whole packages, sets and units; the others read parts of them, or ask only since when they exist."""
UNACCEPTED = {"signer-untrusted", "signer-unexpected", "expectation-missing"}
"""Flaws that a person finds who compares the fingerprint: they do not accept it."""
SIGNED_BY_OTHERS = {"destruction-by-an-impostor", "destruction-by-somebody-unexpected"}
"""Cases in which somebody else than the signer signs a statement: whoever compares does not accept them either."""
OPENED = {"page-mismatch"}
"""Codes of what the page shows all the same: it cannot make a dossier's page anew, and says that none was compared."""
CONTRADICT = "two revisions of one package contradict each other"
TOGETHER = 40
"""Packages that are given at once; what is not refused among others is tried alone."""
OF_OTHERS = (
    corpus.flawed_zips,
    corpus.flawed_evidence,
    corpus.flawed_dossiers,
    corpus.flawed_practices,
    corpus.flawed_pictures,
    corpus.flawed_tables,
    corpus.flawed_exports,
)
"""Families of which every case is for readers of parts: to find that out takes making them, which only a test does."""
FAMILIES = [one for one in corpus.FAMILIES if one not in OF_OTHERS]

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What became of one input: whether anything was opened, and the codes of what was refused."""

    opened: bool
    codes: tuple[str, ...]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The right key, and the root: what is refused is not refused for want of them."""
    folder = tmp_path_factory.mktemp("keys")
    (folder / "roots.pem").write_bytes(people.root().pem)
    (folder / "receiver.identity").write_text(age.identity_text(), encoding="utf-8")
    return [str(path) for path in sorted(folder.iterdir())]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


def attempt(browser: Browser, files: list[str], moment: str, **facts: Any) -> Tried:
    found = browser("attempt", files=files, moment=moment, **facts)
    texts = " ".join(found["refused"]) + str(found.get("inside", ""))
    codes = tuple(re.findall(r"\[([a-z0-9-]+)\]", texts))
    return Tried(opened=bool(found["opened"]) and not codes, codes=codes)


def renewed_evidence(*, hashed_anew: bool) -> package.Parts:
    """Return a package whose evidence was renewed: by a time-stamp, or by a chain under SHA-512."""
    parts = package.whole_parts()
    token, first = records.stamped(flawed_ended.leaves(parts))
    if hashed_anew:
        _, second = records.rehashed(list(parts.values()), [first])
        return flawed_ended.recorded(parts, [first], [second], digest=("sha256", "sha512"))
    return flawed_ended.recorded(parts, [first, records.renewed(token)[1]])


HONEST: dict[str, Callable[[], package.Parts]] = {
    **BY_SEVERAL,
    "one signature and a time-stamp": package.whole_parts,
    "no time-stamp": lambda: package.whole_parts(signing={"stamp": False}),
    "evidence that was renewed": lambda: renewed_evidence(hashed_anew=False),
    "evidence under another hash function": lambda: renewed_evidence(hashed_anew=True),
}
READ = {"a third revision", "a part of a part", "two signatures"}
"""Those of which every dossier is opened; the others show that the keyring opens."""


def test_honest_packages_of_the_generator_open(browser: Browser, keys: list[str], tmp_path: Path) -> None:
    path = tmp_path / "honest.asice"
    refused = {}
    for name, made in HONEST.items():
        path.write_bytes(later.packed(made()))
        moment = people.SIGNED.isoformat()
        tried = attempt(browser, [str(path), *keys], moment, accept=True, dossiers=name in READ)
        if tried != Tried(opened=True, codes=()):
            refused[name] = tried
    assert refused == {}


def test_evidence_says_since_when_and_what_was_not_checked(
    browser: Browser, keys: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "renewed.asice"
    path.write_bytes(later.packed(renewed_evidence(hashed_anew=True)))
    browser.give(path)
    browser("at", moment=people.SIGNED.isoformat())
    verdict = browser.text("#verdict")
    assert "says that everything here existed on" in verdict
    assert "whether its authorities can be believed, or were revoked, was not checked" in verdict
    # with the root of its authorities, once somebody says that they believe it
    attempt(browser, [str(path), *keys], people.SIGNED.isoformat(), accept=True)
    verdict = browser.text("#verdict")
    assert "Everything here existed on" in verdict
    assert "it was renewed 1 time" in verdict


def test_an_honest_set_opens(browser: Browser, keys: list[str], tmp_path: Path) -> None:
    (tmp_path / "package-set.asice").write_bytes(volumes.volume_list())
    for name, data in volumes.files().items():
        (tmp_path / name).write_bytes(data)
    files = [str(path) for path in tmp_path.iterdir()]
    tried = attempt(browser, [*files, *keys], people.SIGNED.isoformat(), accept=True)
    assert tried == Tried(opened=True, codes=())
    assert "all 2 volumes are here" in browser.text("#verdict")


@pytest.mark.parametrize("family", OF_OTHERS, ids=lambda one: one.__name__.rpartition(".")[2])
def test_a_family_that_is_not_tried_has_no_case_for_the_page(family: ModuleType) -> None:
    assert not [one for one in family.cases() if one.reader in READERS]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.__name__.rpartition(".")[2])
def test_nothing_that_the_program_refuses_is_opened(
    browser: Browser, keys: list[str], tmp_path: Path, family: ModuleType
) -> None:
    corpus.write(family, tmp_path)
    index = json.loads((tmp_path / corpus.INDEX).read_text(encoding="utf-8"))
    entries = [entry for entry in index if entry["reader"] in READERS]
    refused = refused_together(browser, tmp_path, entries)
    opened = {}
    for entry in entries:
        if entry["file"] in refused:
            continue
        words = passphrase("a") if entry["reader"] == case.UNIT else ""
        tried = attempt(
            browser,
            [*files_of(tmp_path / entry["file"], tmp_path), *keys],
            entry["at"],
            accept=entry["code"] not in UNACCEPTED and entry["case"] not in SIGNED_BY_OTHERS,
            words=words,
            dossiers=entry["unsealed"],
        )
        if tried.opened:
            opened[entry["case"]] = entry["code"]
    assert {case for case, code in opened.items() if code not in OPENED} == set()
    assert browser("told")["reached"] == []


def refused_together(browser: Browser, folder: Path, entries: list[dict[str, Any]]) -> set[str]:
    """Return the inputs that are refused before anybody is asked for a key, when many are given at once."""
    alone = [one for one in entries if "/" not in one["file"] and one["reader"] != case.UNIT]
    found = set[str]()
    for moment, group in groupby(sorted(alone, key=itemgetter("at")), key=itemgetter("at")):
        named = [one["file"] for one in group]
        for start in range(0, len(named), TOGETHER):
            given = []
            for name in named[start : start + TOGETHER]:
                path = folder / f"{name}.asice"
                path.write_bytes((folder / name).read_bytes())
                given.append(str(path))
            browser("again")
            browser("at", moment=moment)
            browser("give", files=given)
            for refusal in browser("text", selector="#verdict .refused"):
                # packages of one name contradict each other; what is wrong with each is found alone
                if CONTRADICT not in refusal:
                    found.add(re.split(r"[.:]", refusal)[0])
    return found


def files_of(path: Path, folder: Path) -> list[str]:
    """Return the input and what lies beside it, under names by which the page knows what they are."""
    if path.parent == folder:
        return [str(path)]
    listed = path.rename(path.with_name(f"{path.name}-set.asice"))
    for one in sorted(listed.parent.glob(f"{path.name}.???.ers")):
        one.rename(one.with_name(one.name.replace(path.name, listed.name, 1)))
    return [str(one) for one in sorted(path.parent.iterdir()) if one != path] or [str(listed)]
