"""Somebody has a package and a browser: OUVRIR.HTM judges, opens, shows, and keeps nothing."""

from __future__ import annotations

import io
import json
import re
import secrets
import socketserver
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.handover.opening import OpenRequest, open_for_reading
from archiver.opener import opener_page
from archiver.sealing.age import HybridIdentity, PassphraseRecipient, encrypt, read_identities
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.recovery.recovery_set import split_identity
from archiver.sealing.unsealing import unseal
from archiver.signing.certificates.reading import read_roots
from archiver.signing.trust.anchors import Trust
from tests.browser.conftest import WORDS, Desk
from tests.browser.opener import OPENER, Browser, browsing
from tests.journeys.program import Program

PEOPLE = {
    "LEMOINE-GARNIER (Garnier) Anne-Sophie",
    "O'SHAUGHNESSY Maeve",
    "PERRICHON Gérard",
    "MAILLET Pauline",
}
MAX_BYTES = 1_200_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def entries(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, KeyringEntry]:
    """The lines of the keyring by family name; that of the practice by nothing."""
    roots = read_roots(desk.roots)
    identities = read_identities(io.BytesIO(desk.identity.read_bytes()))
    request = OpenRequest(
        package=desk.package, identities=identities, trust=Trust(at=datetime.now(UTC), roots=roots)
    )
    keyring = open_for_reading(request).keyring
    return {(entry.patient or {}).get("family", ""): entry for entry in keyring.entries}


def extracted(desk: Desk, name: str) -> bytes:
    with zipfile.ZipFile(desk.package) as archive:
        return archive.read(name)


def unit_of(desk: Desk, entry: KeyringEntry) -> bytes:
    return extracted(desk, f"units/{entry.unit}.zip")


def plain_of(desk: Desk, entry: KeyringEntry) -> bytes:
    plain = io.BytesIO()
    unseal(io.BytesIO(unit_of(desk, entry)), entry.passphrase, plain)
    return plain.getvalue()


# -- what is shipped ----------------------------------------------------------------------


def test_the_page_is_one_file_that_holds_everything_and_its_licences() -> None:
    page = opener_page().decode("utf-8")
    assert len(page.encode()) < MAX_BYTES
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    # WebAssembly, and no text that becomes a program
    assert "'wasm-unsafe-eval'" in policy[1]
    assert "'unsafe-eval'" not in policy[1]
    assert "script-src 'unsafe-inline'" not in policy[1]
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page)
    lock = json.loads((OPENER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    shipped = [one for one, facts in lock.items() if one and not facts.get("dev")]
    assert len(shipped) >= 5
    for one in shipped:
        name = one.removeprefix("node_modules/")
        assert f"{name} {lock[one]['version']} (" in page, name
        assert lock[one]["license"] in {"MIT", "ISC", "BSD-3-Clause", "Apache-2.0"}
    modules = list((OPENER / "src").rglob("*.ts"))
    assert len(modules) >= 25
    assert all(len(one.read_text(encoding="utf-8").splitlines()) <= 320 for one in modules)


# -- judging ------------------------------------------------------------------------------


def test_a_package_is_judged_before_anybody_is_asked_for_a_key(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package)
    verdict = browser.text("#verdict")
    assert "every part has the digest that was signed" in verdict
    assert "Dr Malo Kerbrat" in verdict
    assert "What was not checked" in verdict
    digest = json.loads(extracted(desk, "manifest.json"))["signatures"][0]["certificate"]
    assert browser.text(".fingerprint") == " ".join(re.findall("....", digest))
    assert browser("count", selector="#key") == 0
    browser("accept")
    assert browser("count", selector="#key") == 1


def test_a_certificate_by_another_way_vouches(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package, desk.roots)
    assert "vouches for this signer" in browser.text("#verdict")
    assert browser("count", selector=".signer input") == 0


def test_a_changed_package_is_refused_and_nothing_of_it_opened(
    browser: Browser, desk: Desk, tmp_path: Path
) -> None:
    data = bytearray(desk.package.read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "changed.asice"
    changed.write_bytes(data)
    browser.give(changed, desk.roots, desk.identity)
    assert "[digest-mismatch]" in browser.text(".refused")
    assert browser("count", selector="#key") == 0
    (tmp_path / "short.asice").write_bytes(desk.package.read_bytes()[:-100])
    browser.give(tmp_path / "short.asice", desk.roots, desk.identity)
    assert "refused" in browser.text(".refused")
    assert browser("count", selector="#key") == 0


def test_one_refused_package_among_others_opens_nothing(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "short.asice").write_bytes(desk.package.read_bytes()[:-100])
    browser.give(desk.package, tmp_path / "short.asice", desk.roots, desk.identity)
    assert browser("count", selector="#key") == 0


# -- opening ------------------------------------------------------------------------------


def test_an_identity_opens_it_and_a_dossier_is_read_and_taken_out(
    browser: Browser, desk: Desk, entries: dict[str, KeyringEntry], tmp_path: Path
) -> None:
    browser.give(desk.package, desk.roots, desk.identity)
    assert browser("open")
    assert {*browser.names()} == PEOPLE | {"The practice as a whole"}
    browser("fill", selector="#search", value="24/11 perri")
    assert browser.names() == []
    browser("fill", selector="#search", value="23/11 perri")
    assert browser.names() == ["PERRICHON Gérard"]
    browser("fill", selector="#search", value="1955 perri")
    assert browser.names() == ["PERRICHON Gérard"]
    browser.show("perri")
    assert "it is the sender's word" in browser.text("#dossier").replace("’", "'")
    assert "Gérard Perrichon" in browser("frame")
    plain = plain_of(desk, entries["Perrichon"])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        names = [one for one in archive.namelist() if not one.endswith("/")]
        assert browser("count", selector="#files tbody tr") == len(names)
        place = names.index("IHE_XDM/SUBSET01/DOC00001.JPG")
        saved = browser(
            "save",
            selector="#files tbody tr td:last-child button:last-child",
            nth=place,
            target=str(tmp_path / "one"),
        )
        assert (saved, (tmp_path / "one").read_bytes()) == ("sourire.jpg", archive.read(names[place]))
    saved = browser("save", selector="#save-dossier", target=str(tmp_path / "whole.zip"))
    assert (saved, (tmp_path / "whole.zip").read_bytes()) == (entries["Perrichon"].member, plain)
    assert browser.faults() == []


def test_pictures_and_radiographs_are_shown(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package, desk.roots, desk.identity)
    browser("open")
    browser.show("perri")
    browser("click", selector="#files button[aria-label='Show Panoramique']")
    browser("wait", selector="#shown canvas")
    assert browser("evaluate", script="document.querySelector('#shown canvas').width") > 100
    browser("click", selector="#files button[aria-label^='Show DICOM/']")
    browser("wait", selector="#shown canvas[width='320'], #shown canvas")
    assert "Not for diagnosis" in browser.text("#shown")


def test_another_key_opens_nothing(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    Program(folder=tmp_path)("keys", "new", "other", "--name", "Dr Autre", "--no-passphrase").ok()
    (other,) = (tmp_path / "other").glob("*.identity")
    browser.give(desk.package, desk.roots, other)
    browser("open")
    assert "[wrong-key]" in browser.text("#said")
    assert browser.names() == []


def test_a_passphrase_opens_it_and_another_does_not(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package, desk.roots)
    browser("fill", selector="#passphrase", value=WORDS + "s")
    browser("open")
    assert "[wrong-passphrase]" in browser.text("#said")
    browser("fill", selector="#passphrase", value=WORDS)
    browser("open")
    assert {*browser.names()} >= PEOPLE


def test_an_identity_under_a_passphrase_opens_it(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    locked = tmp_path / "receiver.identity"
    with locked.open("wb") as target:
        recipients = [PassphraseRecipient(passphrase=WORDS, work_factor=12)]
        encrypt(io.BytesIO(desk.identity.read_bytes()), target, recipients, randomness=secrets.token_bytes)
    browser.give(desk.package, desk.roots, locked)
    browser("fill", selector="#passphrase", value="another")
    browser("open")
    assert "[wrong-passphrase]" in browser.text("#said")
    browser("fill", selector="#passphrase", value=WORDS)
    browser("open")
    assert {*browser.names()} >= PEOPLE


def cards_of(desk: Desk) -> list[str]:
    """Return the words of five cards, three of which make the receiver's key again, and their check value."""
    (identity, *_) = read_identities(io.BytesIO(desk.identity.read_bytes()))
    assert isinstance(identity, HybridIdentity)
    return [" ".join(card.words) for card in split_identity(identity, threshold=3, cards=5).cards]


def test_the_words_of_recovery_cards_open_it(browser: Browser, desk: Desk) -> None:
    cards = cards_of(desk)
    browser.give(desk.package, desk.roots)
    wrong: list[tuple[str, str]] = [
        (" ".join(cards[:2]), "cards-too-few"),
        (" ".join([*cards[:2], cards[1]]), "card-twice"),
        (" ".join(cards[:3]).replace(cards[2].split()[7], "zero", 1), "card-checksum-wrong"),
        (" ".join([*cards[:2], "xylophone " + cards[2].split(maxsplit=1)[1]]), "card-word-unknown"),
        (" ".join([*cards[:2], cards_of(desk)[2]]), "cards-mixed"),
        (cards[0].rsplit(maxsplit=1)[0], "card-unreadable"),
    ]
    for typed, code in wrong:
        browser("fill", selector="#cards", value=typed)
        browser("open")
        assert re.search(r"\[(card[a-z-]+)\]", browser.text("#said")), typed
        assert browser.names() == []
        if code != "card-checksum-wrong":
            assert f"[{code}]" in browser.text("#said")
    browser("fill", selector="#cards", value="\n".join(cards[1:4]).upper())
    browser("open")
    assert {*browser.names()} >= PEOPLE
    assert "Check value of these cards" in browser.text("#given")


def test_the_words_of_one_dossier_open_it_alone(
    browser: Browser, desk: Desk, entries: dict[str, KeyringEntry], tmp_path: Path
) -> None:
    entry = entries["Maillet"]
    browser.give(desk.package, desk.roots)
    browser("fill", selector="#unit-words", value=entry.passphrase[::-1])
    browser("open")
    assert "[wrong-passphrase]" in browser.text("#said")
    browser("fill", selector="#unit-words", value=entry.passphrase)
    browser("open")
    browser("wait", selector="#dossier iframe")
    assert "Pauline" in browser("frame")
    # the unit alone, without its package
    (tmp_path / "unit.zip").write_bytes(unit_of(desk, entry))
    browser("click", selector="#dossier .actions button")
    browser.give(tmp_path / "unit.zip")
    browser("fill", selector="#unit-words", value=entry.passphrase)
    browser("open")
    browser("wait", selector="#dossier iframe")
    assert "nobody can tell who made it" in browser.text("#dossier")
    assert "Pauline" in browser("frame")
    browser("click", selector="#dossier .actions button")


def test_an_unpacked_package_opens(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(desk.package) as archive:
        archive.extractall(tmp_path / "tree")
    browser.give(desk.roots, desk.identity)
    browser("folder", folder=str(tmp_path / "tree"))
    browser("open")
    assert {*browser.names()} >= PEOPLE
    (tmp_path / "tree" / "units" / "more.zip").write_bytes(b"PK\3\4")
    browser.give(desk.roots, desk.identity)
    browser("folder", folder=str(tmp_path / "tree"))
    assert "[member-unlisted]" in browser.text(".refused")


# -- what is left behind, and what reaches the network -------------------------------------

STORED = """(async () => ({
  local: localStorage.length, session: sessionStorage.length, cookies: document.cookie.length,
  databases: (await indexedDB.databases()).length,
}))()"""


def test_nothing_is_kept_in_the_browser(browser: Browser, desk: Desk) -> None:
    browser.give(desk.package, desk.roots, desk.identity)
    browser("open")
    browser.show("perri")
    assert browser("evaluate", script=STORED) == {"local": 0, "session": 0, "cookies": 0, "databases": 0}
    assert browser("told")["reached"] == []


TRIES = 9
REACHING = Path(__file__).with_name("reach.js").read_text(encoding="utf-8").strip()


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """Yield the address of a listener on loopback, and what it hears."""
    heard: list[bytes] = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(100))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard
        server.shutdown()


def test_no_way_leads_to_a_network(tmp_path: Path) -> None:
    """The policy of the page holds against whatever would run in it: a real listener hears nothing."""
    bare = tmp_path / "bare.html"
    bare.write_text("<!DOCTYPE html><div id='app'></div>", encoding="utf-8")
    with listening() as (address, heard), browsing(tmp_path / "first", page=bare) as browser:
        assert browser("evaluate", script=f"({REACHING})({json.dumps(address)})") == TRIES
        assert len(heard) >= 3, "a page without the policy reaches it"
    with listening() as (address, heard), browsing(tmp_path / "second") as browser:
        assert browser("evaluate", script=f"({REACHING})({json.dumps(address)})") == TRIES
        assert heard == []


# -- for everybody ------------------------------------------------------------------------


def test_it_speaks_french_and_fits_a_phone(desk: Desk, tmp_path: Path) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    with browsing(tmp_path / "profile", width=360, height=740, locale="fr-FR") as browser:
        assert browser("evaluate", script="document.documentElement.lang") == "fr"
        browser.give(desk.package, desk.roots, desk.identity)
        assert "Rien n’a été modifié" in browser.text("#verdict")
        assert browser("evaluate", script=wide) <= 0
        browser("open")
        assert browser("evaluate", script=wide) <= 0
        browser.show("perri")
        assert browser("evaluate", script=wide) <= 0
        browser("click", selector="#files button[aria-label^='Montrer DICOM/']")
        browser("wait", selector="#shown canvas")
        assert browser("evaluate", script=wide) <= 0
        browser("click", selector="button.language")
        assert browser("evaluate", script="document.documentElement.lang") == "en"
        assert "Back to the list" in browser.text("#dossier")


def test_the_keyboard_alone_opens_a_dossier(desk: Desk, tmp_path: Path) -> None:
    focused: Callable[[Browser], str] = lambda one: one("evaluate", script="document.activeElement.id")  # noqa: E731
    with browsing(tmp_path / "profile") as browser:
        browser.give(desk.package, desk.roots, desk.identity)
        assert focused(browser) == "verdict-title"
        browser("press", keys=["Tab", "Tab", "Tab", "Tab", "Tab", "Enter"])
        browser("wait", selector="#patients")
        assert focused(browser) == "patients-title"
        browser("press", keys=["Tab", *"perri"])
        browser("wait", selector="#found[data-words='perri']")
        browser("press", keys=["Tab", "Enter"])
        browser("wait", selector="#dossier iframe")
        assert focused(browser) == "dossier-title"
        unnamed = browser(
            "evaluate",
            script="[...document.querySelectorAll('button, input, iframe')].filter((one) => !(one.textContent.trim()"
            " || one.title || one.getAttribute('aria-label') || one.labels?.length)).length",
        )
        assert unnamed == 0
