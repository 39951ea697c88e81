"""Radiographs, pictures, volumes and scans in the real page: what the canvas shows, and what mouse and keyboard do."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.browser.dicom_samples import Array, expected_pixels
from tests.browser.dossier_samples import SYNTAXES, WORDS
from tests.browser.opener import PAGE, Browser, browsing

PATIENCE = re.compile(r"\b3e4\b")
"""Milliseconds that the worker may take, as esbuild writes them."""
CANVAS = """(async () => { const c = document.querySelector('#shown canvas'); const d = c.getContext('2d')
.getImageData(0, 0, c.width, c.height).data; return [c.width, c.height, btoa(Array.from({length: d.length / 4 * 3},
(_, n) => String.fromCharCode(d[Math.floor(n / 3) * 4 + n % 3])).join(''))]; })()"""

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@pytest.fixture(scope="module")
def browser(unit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        browser.give(unit)
        browser("fill", selector="#unit-words", value=WORDS)
        browser("open")
        browser("wait", selector="#dossier #series li")
        yield browser


def shown(browser: Browser, name: str) -> None:
    browser("click", selector=f"#files button[aria-label='Show DOCUMENTS/{name}']")
    browser("wait", selector="#shown canvas:not([hidden]), #shown .refused, #shown .said:not(:empty)")


def canvas(browser: Browser) -> Array:
    browser("settled")
    width, height, pixels = browser("evaluate", script=CANVAS)
    return np.frombuffer(base64.b64decode(pixels), "u1").reshape(height, width, 3)


def windowed(path: str) -> Array:
    """What PS3.3, C.11.2.1.2 makes of a file, in numpy: the first window of the file, else all values."""
    dataset = pydicom.dcmread(path)
    pixels = expected_pixels(Path(path)).astype(float)
    if pixels.ndim == 3:
        return pixels.astype("u1")
    values = pixels * float(dataset.get("RescaleSlope", 1)) + float(dataset.get("RescaleIntercept", 0))
    if "WindowCenter" in dataset:
        first = lambda one: float(one[0] if isinstance(one, pydicom.multival.MultiValue) else one)  # noqa: E731
        center, width = first(dataset.WindowCenter), first(dataset.WindowWidth)
    else:
        center, width = (values.min() + values.max() + 1) / 2, values.max() - values.min() + 1
    grey = np.clip((values - (center - 0.5 - (width - 1) / 2)) * 255 / max(width - 1, 1e-6), 0, 255)
    return np.repeat(np.floor(grey + 0.5).astype("u1")[..., None], 3, axis=2)


@pytest.mark.parametrize("name", SYNTAXES)
def test_the_canvas_shows_what_pydicom_reads(browser: Browser, name: str, tmp_path: Path) -> None:
    shown(browser, name)
    copy = tmp_path / name
    copy.write_bytes(Path(str(get_testdata_file(name))).read_bytes())
    found, expected = canvas(browser), windowed(str(copy))
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected.astype(int)).max() <= 1
    assert "Not for diagnosis" in browser.text("#shown")


def test_a_file_is_closed_when_another_is_opened(browser: Browser) -> None:
    browser(
        "evaluate",
        script="""(() => { const post = Worker.prototype.postMessage; window.asked = [];
        Worker.prototype.postMessage = function (one, ...rest) {
          window.asked.push(one.kind); post.call(this, one, ...rest); }; })()""",
    )
    for name in ("CT_small.dcm", "JPGExtended.dcm"):
        shown(browser, name)
    asked = browser("evaluate", script="window.asked")
    assert asked.count("image") == 2
    assert asked.count("drop") >= 1


@pytest.mark.parametrize("name", ["BROKEN.DCM", "LIES.DCM", "BROKEN.STL"])
def test_what_is_hostile_is_one_sentence(browser: Browser, name: str) -> None:
    shown(browser, name)
    browser("wait", selector="#shown .refused, #shown .said:not(:empty)")
    sentence = browser.text("#shown")
    assert "cannot be shown" in sentence
    assert "-unreadable]" in sentence
    assert browser.faults() == []


def test_mouse_and_keyboard_change_window_and_place(browser: Browser) -> None:
    shown(browser, "CT_small.dcm")
    before = canvas(browser)
    browser("focus", selector="#shown .film")
    browser("press", keys=["i"])
    assert np.array_equal(canvas(browser), 255 - before)
    browser("press", keys=["i", "ArrowUp", "ArrowUp", "ArrowRight"])
    brighter = canvas(browser)
    assert not np.array_equal(brighter, before)
    browser("press", keys=["r"])
    assert np.array_equal(canvas(browser), before)
    browser("drag", selector="#shown .film", start=[200, 200], end=[260, 150])
    assert not np.array_equal(canvas(browser), before)
    place = "getComputedStyle(document.querySelector('#shown canvas')).transform"
    fitted = browser("evaluate", script=place)
    browser("press", keys=["+"])
    assert browser("evaluate", script=place) != fitted
    browser("press", keys=["r"])
    assert browser("evaluate", script=place) == fitted


def millimetres(browser: Browser) -> str:
    return browser.text("#shown .said")


def test_a_length_is_measured_and_says_what_it_is_worth(browser: Browser) -> None:
    shown(browser, "CT_small.dcm")
    browser("click", selector="#shown .viewer button", nth=2)
    zoom = browser(
        "evaluate",
        script="new DOMMatrix(getComputedStyle(document.querySelector('#shown canvas')).transform).a",
    )
    browser("drag", selector="#shown .film", start=[300, 300], end=[300 + 40 * zoom, 300])
    # 40 pixels of 0.661468 mm
    assert millimetres(browser) == "26.5 mm, as the file states"
    browser("focus", selector="#shown .film")
    browser("press", keys=["m", "Enter", *["Shift+ArrowRight"] * 10, "Enter"])
    assert "mm, as the file states" in millimetres(browser)
    shown(browser, "SC_rgb_rle.dcm")
    browser("click", selector="#series button", nth=1)
    browser("wait", selector="#shown canvas[width='32']")
    assert "at the detector" in browser.text("#shown .small")
    shown(browser, "image_dfl.dcm")
    assert "nothing can be measured in millimetres" in browser.text("#shown .small")


def test_a_recorded_crop_turn_and_mirror_are_applied(browser: Browser) -> None:
    browser("click", selector="#series button", nth=1)
    browser("wait", selector="#shown canvas[width='32']")
    style = """(() => {
      const found = getComputedStyle(document.querySelector('#shown canvas'));
      const { a, b, c, d } = new DOMMatrix(found.transform);
      return [found.clipPath, ...[a, b, c, d].map((one) => Math.sign(Math.round(one)))];
    })()"""
    clip, *turned = browser("evaluate", script=style)
    assert clip == "inset(0px 0px 0px 16px)"
    # a quarter clockwise takes x to y and y to -x; the mirror after it takes that to x
    assert turned == [0, 1, 1, 0]
    browser("click", selector="#shown button[aria-pressed=true]:has-text('As recorded')")
    clip, *turned = browser("evaluate", script=style)
    assert (clip, turned) == ("inset(0px)", [1, 0, 0, 1])


def test_a_series_is_scrolled_and_seen_in_three_planes(browser: Browser) -> None:
    browser("click", selector="#series button", nth=0)
    browser("wait", selector="#shown canvas[width='32']")
    assert "1 of 12" in browser.text("#shown .viewer")
    browser("settled")
    browser("focus", selector="#shown .film")
    browser("press", keys=["PageDown", "PageDown"])
    browser("wait", selector="#shown .viewer:has-text('3 of 12')")
    browser("settled")
    assert canvas(browser)[4, 5, 0] == 3 * 5 + 2 * 4 + 5 * 2
    browser("click", selector="#shown button.volume")
    browser("wait", selector="#shown .planes section:nth-child(3) canvas")
    browser("wait", selector="#shown .planes section:nth-child(3) .viewer:has-text('17 of 32')")
    pixel = """((n, x, y) => document.querySelectorAll('#shown .planes canvas')[n].getContext('2d')
      .getImageData(x, y, 1, 1).data[0])"""
    assert browser("evaluate", script=f"{pixel}(0, 5, 4)") == 3 * 5 + 2 * 4 + 5 * 6
    # the head is up: the last slice is the first row
    assert browser("evaluate", script=f"{pixel}(1, 5, 0)") == 3 * 5 + 2 * 16 + 5 * 11
    assert browser("evaluate", script=f"{pixel}(2, 5, 11)") == 3 * 16 + 2 * 5
    ratio = """(() => {
      const { a, d } = new DOMMatrix(getComputedStyle(document.querySelectorAll('#shown .planes canvas')[1]).transform);
      return d / a;
    })()"""
    assert browser("evaluate", script=ratio) == pytest.approx(3, rel=1e-4)


def test_a_scan_is_turned_with_mouse_and_keyboard(browser: Browser) -> None:
    shown(browser, "CUBE.STL")
    assert "12 triangles; 10 × 10 × 10" in browser.text("#shown")
    first = canvas(browser)
    front = (first != first[0, 0]).any(axis=2).sum()
    # a face of the cube: its diagonal in space is as long as the picture is wide
    assert front == pytest.approx((720 / np.sqrt(3)) ** 2, rel=0.02)
    browser("focus", selector="#shown canvas")
    browser("press", keys=["ArrowRight"] * 6)
    aside = canvas(browser)
    assert (aside != aside[0, 0]).any(axis=2).sum() > 1.3 * front
    browser("drag", selector="#shown canvas", start=[300, 300], end=[300, 340])
    assert not np.array_equal(canvas(browser), aside)
    browser("press", keys=["r"])
    assert np.array_equal(canvas(browser), first)


def test_everything_has_a_name(browser: Browser) -> None:
    shown(browser, "CT_small.dcm")
    unnamed = browser(
        "evaluate",
        script="""[...document.querySelectorAll('button, input, select, iframe, canvas.scan, [role=application]')]
        .filter((one) => !(one.textContent.trim() || one.title || one.getAttribute('aria-label') || one.labels?.length))
        .map((one) => one.outerHTML)""",
    )
    assert json.dumps(unnamed) == "[]"
    assert browser.faults() == []


def test_without_webassembly_two_encodings_are_one_sentence(unit: Path, tmp_path: Path) -> None:
    """The page under a policy that forbids it, as a managed computer may: everything else is shown."""
    html = PAGE.read_text(encoding="utf-8")
    assert html.count(" 'wasm-unsafe-eval'") == 1
    (tmp_path / "managed.html").write_text(html.replace(" 'wasm-unsafe-eval'", ""), encoding="utf-8")
    with browsing(tmp_path / "profile", page=tmp_path / "managed.html") as browser:
        browser.give(unit)
        browser("fill", selector="#unit-words", value=WORDS)
        browser("open")
        browser("wait", selector="#dossier #files")
        for name in ("693_J2KI.dcm", "MR_small_jpeg_ls_lossless.dcm"):
            shown(browser, name)
            browser("wait", selector="#shown .said:not(:empty)")
            assert "its encoding needs WebAssembly, which this browser does not run" in browser.text("#shown")
        shown(browser, "JPGExtended.dcm")
        browser("wait", selector="#shown canvas:not([hidden])")
        assert browser.text("#shown .said") == ""


def test_what_takes_too_long_is_ended(unit: Path, tmp_path: Path) -> None:
    """The page with a worker that may take a millisecond: a picture is one sentence, and the page goes on."""
    html = PAGE.read_text(encoding="utf-8")
    start, end = html.rindex("<script>") + len("<script>"), html.rindex("</script>")
    script = html[start:end]
    assert PATIENCE.search(script)
    hasty = PATIENCE.sub("1", script)
    policy = html[:start].replace(digest_of(script), digest_of(hasty))
    assert policy != html[:start]
    (tmp_path / "hasty.html").write_text(policy + hasty + html[end:], encoding="utf-8")
    with browsing(tmp_path / "profile", page=tmp_path / "hasty.html") as browser:
        browser.give(unit)
        browser("fill", selector="#unit-words", value=WORDS)
        browser("open")
        browser("wait", selector="#dossier #files")
        shown(browser, "693_J2KI.dcm")
        assert "it takes too long to read" in browser.text("#shown")
        browser("click", selector="#shown button")
        assert browser("count", selector="#shown canvas") == 0
        assert browser.faults() == []


def digest_of(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
