"""Other people's programs read the patient archive: unzip, 7-Zip, sha256sum, DCMTK, Chromium."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from formats.pdlgc import layout
from formats.pdlgc.page.page import index_page
from tests.dossiers import full_dossier
from tests.tools import need, run
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT, Made, make, with_files
from tests.unit.pdlgc.hostile import with_text

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Made:
    return make(*with_files(full_dossier()))


@pytest.fixture
def archive(made: Made, tmp_path: Path) -> Path:
    path = tmp_path / "PAT00001.ZIP"
    path.write_bytes(made.data)
    return path


@pytest.fixture
def folder(archive: Path, tmp_path: Path) -> Path:
    extracted = tmp_path / "extracted"
    run(need("unzip"), "-q", archive, "-d", extracted)
    return extracted


def test_unzip_finds_no_error(archive: Path) -> None:
    assert "No errors detected" in run(need("unzip"), "-t", archive)


def test_seven_zip_finds_no_error_and_no_warning(archive: Path) -> None:
    output = run(need("7zz", "7z", "7za"), "t", archive)
    assert "Everything is Ok" in output
    assert "arning" not in output


def test_python_reads_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None


def test_sha256sum_confirms_every_file(folder: Path) -> None:
    output = run(need("sha256sum"), "-c", layout.SUMS, cwd=folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert output.count(": OK\n") == len(files) - 1


def test_dcmtk_reads_the_dicomdir_and_finds_its_files(folder: Path) -> None:
    output = run(need("dcmdump"), "+P", "ReferencedFileID", folder / layout.DICOMDIR)
    listed = [
        line.split("[")[1].split("]")[0].replace("\\", "/") for line in output.splitlines() if "[" in line
    ]
    assert listed
    for name in listed:
        assert (folder / name).is_file()


def test_an_html_parser_that_forgives_nothing_reads_the_page(folder: Path) -> None:
    # libxml2's HTML parser knows HTML 4 only: tags of HTML 5 and SVG are the one thing it may complain of.
    parser = etree.HTMLParser(recover=True)
    etree.parse(str(folder / layout.INDEX), parser)
    complaints = [entry.message for entry in parser.error_log if entry.type_name != "HTML_UNKNOWN_TAG"]
    assert complaints == []
    etree.parse(str(folder / layout.INDEX), etree.XMLParser(resolve_entities=False))


def test_chromium_shows_the_page_and_the_pictures(folder: Path, tmp_path: Path) -> None:
    shot = tmp_path / "page.png"
    address = (folder / layout.INDEX).as_uri()
    browser = need("chromium", "chromium-browser", "google-chrome")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    run(browser, *QUIET, profile, "--window-size=1280,9000", f"--screenshot={shot}", address)
    with Image.open(shot) as picture:
        assert picture.size == (1280, 9000)
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    assert (0x0B, 0x4A, 0x5A) in colours, "the banner"
    assert (0xC6, 0x2F, 0x2F) in colours, "a planned surface of the chart"


def test_a_number_beside_a_section_is_on_one_line(folder: Path, tmp_path: Path) -> None:
    """Whatever the length of the section's name; the page asks for its own script to be let in."""
    text = (folder / layout.INDEX).read_text(encoding="utf-8")
    top, sections, rest = re.split(r"(<nav.*</nav>)", text, maxsplit=1, flags=re.DOTALL)
    sections, numbers = re.subn(r"<b>\d+</b>", "<b>1234</b>", sections)
    text, rules = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", top + sections + rest)
    measure = """
        const lines = b => { const range = document.createRange(); range.selectNodeContents(b);
                             return range.getClientRects().length; };
        document.title = Math.max(...[...document.querySelectorAll('nav b')].map(lines));
    """
    page = tmp_path / "INDEX.HTM"
    page.write_text(text.replace("</body>", f"<script>{measure}</script></body>"), encoding="utf-8")
    browser = need("chromium", "chromium-browser", "google-chrome")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    output = run(browser, *QUIET, profile, "--window-size=1000,900", "--dump-dom", page.as_uri())
    lines = re.search(r"<title>(\d+)</title>", output[: output.index("</head>")])
    assert lines
    assert numbers > 15
    assert rules == 1
    assert lines[1] == "1"


def test_chromium_runs_nothing_of_a_hostile_dossier(tmp_path: Path) -> None:
    run_it = "document.title='run'"
    attack = f'</style></title></svg><script>{run_it}</script><img src=x onerror="{run_it}">'
    hostile, _ = with_files(with_text(full_dossier(), attack))
    links = {one.sha256: "IHE_XDM/SUBSET01/DOC00001.PDF" for one in hostile.attachments()}
    page = tmp_path / "INDEX.HTM"
    page.write_bytes(b"".join(index_page(hostile, links=links, sender=SENDER, written_at=WRITTEN_AT)))
    browser = need("chromium", "chromium-browser", "google-chrome")
    output = run(browser, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri())
    assert "<title>run</title>" not in output
    assert "&lt;script&gt;" in output
    assert "<script" not in output


def test_chromium_prints_it(folder: Path, tmp_path: Path) -> None:
    printed = tmp_path / "page.pdf"
    browser = need("chromium", "chromium-browser", "google-chrome")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    run(
        browser,
        *QUIET,
        profile,
        "--no-pdf-header-footer",
        f"--print-to-pdf={printed}",
        (folder / layout.INDEX).as_uri(),
    )
    assert printed.read_bytes().startswith(b"%PDF-")
    assert printed.stat().st_size > 20_000
