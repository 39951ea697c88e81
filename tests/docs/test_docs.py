"""The commands of the README, the tutorial and the how-tos run, and print what the pages say they print."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.signing.certificates.reading import write_pem
from tests.docs.pages import DOCS, ROOT, blocks, run_blocks, twin
from tests.docs.practices import alias, lay_clone, lay_results, lay_sources, lay_years
from tests.tools import need
from tests.tsa import LocalAuthority, listening

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("samples/*.md"), *DOCS.rglob("*.md")])
TITLE = re.compile(r"^#+ +(?P<title>.+?) *$", re.MULTILINE)
LINK = re.compile(r"\[[^\]\n]*\]\((?P<to>[^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def run_page(page: str, folder: Path, *, programs: Path | None = None, interpreter: str = "sh") -> None:
    path = ROOT / page
    run_blocks(path, blocks(path), folder, programs=programs, interpreter=interpreter)


def both(page: str) -> pytest.MarkDecorator:
    """Return the mark of a test that runs ``page`` in English, then in French."""
    return pytest.mark.parametrize("page", [page, twin(ROOT / page).relative_to(ROOT).as_posix()])


@both("README.md")
def test_the_readme_can_be_followed(page: str, tables: Path, tmp_path: Path) -> None:
    lay_clone(tables, tmp_path)
    run_page(page, tmp_path)


@both("docs/en/tutorial/first-handover.md")
def test_the_tutorial_can_be_followed(page: str, tables: Path, tmp_path: Path) -> None:
    lay_clone(tables, tmp_path)
    run_page(page, tmp_path)


@both("docs/en/how-to/departing-practitioner.md")
def test_the_departing_practitioner_can_follow(page: str, tables: Path, demo: Path, tmp_path: Path) -> None:
    lay_sources(tables, tmp_path)
    lay_results(demo, tmp_path, "pressoir")
    run_page(page, tmp_path)


@both("docs/en/how-to/successor.md")
def test_the_successor_can_follow(page: str, tables: Path, demo: Path, tmp_path: Path) -> None:
    lay_sources(tables, tmp_path)
    lay_results(demo, tmp_path, "package.asice", "roots.pem")
    lay_results(demo / "pressoir", tmp_path, "receiver.identity")
    run_page(page, tmp_path)


@both("docs/en/how-to/archive-company.md")
def test_the_archive_company_can_follow(
    page: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem")
    lay_years(demo, tmp_path)
    stamper = LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    (tmp_path / "tsa-roots.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    # this machine's own clock, as the program has no other
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        monkeypatch.setenv("TSA", address)
        run_page(page, tmp_path)


@both("docs/en/how-to/patient.md")
def test_a_patient_can_follow(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem", "receiver.identity")
    seven_zip = alias(tmp_path, "7z", need("7z", "7zz", "7za"))
    need("unzip")
    run_page(page, tmp_path, programs=seven_zip)


@both("docs/en/how-to/command-line.md")
def test_somebody_at_the_command_line_can_follow(
    page: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # where completion is installed
    lay_results(demo, tmp_path, "package.asice", "roots.pem", "receiver.identity")
    run_page(page, tmp_path, interpreter="bash")
    shown, installed = (tmp_path / name for name in ("completion.sh", ".bash_completions/archiver.sh"))
    assert shown.read_text().strip() == installed.read_text().strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(text):
        target, _, anchor = link["to"].partition("#")
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        found = page if not target else (page.parent / target).resolve()
        assert found.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(found), f"{page.name} links to {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """Return what a heading is called in a link: lower case, no punctuation, hyphens for spaces."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    titles = (match["title"].lower() for match in TITLE.finditer(text))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def test_every_page_with_commands_is_run() -> None:
    """A page somebody adds must be added here too, or its commands are never tried."""
    run = {name for one in RUNNING for mark in one.pytestmark for name in mark.args[1]}
    elsewhere = {"docs/en/format/open-by-hand.md", "docs/fr/format/open-by-hand.md"}
    with_commands = {page.relative_to(ROOT).as_posix() for page in PAGES if blocks(page)}
    assert with_commands == run | elsewhere


RUNNING: tuple[Callable[..., None], ...] = (
    test_the_readme_can_be_followed,
    test_the_tutorial_can_be_followed,
    test_the_departing_practitioner_can_follow,
    test_the_successor_can_follow,
    test_the_archive_company_can_follow,
    test_a_patient_can_follow,
    test_somebody_at_the_command_line_can_follow,
)


def test_the_format_pages_do_not_depend_on_this_program() -> None:
    pages = [page for page in DOCS.glob("*/format/*.md") if page.name != "patient-bundle.md"]
    assert len(pages) >= 8
    for page in pages:
        name, text = page.relative_to(DOCS), page.read_text(encoding="utf-8")
        assert "ython" not in text, f"{name} speaks of the language of one implementation"
        assert not re.search(r"\barchiver/|\bformats/", text), f"{name} names a source file"
