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
from tests.vectors.generator import age, case, corpus, later, package, people, volumes
from tests.vectors.generator.chance import passphrase
from tests.vectors.test_hostile import modern

READERS = (case.PACKAGE, case.SET, case.IMPORT, case.DOSSIERS, case.UNIT)
"""Those of whole packages, sets and units; the others read parts of them, or ask only since when they exist."""
UNACCEPTED = {"signer-untrusted", "signer-unexpected", "expectation-missing"}
"""Flaws that a person finds who compares the fingerprint: they do not accept it."""
OPENED = {"page-mismatch"}
"""Codes of what the page shows all the same: it cannot make a dossier's page anew, and says that none was compared."""
TOGETHER = 40
"""Packages that are given at once; what is not refused among others is tried alone."""
FAMILIES = [one for one in corpus.FAMILIES if any(each.reader in READERS for each in one.cases())]

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


HONEST: dict[str, Callable[[], package.Parts]] = {
    "one signature and a time-stamp": package.whole_parts,
    "no time-stamp": lambda: package.whole_parts(signing={"stamp": False}),
    "two signatures": later.co_signed,
    "a signature by Ed25519": lambda: package.whole_parts(
        signing={"by": modern("ed25519"), "digest": "sha512"}
    ),
}
UNJUDGED: dict[str, Callable[[], package.Parts]] = {
    "a second revision": later.revised,
    "an evidence record": later.evidenced,
    "a signature by ML-DSA": lambda: package.whole_parts(signing={"by": modern("mldsa"), "digest": "sha512"}),
}
"""Honest packages that rest on what the page does not judge yet; it opens none of them, and says why."""


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_package_of_the_generator_opens(
    browser: Browser, keys: list[str], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "honest.asice"
    path.write_bytes(later.packed(HONEST[name]()))
    tried = attempt(browser, [str(path), *keys], people.SIGNED.isoformat(), accept=True, dossiers=True)
    assert tried == Tried(opened=True, codes=())


@pytest.mark.parametrize("name", UNJUDGED)
def test_what_the_page_does_not_judge_it_does_not_open(
    browser: Browser, keys: list[str], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "honest.asice"
    path.write_bytes(later.packed(UNJUDGED[name]()))
    tried = attempt(browser, [str(path), *keys], people.SIGNED.isoformat(), accept=True)
    assert not tried.opened
    assert set(tried.codes) <= {"limit-exceeded", "signature-algorithm-unknown"}


def test_an_honest_set_opens(browser: Browser, keys: list[str], tmp_path: Path) -> None:
    (tmp_path / "package-set.asice").write_bytes(volumes.volume_list())
    for name, data in volumes.files().items():
        (tmp_path / name).write_bytes(data)
    files = [str(path) for path in tmp_path.iterdir()]
    tried = attempt(browser, [*files, *keys], people.SIGNED.isoformat(), accept=True)
    assert tried == Tried(opened=True, codes=())
    assert "all 2 volumes are here" in browser.text("#verdict")


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
            accept=entry["code"] not in UNACCEPTED,
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
            titles = browser("text", selector="#verdict .refused h3")
            found |= {re.split(r"[.:]", title)[0] for title in titles}
    return found


def files_of(path: Path, folder: Path) -> list[str]:
    """Return the input and what lies beside it, under names by which the page knows what they are."""
    if path.parent == folder:
        return [str(path)]
    listed = path.rename(path.with_name(f"{path.name}-set.asice"))
    return [str(one) for one in sorted(path.parent.iterdir()) if one != path] or [str(listed)]
