"""OUVRIR.HTM in headless Firefox, from its file: a package, a radiograph of each encoding, a volume, a scan; whom a
person believes for time-stamps, and where the focus goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Desk
from tests.browser.dossier_samples import SYNTAXES, WORDS
from tests.browser.firefox import Firefox, firefox
from tests.browser.opener import PAGE
from tests.browser.test_opener_trust import AGED, LATER
from tests.vectors.generator import age, later, people

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


def test_the_time_of_a_believed_time_stamp_counts_for_the_signer(window: Firefox, tmp_path: Path) -> None:
    parts, code = AGED["a certificate that ended"]
    paths = [tmp_path / name for name in ("p.asice", "roots.der", "receiver.identity")]
    contents = (later.packed(parts), people.root().der, age.identity_text().encode())
    for path, data in zip(paths, contents, strict=True):
        path.write_bytes(data)
    give(window, paths[1])
    window.run(f"window.Date.now = () => {LATER.timestamp() * 1000}")
    window.give("#files-input", [paths[0], paths[2]])
    window.wait(f"document.querySelector('#verdict') && {IDLE}")
    press(window, ".signer:not(#stamp-roots) input")
    refused = "document.querySelector('#verdict .refused')?.innerText ?? ''"
    assert f"[{code}]" in window.run(f"return {refused}")
    assert window.run("return document.querySelector('#key')") is None
    press(window, "#stamp-roots input")
    window.wait(f"!({refused}) && document.querySelector('#key')")
    assert "whom you believe, proves it" in window.run("return document.querySelector('#verdict').innerText")
    press(window, "#key button[type=submit]")
    window.wait("document.querySelectorAll('#patients button.link').length === 3")


def test_the_focus_stays_where_something_is_drawn_anew(window: Firefox, desk: Desk) -> None:
    def press_with_keys(selector: str) -> None:
        window.run(f"const one = document.querySelector({selector!r}); one.focus(); one.click()")
        window.wait(IDLE)

    focused = "return (({ id, textContent }) => id || textContent)(document.activeElement)"
    give(window, desk.package, desk.roots, desk.identity)
    for language in ("fr", "en"):
        press_with_keys("button.language")
        assert window.run("return document.documentElement.lang") == language
        assert window.run(focused) == "language"
    press_with_keys("#key button[type=submit]")
    window.wait("document.activeElement.id === 'patients-title'")
    fill(window, "#search", "perri")
    window.wait("document.querySelector('#found[data-words=perri]')")
    press_with_keys("#patients button.link")
    window.wait("document.querySelector('#dossier iframe') && document.activeElement.id === 'dossier-title'")
    show = "#files button[aria-label='Show Panoramique']"
    press_with_keys(show)
    window.wait(SHOWN)
    press_with_keys("#shown > p > button")
    assert window.run(f"return document.activeElement === document.querySelector({show!r})")
    press_with_keys("#dossier .actions button")
    assert window.run(focused) == "search"
