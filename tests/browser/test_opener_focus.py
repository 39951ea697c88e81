"""Whoever works with the keyboard alone or listens keeps their place when the page draws something anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import WORDS, Desk
from tests.browser.dossier_samples import WORDS as UNIT_WORDS
from tests.browser.opener import Browser, browsing
from tests.browser.test_opener_work import BEFORE_THE_WORKER

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

LATE_ANSWERS = (
    "const post = self.postMessage.bind(self);"
    "self.postMessage = (one, more) => setTimeout(() => post(one, more), 'answer' in one ? 300 : 0);"
)
"""What the worker answers comes later, as on a slow computer."""
FOCUSED = "(({ id, textContent }) => id || textContent)(document.activeElement)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        browser("evaluate", script=BEFORE_THE_WORKER.format(script=LATE_ANSWERS))
        yield browser


def focused(browser: Browser) -> str:
    found: str = browser("evaluate", script=FOCUSED)
    return found


def listed_for(browser: Browser, words: str) -> None:
    """Wait until the list is the one for ``words``."""
    browser("wait", selector=f"#found[data-words='{words}']")


@pytest.fixture
def opened(browser: Browser, desk: Desk) -> Browser:
    browser.give(desk.package, desk.roots, desk.identity)
    browser("open")
    browser("focus", selector="#search")
    return browser


def test_the_focus_outlives_a_list_that_is_drawn_late(opened: Browser) -> None:
    opened("press", keys=[*"perri", "Tab"])
    listed_for(opened, "perri")
    assert focused(opened) == "PERRICHON Gérard"
    opened("press", keys=["Enter"])
    opened("wait", selector="#dossier iframe")
    assert focused(opened) == "dossier-title"
    assert "PERRICHON" in opened.text("#dossier-title")
    opened("click", selector="#dossier .actions button")


def test_what_is_not_listed_any_more_is_not_opened(opened: Browser) -> None:
    opened("press", keys=[*"perri", "Tab", "Enter"])
    listed_for(opened, "perri")
    opened("settled")
    assert opened("count", selector="#dossier") == 0
    assert focused(opened) == "PERRICHON Gérard"


def test_of_an_empty_list_the_search_has_the_focus(opened: Browser) -> None:
    opened("press", keys=[*"xyz", "Tab"])
    listed_for(opened, "xyz")
    assert focused(opened) == "search"


def test_a_row_that_stays_keeps_the_focus(opened: Browser) -> None:
    opened("press", keys=["e"])
    listed_for(opened, "e")
    *_, last = opened.names()
    opened("press", keys=["r"])  # the rows of "er" are some of those of "e"
    opened("evaluate", script="[...document.querySelectorAll('#patients button.link')].at(-1).focus()")
    assert focused(opened) == last
    listed_for(opened, "er")
    assert focused(opened) == (last if last in opened.names() else opened.names()[0])


def test_a_box_that_was_ticked_keeps_the_focus(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package)
    for count in (1, 0):
        browser("focus", selector=".signer input")
        browser("press", keys=["Space"])
        assert browser("count", selector="#key") == count
        assert focused(browser).startswith("accept-")


def test_the_language_changes_under_the_focus(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package)
    for language in ("fr", "en"):
        browser("focus", selector="button.language")
        browser("press", keys=["Enter"])
        assert browser("evaluate", script="document.documentElement.lang") == language
        assert focused(browser) == "language"


def test_beginning_anew_leaves_the_focus_at_the_choice(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package)
    browser("click", selector="#choose > button")
    assert focused(browser) == "files-input"
    browser("give", files=[str(desk.roots)])
    assert focused(browser) == "files-input"


def test_a_wrong_passphrase_leaves_the_focus_where_it_was_typed(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package, desk.roots)
    for selector in ("#passphrase", "#key button[type=submit]"):
        browser("fill", selector="#passphrase", value=WORDS + "s")
        browser("focus", selector=selector)
        before = focused(browser)
        browser("press", keys=["Enter"])
        browser("wait", selector="#said:not(:empty)")
        assert "[wrong-passphrase]" in browser.text("#said")
        assert focused(browser) == before


def test_what_is_closed_gives_the_focus_back(opened: Browser) -> None:
    opened.show("perri")
    show = "#files button[aria-label='Show Panoramique']"
    opened("click", selector=show)
    opened("wait", selector="#shown canvas")
    opened("leave", selector="#shown > p > button")
    assert opened("count", selector="#shown *") == 0
    assert (
        opened("evaluate", script="document.activeElement.getAttribute('aria-label')") == "Show Panoramique"
    )
    opened("click", selector="#dossier .actions button")


def test_a_volume_takes_the_focus_of_what_asked_for_it(unit: Path, tmp_path: Path) -> None:
    with browsing(tmp_path / "profile") as browser:
        browser.give(unit)
        browser("fill", selector="#unit-words", value=UNIT_WORDS)
        browser("open")
        browser("wait", selector="#series li")
        browser("leave", selector="#series li:first-child button")
        browser("wait", selector="#shown button.volume")
        browser("leave", selector="#shown button.volume")
        browser("wait", selector="#shown .planes section:nth-child(3)")
        assert focused(browser) == "Axial"
        assert browser.faults() == []
