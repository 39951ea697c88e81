"""Somebody who has taken over reads a store in a browser: ``archiver read`` and the page that it serves."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.opener import Browser, browsing
from tests.journeys.line import Line, contents
from tests.journeys.program import Program, ended
from tests.large import fill

MANY = 20_000
LISTED_SECONDS = 2.0
"""Seconds in which the first page of so many is there; measured: 0.2."""
FOUND_SECONDS = 2.0
"""Seconds in which a search of so many answers, however busy the machine; see ``tests/unit/search``."""
STORED = """(async () => ({
  local: localStorage.length, session: sessionStorage.length, cookies: document.cookie.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
}))()"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A program that serves, and where."""

    process: subprocess.Popen[bytes]
    link: str

    @property
    def address(self) -> str:
        """The address without the token."""
        return self.link.partition("#")[0]


@contextmanager
def reading(folder: Path, store: str) -> Iterator[Reading]:
    """Serve a store until the block ends, and end it as Ctrl-C does."""
    with Program(folder=folder).start("read", store, "--no-browser", "--idle", "300") as process:
        assert process.stdout is not None
        printed = process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:\d+/#[0-9a-f]{64}$", printed.strip())
        assert found, printed
        try:
            yield Reading(process=process, link=found[0])
        finally:
            if process.poll() is None:
                process.terminate()
            assert ended(process).status == 0


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    small_line.copy(folder, "practice.db")
    return folder


@pytest.fixture(scope="module")
def served(desk: Path) -> Iterator[Reading]:
    with reading(desk, "practice.db") as served:
        yield served


@pytest.fixture(scope="module")
def browser(served: Reading, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return the first browser."""
    with browsing(tmp_path_factory.mktemp("profile"), page=served.link) as browser:
        browser("wait", selector="#patients tbody tr")
        yield browser


def search(browser: Browser, words: str, expected: str) -> list[str]:
    browser("fill", selector="#search", value=words)
    browser("wait", selector=f"#found[data-words={json.dumps(words, ensure_ascii=False)}]")
    assert expected in browser.text("#found")
    return browser.names()


def test_the_list_is_searched_as_the_program_does(browser: Browser) -> None:
    everybody = search(browser, "", "found")
    assert len(everybody) > 4
    assert search(browser, "perri", "1 found") == ["PERRICHON Gérard"]
    assert search(browser, "née vers 1979 garnier", "1 found") == ["LEMOINE-GARNIER (Garnier) Anne-Sophie"]
    assert "PERRICHON Gérard" in search(browser, "perichon", "Nobody fits")
    assert search(browser, "?", "[nothing-to-find]") == []
    assert search(browser, "", "found") == everybody


def test_a_dossier_is_made_from_its_data_and_shown(browser: Browser, tmp_path: Path) -> None:
    search(browser, "perri", "1 found")
    browser("click", selector="#patients button.link")
    browser("wait", selector="#dossier iframe")
    assert "made from the data just now" in browser.text("#dossier")
    assert "Gérard Perrichon" in browser("frame")
    browser("click", selector="#files button[aria-label='Show Panoramique']")
    browser("wait", selector="#shown img, #shown canvas")
    browser("click", selector="#files button[aria-label^='Show DICOM/']")
    browser("wait", selector="#shown canvas")
    saved = browser("save", selector="#save-dossier", target=str(tmp_path / "whole.zip"))
    assert saved == "45.zip" and (tmp_path / "whole.zip").read_bytes()[:4] == b"PK\3\4"
    browser("click", selector="#dossier .actions button")
    browser("wait", selector="#patients")
    assert browser("evaluate", script="document.querySelector('#search').value") == "perri"
    assert [one for one in browser.faults() if "422" not in one] == [], (
        "words that say nothing are refused so"
    )


def test_the_token_leaves_the_address_and_a_reload_goes_on(browser: Browser, served: Reading) -> None:
    assert browser("evaluate", script="location.href") == served.address
    browser("reload")
    browser("wait", selector="#patients tbody tr")


def test_nothing_is_kept_in_the_browser_and_nobody_else_is_asked(browser: Browser, served: Reading) -> None:
    """The cookie is one that no script reads."""
    stored = browser("evaluate", script=STORED)
    assert stored == {"local": 0, "session": 0, "cookies": 0, "databases": 0, "caches": 0}
    reached = browser("told")["reached"]
    assert len(reached) > 5
    assert {one.startswith(served.address) for one in reached} == {True}


def test_a_second_browser_is_refused_and_the_first_goes_on(
    browser: Browser, served: Reading, tmp_path: Path
) -> None:
    with browsing(tmp_path / "profile", page=served.link) as second:
        second("wait", selector=".refused")
        assert "[session-taken]" in second.text(".refused")
        second("goto", address=served.address)
        second("wait", selector=".refused")
        assert "[token-missing]" in second.text(".refused")
        assert second("count", selector="#patients") == 0
        guess = (
            f"fetch('/session', {{headers: {{'X-Archiver-Token': '{'0' * 64}'}}}}).then((one) => one.status)"
        )
        assert second("evaluate", script=guess) == 403
        assert second("evaluate", script="fetch('/patients').then((one) => one.status)") == 403
    assert search(browser, "perri", "1 found")


@contextmanager
def foreign_page() -> Iterator[str]:
    """Yield the address of another server on this machine, to which browsers send the same cookies."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = b"<!DOCTYPE html><title>foreign</title><body></body>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


FETCHES = """(async () => {
  const tries = [];
  for (const path of ["", "patients", "session"])
    for (const options of [
      { mode: "no-cors", credentials: "include" }, { credentials: "include" },
      { credentials: "include", headers: { "X-Archiver-Key": KEY } },
    ])
      tries.push(await fetch(ADDRESS + path, options).then((one) => one.type, () => "refused"));
  const frame = document.createElement("iframe");
  frame.src = ADDRESS;
  await new Promise((resolve) => { frame.onload = frame.onerror = resolve; document.body.append(frame); });
  return tries;
})()"""


def test_a_foreign_page_in_the_same_browser_gets_nothing(desk: Path, tmp_path: Path) -> None:
    """It has the cookie, as every port of this machine; it is given even the key."""
    with (
        reading(desk, "practice.db") as ours,
        foreign_page() as address,
        browsing(tmp_path / "profile", page=ours.link) as browser,
    ):
        browser("wait", selector="#patients tbody tr")
        key = browser("evaluate", script="history.state.key")
        seen = len(browser("told")["answered"])
        browser("goto", address=address)
        script = FETCHES.replace("ADDRESS", json.dumps(ours.address)).replace("KEY", json.dumps(key))
        tries = browser("evaluate", script=script)
        assert set(tries) == {"refused"}
        browser("goto", address=f"{ours.address}patients")
        assert ["/patients", 403] in browser("told")["answered"][seen:]
        browser("goto", address=address)
        seen = len(browser("told")["answered"])
        link = f"location.assign({json.dumps(ours.address)})"
        browser("evaluate", script=f"document.body.innerHTML = '<button>x</button>';"
                f"document.querySelector('button').onclick = () => {link}; 0")  # fmt: skip
        browser("leave", selector="button")
        for _ in range(100):
            if browser("told")["answered"][seen:]:
                break
            time.sleep(0.05)
        assert browser("told")["answered"][seen:] == [["/", 403]], "a link on a foreign page"


def test_the_end_of_the_program_is_told(desk: Path, tmp_path: Path) -> None:
    with reading(desk, "practice.db") as ours, browsing(tmp_path / "profile", page=ours.link) as browser:
        browser("wait", selector="#patients tbody tr")
        before = contents(desk)
        ours.process.terminate()
        ours.process.wait(timeout=60)
        search(browser, "perri", "[server-gone]")
        assert set(contents(desk)) <= set(before)


def test_it_speaks_french_fits_a_phone_and_needs_no_mouse(desk: Path, tmp_path: Path) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    focused = "document.activeElement.id"
    with (
        reading(desk, "practice.db") as ours,
        browsing(tmp_path / "profile", page=ours.link, width=360, height=740, locale="fr-FR") as browser,
    ):
        browser("wait", selector="#patients tbody tr")
        assert "Lire des dossiers dentaires" in browser.text("h1")
        assert browser("evaluate", script=focused) == "search"
        assert browser("evaluate", script=wide) <= 0
        browser("press", keys=[*"perri"])
        search(browser, "perri", "1 trouvé")
        browser("press", keys=["Tab", "Enter"])
        browser("wait", selector="#dossier iframe")
        assert browser("evaluate", script=focused) == "dossier-title"
        assert "vient d’être faite d’après les données" in browser.text("#dossier")
        assert browser("evaluate", script=wide) <= 0
        unnamed = browser(
            "evaluate",
            script="[...document.querySelectorAll('button, input, iframe')].filter((one) => !(one.textContent.trim()"
            " || one.title || one.getAttribute('aria-label') || one.labels?.length)).length",
        )
        assert unnamed == 0


TIMED = """(async () => {
  const times = [];
  for (const words of ["Exemple", "exemple1999", "marence", "1985", "zzyzx"]) {
    const start = performance.now();
    const asked = await fetch(`/patients?words=${words}`, { headers: { "X-Archiver-Key": history.state.key } });
    await asked.json();
    times.push((performance.now() - start) / 1000);
  }
  return times;
})()"""


def test_twenty_thousand_are_listed_searched_and_leafed_through(tmp_path: Path) -> None:
    fill(tmp_path / "many.db", [[]] * MANY)
    with reading(tmp_path, "many.db") as ours, browsing(tmp_path / "profile", page=ours.link) as browser:
        browser("wait", selector="#patients tbody tr")
        assert browser.text("#found") == "1 to 200 of 20000"
        start = time.monotonic()
        browser("reload")
        browser("wait", selector="#patients tbody tr")
        assert time.monotonic() - start < LISTED_SECONDS
        assert len(browser.names()) == 200
        first = browser.names()[0]
        browser("click", selector="#rows-after")
        browser("wait", selector="#rows-before:not([disabled])")
        assert browser.text("#found") == "201 to 400 of 20000"
        assert first not in browser.names()
        times = [browser("evaluate", script=TIMED) for _ in range(5)]
        fastest = [min(each) for each in zip(*times, strict=True)]
        assert max(fastest) < FOUND_SECONDS, fastest
