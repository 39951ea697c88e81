"""How the page reads a dossier: it decrypts what is asked for and keeps nothing, notices a file that changed meanwhile,
and forgets what was closed. In Chromium and in Firefox.
"""

from __future__ import annotations

import io
import os
import random
import secrets
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file

from archiver.sealing.age import HybridIdentity
from archiver.sealing.age.keys import identity_file
from archiver.signing.certificates.reading import write_pem
from tests.browser import memory
from tests.browser.large_packages import Content, write_volume
from tests.browser.opener import Browser, browsing
from tests.browser.pages import BROWSERS, Page, opened_in
from tests.browser.test_opener_work import BEFORE_THE_WORKER, SLOW_MEDIUM
from tests.journeys.line import once
from tests.packages import signer

MIB = 1 << 20
LARGE = 150 * MIB
"""Bytes of each of the dossiers of which memory is measured: more than everything else that a page takes."""
MOST = LARGE * 3 // 4
"""Bytes by which an open dossier may add to the memory; a page that had its plaintext took more than all of it."""
COLLECTING = 10.0
"""Seconds in which a browser has collected what nothing refers to, on a busy machine as well."""
SMALL = 24 * MIB
"""Bytes of a dossier that changes: several pieces of those by which the page reads."""
SAVE = "#files button[aria-label='Save DOCUMENTS/FILE.BIN']"


def dicom(padding: bytes) -> bytes:
    """Return a radiograph with so much padding behind it (PS3.10, 7.2)."""
    path = get_testdata_file("CT_small.dcm")
    assert isinstance(path, str)
    dataset, target = pydicom.dcmread(path), io.BytesIO()
    dataset.DataSetTrailingPadding = padding
    dataset.save_as(target)
    return target.getvalue()


PACKED = random.Random(14).randbytes(6 * MIB)
FILES = (
    ("DICOM/LARGE.DCM", dicom(PACKED)),
    ("DICOM/SMALL.DCM", dicom(b"")),
    ("DOCUMENTS/PACKED.TXT", PACKED),
    ("DOCUMENTS/ONE.PDF", b"%PDF-1.7 one"),
    ("DOCUMENTS/TWO.PDF", b"%PDF-1.7 two"),
)
ASKED = """(() => {
  const post = Worker.prototype.postMessage;
  window.asked = [];
  Worker.prototype.postMessage = function (message, given) {
    window.asked.push({ worker: this, message });
    return post.call(this, message, given);
  };
})()"""
"""Records what the page asks of its workers."""
ASK_AGAIN = """(() => {
  const { worker, message } = window.asked.findLast((one) => one.message.kind === 'range');
  worker.addEventListener('message', ({ data: { number, refusal, answer } }) => {
    if (number === 9e9) window.answered = refusal?.code ?? answer.length;
  });
  worker.postMessage({ ...message, number: 9e9 });
})()"""
"""Asks a worker once more for what the page asked of it last."""
ADDRESSES = """(() => {
  const [make, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
  window.addresses = new Set();
  URL.createObjectURL = (one) => {
    const address = make.call(URL, one);
    if (one.type !== 'text/javascript') window.addresses.add(address);
    return address;
  };
  URL.revokeObjectURL = (one) => { window.addresses.delete(one); return revoke.call(URL, one); };
})()"""
"""Knows which addresses lead to something, besides those of workers."""

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """Two packages that one key opens: one with long dossiers, and one that tests change."""

    large: Path
    small: bytes
    keys: tuple[Path, Path]


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    def make(folder: Path) -> None:
        identity = HybridIdentity.new(secrets.token_bytes)
        (folder / "receiver.identity").write_text(identity_file([identity]), encoding="utf-8")
        (folder / "roots.pem").write_text(write_pem(signer().roots), encoding="utf-8")
        long = [Content(family=name, size=LARGE) for name in ("Premier", "Second")]
        write_volume(folder / "large.asice", long, identity, None)
        write_volume(
            folder / "small.asice", [Content(family="Durand", size=SMALL, files=FILES)], identity, None
        )

    folder = once(tmp_path_factory, "opener-reading", make)
    keys = (folder / "receiver.identity", folder / "roots.pem")
    return Practice(large=folder / "large.asice", small=(folder / "small.asice").read_bytes(), keys=keys)


@pytest.fixture
def package(practice: Practice, tmp_path: Path) -> Path:
    path = tmp_path / "small.asice"
    path.write_bytes(practice.small)
    return path


@pytest.fixture(params=BROWSERS)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    with opened_in(request.param, tmp_path / "profile") as page:
        yield page


@pytest.mark.parametrize("browser", BROWSERS)
def test_memory_follows_no_dossier_that_was_opened(browser: str, practice: Practice, tmp_path: Path) -> None:
    program = memory.FIREFOX if browser == "firefox" else memory.CHROMIUM
    with memory.measured(program) as taken, opened_in(browser, tmp_path / "profile") as page:
        page.give(practice.large, *practice.keys)
        page.open()
        time.sleep(1)
        listed = min(taken[-3:])
        more = []
        for name in ("PREMIER", "SECOND"):
            began = len(taken)
            page.show(name)
            assert name in page.text("#dossier h2"), page.text("#app")
            # Firefox at its most; on a busy machine Chromium collects late what it read
            end = time.monotonic() + (0.5 if browser == "firefox" else COLLECTING)
            while time.monotonic() < end and (browser == "firefox" or over(listed, taken[-5:]) >= MOST):
                time.sleep(0.2)
            more.append(over(listed, taken[began:] if browser == "firefox" else taken[-5:]))
            page.back()
    assert max(more) < MOST, [one // MIB for one in more]


def over(before: int, taken: list[int]) -> int:
    """Return by how much the most memory that was ``taken`` is more than it was ``before``."""
    return max(taken) - before


def test_a_file_that_changes_while_its_dossier_is_open_is_refused(
    page: Page, practice: Practice, package: Path
) -> None:
    page.give(package, *practice.keys)
    page.open()
    page.show("DURAND")
    before = package.stat()
    with package.open("r+b") as stream:
        stream.seek(before.st_size // 2)
        byte = stream.read(1)
        stream.seek(before.st_size // 2)
        stream.write(bytes([byte[0] ^ 1]))
    # with another time of its last change, Chromium does not read it at all
    os.utime(package, ns=(before.st_atime_ns, before.st_mtime_ns))
    page.press(SAVE)
    page.wait("document.querySelector('#shown .refused')")
    assert "[file-changed]" in page.text("#shown .refused")
    package.unlink()
    page.press("#save-dossier")
    page.wait("document.querySelector('#shown .refused').innerText.includes('[unreadable]')")


def test_what_was_closed_or_ended_is_not_read_any_more(page: Page, practice: Practice, package: Path) -> None:
    page.run(ASKED)
    page.give(package, *practice.keys)
    page.open()
    page.show("DURAND")
    page.run(ASK_AGAIN)
    page.wait("window.answered > 0")
    page.back()
    page.run(ASK_AGAIN)
    page.wait("window.answered === 'browser-stopped'")
    page.show("DURAND")
    page.run("window.asked.at(-1).worker.dispatchEvent(new ErrorEvent('error'))")
    page.press(SAVE)
    page.wait("document.querySelector('#shown .refused').innerText.includes('[browser-stopped]')")


def test_addresses_of_what_is_not_shown_any_more_are_revoked(
    page: Page, practice: Practice, package: Path
) -> None:
    page.run(ADDRESSES)
    page.give(package, *practice.keys)
    page.open()
    page.show("DURAND")
    assert page.run("window.addresses.size") == 1, "of its page"
    for name in ("ONE", "TWO"):
        page.press(f"#files button[aria-label='Show DOCUMENTS/{name}.PDF']")
        page.wait(f"document.querySelector('#shown a')?.innerText.includes('{name}')")
        assert page.run("window.addresses.size") == 2, "of its page, and of one file"
    page.back()
    assert page.run("window.addresses.size") == 0


IN_WORKER = """(() => {
  const asked = window.asked.map((one) => one.message).filter((one) => one.file !== undefined);
  const gone = new Set(asked.filter((one) => one.kind === 'drop').map((one) => one.file));
  return asked.filter((one) => one.kind === 'image' && !gone.has(one.file)).length;
})()"""
"""Counts the radiographs that the worker which reads them has open."""


def test_a_radiograph_is_forgotten_when_it_is_closed_or_its_dossier(
    page: Page, practice: Practice, package: Path
) -> None:
    small = "#files button[aria-label='Show DICOM/SMALL.DCM']"
    page.run(ASKED)
    page.give(package, *practice.keys)
    page.open()
    page.show("DURAND")
    page.press(small)
    page.wait("document.querySelector('#shown canvas')")
    assert page.run(IN_WORKER) == 1
    page.run("[...document.querySelectorAll('#shown > p button')].at(-1).click()")
    page.wait(f"{IN_WORKER} === 0")
    page.press(small)
    page.wait("document.querySelector('#shown canvas')")
    page.back()
    page.wait(f"{IN_WORKER} === 0")


def test_a_radiograph_that_comes_late_closes_none_that_was_asked_for_after_it(
    page: Page, practice: Practice, package: Path
) -> None:
    page.run(ASKED)
    page.give(package, *practice.keys)
    page.open()
    page.show("DURAND")
    page.run(
        "['LARGE', 'SMALL'].forEach((name) =>"
        " document.querySelector(`#files button[aria-label='Show DICOM/${name}.DCM']`).click())"
    )
    page.wait("document.querySelector('#shown canvas')")
    time.sleep(2)
    assert "SMALL" in page.text("#shown h4")
    assert page.run("window.asked.filter((one) => one.message.kind === 'image').length") == 1
    assert page.run(IN_WORKER) == 1


def test_text_that_is_dropped_closes_nothing(page: Page, practice: Practice, package: Path) -> None:
    page.give(package, *practice.keys)
    page.open()
    page.show("DURAND")
    page.run("void document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true }))")
    time.sleep(1)
    assert "DURAND" in page.text("#dossier h2")
    page.back()


def open_dossier(browser: Browser, package: Path, practice: Practice) -> None:
    browser.give(package, *practice.keys)
    browser("open")
    browser.show("durand")


def test_what_is_saved_is_what_was_sealed(practice: Practice, package: Path, tmp_path: Path) -> None:
    """Files that lie over several pieces, at odd places; and all of it."""
    whole, packed, stored = (tmp_path / name for name in ("whole.zip", "packed", "stored"))
    with browsing(tmp_path / "profile") as browser:
        open_dossier(browser, package, practice)
        assert browser("save", selector="#save-dossier", target=str(whole)) == "PAT00001.ZIP"
        browser("save", selector=SAVE.replace("FILE.BIN", "PACKED.TXT"), target=str(packed))
        browser("save", selector=SAVE, target=str(stored))
        assert browser.faults() == []
    assert packed.read_bytes() == PACKED
    with zipfile.ZipFile(whole) as archive:
        assert archive.testzip() is None
        assert stored.read_bytes() == archive.read("DOCUMENTS/FILE.BIN")
    assert stored.stat().st_size == SMALL


def test_saving_a_dossier_is_stopped(practice: Practice, package: Path, tmp_path: Path) -> None:
    with browsing(tmp_path / "profile") as browser:
        browser("evaluate", script=BEFORE_THE_WORKER.format(script=SLOW_MEDIUM))
        open_dossier(browser, package, practice)
        browser("begin", selector="#save-dossier")
        browser("wait", selector="#stop:focus")
        browser("click", selector="#stop")
        assert "[stopped]" in browser.text("#shown .refused")
        assert browser("evaluate", script="document.activeElement.id") == "save-dossier"
        assert browser.faults() == []
