"""Where the page works: in a worker, with what it reads and hashes there, how far it is, and how to stop it."""

from __future__ import annotations

import hashlib
import random
import shutil
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from tests.browser.conftest import Desk
from tests.browser.opener import browsing
from tests.browser.readers import Readers, reading
from tests.vectors.generator import later, package, people, records

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

BEFORE_THE_WORKER = """(() => {{
  const make = URL.createObjectURL;
  const before = (one) => new Blob([{script!r}, one], {{ type: one.type }});
  URL.createObjectURL = (one) => make.call(URL, one.type === 'text/javascript' ? before(one) : one);
}})()"""
"""Puts a script before that of the worker."""
SLOW_MEDIUM = (
    "const read = Blob.prototype.arrayBuffer; Blob.prototype.arrayBuffer = async function () "
    "{ await new Promise((done) => setTimeout(done, 500)); return read.call(this); };"
)
STAMPS = 60
SLOW_VERIFYING = (
    "const verify = crypto.subtle.verify; crypto.subtle.verify = async function (...facts) "
    "{ await new Promise((done) => setTimeout(done, 500)); return verify.apply(this, facts); };"
)
"""Half a second for each signature: all time-stamps take half a minute."""
SPACE = 'xmlns="u:a"'
DOCUMENTS = [
    "<a/>",
    f'<a {SPACE}><b x="1"/></a>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a/>\n',
    '<a xmlns:p="u"><p:b p:x="1"/></a>',
    "<a>&lt;&#65;&#x41;</a>",
    '<a x="a\tb\nc"/>',
    "<a>></a>",
    "<a></a >",
    "<é/>",
    f"<a {SPACE} {SPACE}/>",
    '<a x="1" x="2"/>',
    '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>',
    '<a x="<"/>',
    '<a x="&"/>',
    "<a>&</a>",
    "<a>&amp</a>",
    "<a>&foo;</a>",
    "<a>&#0;</a>",
    "<a>&#x1;</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a>\x01</a>",
    '<a x="\x01"/>',
    "<a>\ufffe</a>",
    "<a>]]></a>",
    "<p:a/>",
    '<a p:x="1"/>',
    "<a></b>",
    "<a><b></a></b>",
    "<a>",
    "<a/><b/>",
    "<a/>x",
    "x<a/>",
    "<a x=1/>",
    "<a x/>",
    '<a x="1"y="2"/>',
    "< a/>",
    "<a / >",
    "<1a/>",
    "<-a/>",
    '<a xmlns:p=""/>',
    '<a xmlns:xml="u"/>',
    '<a xmlns:xmlns="u"/>',
    '<a></a x="1">',
    '<a\u00a0x="1"/>',
    "",
]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    with reading(tmp_path_factory.mktemp("readers")) as readers:
        yield readers


def below_the_root(document: str) -> list[str] | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(document.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    return [etree.QName(one).localname + (one.text or "") for one in [*root, root]]


def test_signed_lists_are_read_as_strictly_as_by_lxml(readers: Readers, tmp_path: Path) -> None:
    malformed = 0
    for document in DOCUMENTS:
        path = tmp_path / "document.xml"
        path.write_text(document, encoding="utf-8", newline="")
        answer = readers("xml", path)
        found = answer["found"] and [one["name"] + one["text"] for one in answer["found"]]
        assert found == below_the_root(document), document
        malformed += found is None
    assert malformed >= 30


@pytest.mark.parametrize("kind", ["webassembly", "plain"])
def test_a_long_part_has_the_digests_of_hashlib(readers: Readers, tmp_path: Path, kind: str) -> None:
    data = random.Random(5).randbytes(1 << 20) * 33 + b"end"  # longer than what the browser hashes at once
    path = tmp_path / "long"
    path.write_bytes(data)
    answer = readers("hash", path, kind)
    assert answer["sha256"] == hashlib.sha256(data).hexdigest()
    assert answer["sha512"] == hashlib.sha512(data).hexdigest()
    assert answer["crc"] == zlib.crc32(data)


def test_judging_says_how_far_it_is_and_is_stopped(desk: Desk, tmp_path: Path) -> None:
    with browsing(tmp_path / "profile") as browser:
        browser("evaluate", script=BEFORE_THE_WORKER.format(script=SLOW_MEDIUM))
        browser("begin", files=[str(desk.package), str(desk.roots)])
        browser("wait", selector="#stop:focus")
        assert "Checking package.asice" in browser.text("#working")
        assert browser("evaluate", script="document.querySelector('main').inert") is True
        browser("wait", selector="#working progress:not([hidden])")
        browser("click", selector="#stop")
        assert "You stopped this. Nothing of it was taken." in browser.text("#given")
        assert "roots.pem" in browser.text("#given"), "what was read is there"
        assert "package.asice" not in browser.text("#given")
        assert not browser("count", selector="#verdict, #key, #working")
        assert browser.faults() == []


def test_what_is_stopped_leaves_what_was_judged_before(desk: Desk, tmp_path: Path) -> None:
    again, record = tmp_path / "again.asice", tmp_path / f"{desk.package.name}.001.ers"
    shutil.copyfile(desk.package, again)
    record.write_bytes(b"no record")
    with browsing(tmp_path / "profile") as browser:
        browser("evaluate", script=BEFORE_THE_WORKER.format(script=SLOW_MEDIUM))
        browser.give(desk.package, desk.roots)
        before = [browser.text(selector) for selector in ("#verdict", "#given")]
        browser("begin", files=[str(again), str(record)])
        browser("wait", selector="#working progress:not([hidden])")
        browser("click", selector="#stop")
        assert browser.text("#verdict") == before[0]
        assert browser.text("#given") == f"{before[1]}\nYou stopped this. Nothing of it was taken. [stopped]"
        assert browser("count", selector="#key")
        assert browser.faults() == []


def test_a_browser_without_webassembly_opens_it_as_well(desk: Desk, tmp_path: Path) -> None:
    with browsing(tmp_path / "profile") as browser:
        browser("evaluate", script=BEFORE_THE_WORKER.format(script="delete self.WebAssembly;"))
        browser.give(desk.package, desk.roots, desk.identity)
        browser("open")
        browser.show(browser.names()[0])
        assert browser("count", selector="#files tbody tr")
        assert browser.faults() == []


def test_an_opening_that_is_stopped_leaves_the_list(desk: Desk, tmp_path: Path) -> None:
    with browsing(tmp_path / "profile") as browser:
        browser("evaluate", script=BEFORE_THE_WORKER.format(script=SLOW_MEDIUM))
        browser.give(desk.package, desk.roots, desk.identity)
        browser("open")
        names = browser.names()
        browser("begin", selector="#patients button.link")
        browser("wait", selector="#stop:focus")
        browser("click", selector="#stop")
        assert "You stopped this" in browser.text("#patients .refused")
        assert browser.names() == names
        assert browser("evaluate", script="document.activeElement.textContent") == names[0]


def renewals(digests: list[bytes], count: int) -> bytes:
    """Return an evidence record that was renewed again and again: a chain of ``count`` time-stamps."""
    token, stamp = records.stamped(digests, at=people.SIGNED)
    tokens, stamps = [token], [stamp]
    for number in range(1, count):
        token, stamp = records.renewed(*tokens, at=people.SIGNED + timedelta(days=number))
        tokens.append(token)
        stamps.append(stamp)
    return records.record(stamps)


def test_judging_many_time_stamps_is_stopped(tmp_path: Path) -> None:
    path, record = tmp_path / "p.asice", tmp_path / "p.asice.001.ers"
    path.write_bytes(later.packed(package.whole_parts()))
    record.write_bytes(renewals([hashlib.sha256(path.read_bytes()).digest()], STAMPS))
    with browsing(tmp_path / "profile") as browser:
        browser("at", moment=(people.SIGNED + timedelta(days=STAMPS)).isoformat())
        browser("evaluate", script=BEFORE_THE_WORKER.format(script=SLOW_VERIFYING))
        browser("begin", files=[str(path), str(record)])
        browser("wait", selector="#working progress:not([hidden])")
        time.sleep(3)
        began = time.monotonic()
        browser("click", selector="#stop")
        assert time.monotonic() - began < STAMPS / 2 / 3
        assert "You stopped this. Nothing of it was taken." in browser.text("#given")
        assert browser.faults() == []
