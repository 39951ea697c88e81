"""OUVRIR.HTM in headless Firefox, from its file: a package, a radiograph of each encoding, a volume, a scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Desk
from tests.browser.dossier_samples import SYNTAXES, WORDS
from tests.browser.firefox import Firefox, firefox
from tests.browser.opener import PAGE

IDLE = "document.querySelector('#app').getAttribute('aria-busy') !== 'true'"
SHOWN = "document.querySelector('#shown canvas:not([hidden])')"
REFUSED = "document.querySelector('#shown .refused') || document.querySelector('#shown .said')?.textContent"

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox") / "profile", PAGE) as window:
        yield window


def give(window: Firefox, *files: Path) -> None:
    # the page that is left answers for a while
    window.run("document.body.dataset.left = ''; location.reload()")
    window.wait(
        "document.querySelector('body:not([data-left]) #files-input') && document.readyState === 'complete'"
    )
    window.give("#files-input", list(files))
    window.wait(f"document.querySelector('#given li') && {IDLE}")


def press(window: Firefox, selector: str, number: int = 0) -> None:
    window.run(f"document.querySelectorAll({selector!r})[{number}].click()")
    window.wait(IDLE)


def fill(window: Firefox, selector: str, text: str) -> None:
    window.run(
        f"const one = document.querySelector({selector!r}); one.value = {text!r};"
        "one.dispatchEvent(new Event('input', {bubbles: true}))"
    )


def test_a_package_is_judged_opened_and_shown(window: Firefox, desk: Desk) -> None:
    give(window, desk.package, desk.roots, desk.identity)
    assert "every part has the digest that was signed" in window.run("return document.body.innerText")
    press(window, "#key button[type=submit]")
    window.wait("document.querySelector('#patients button.link')")
    fill(window, "#search", "perri")
    press(window, "#patients button.link")
    window.wait("document.querySelector('#dossier iframe')")
    assert "Gérard Perrichon" in window.run("return document.querySelector('#dossier iframe').srcdoc")
    left = "return [localStorage.length, sessionStorage.length, document.cookie]"
    assert window.run(left) == [0, 0, ""]


def test_radiographs_volumes_and_scans_are_shown(window: Firefox, unit: Path) -> None:
    give(window, unit)
    fill(window, "#unit-words", WORDS)
    press(window, "#key button[type=submit]")
    window.wait("document.querySelector('#series li')")
    for name in SYNTAXES:
        press(window, f"#files button[aria-label='Show DOCUMENTS/{name}']")
        window.wait(f"{SHOWN} || {REFUSED}")
        assert window.run(f"return {REFUSED}") in {None, ""}, name
        pixels = "c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
        window.wait(f"(() => {{ const c = {SHOWN}; return new Set({pixels}).size > 3; }})()")
    for name in ("BROKEN.DCM", "LIES.DCM", "BROKEN.STL"):
        press(window, f"#files button[aria-label='Show DOCUMENTS/{name}']")
        window.wait(REFUSED)
        assert "-unreadable]" in window.run("return document.querySelector('#shown').innerText")
    press(window, "#series button")
    window.wait(f"{SHOWN} && document.querySelector('#shown button.volume')")
    press(window, "#shown button.volume")
    window.wait("document.querySelectorAll('#shown .planes canvas:not([hidden])').length === 3")
    press(window, "#files button[aria-label='Show DOCUMENTS/CUBE.STL']")
    window.wait("document.querySelector('#shown canvas.scan')")
    assert "12 triangles" in window.run("return document.querySelector('#shown').innerText")
