"""The commands of the README, the tutorial and the how-tos run, and print what the pages say they print."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.signing.certificates import write_pem
from tests.docs.pages import ROOT, blocks, run_blocks
from tests.docs.practices import alias, lay_clone, lay_results, lay_sources, lay_years
from tests.tools import need
from tests.tsa import LocalAuthority, listening

pytestmark = pytest.mark.xdist_group("docs")

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
GENERATED_ELSEWHERE = frozenset({"docs/reference/errors.md", "docs/reference/limits.md"})
"""Pages that have tests of their own."""
TITLE = re.compile(r"^#+ +(?P<title>.+?) *$", re.MULTILINE)
LINK = re.compile(r"\[[^\]\n]*\]\((?P<to>[^)\s]+)\)")
FENCE = "```"
PIECE = re.compile(r"#+ [\d.]*|\|(?=.*\|$)|(?:- |\d+\. )")
"""What begins a heading with its number, a row, an item of a list."""
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def run_page(page: str, folder: Path, *, programs: Path | None = None) -> None:
    path = ROOT / page
    run_blocks(path, blocks(path), folder, programs=programs)


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/first-handover.md"])
def test_pages_for_a_clone_run(page: str, tables: Path, tmp_path: Path) -> None:
    lay_clone(tables, tmp_path)
    run_page(page, tmp_path)


def test_the_departing_practitioner_can_follow(tables: Path, demo: Path, tmp_path: Path) -> None:
    lay_sources(tables, tmp_path)
    lay_results(demo, tmp_path, "pressoir")
    run_page("docs/how-to/departing-practitioner.md", tmp_path)


def test_the_successor_can_follow(tables: Path, demo: Path, tmp_path: Path) -> None:
    lay_sources(tables, tmp_path)
    lay_results(demo, tmp_path, "package.asice", "roots.pem")
    lay_results(demo / "pressoir", tmp_path, "receiver.identity")
    run_page("docs/how-to/successor.md", tmp_path)


def test_the_archive_company_can_follow(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem")
    lay_years(demo, tmp_path)
    stamper = LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    (tmp_path / "tsa-roots.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    # this machine's own clock, as the program has no other
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        monkeypatch.setenv("TSA", address)
        run_page("docs/how-to/archive-company.md", tmp_path)


def test_a_patient_can_follow(demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem", "receiver.identity")
    seven_zip = alias(tmp_path, "7z", need("7z", "7zz", "7za"))
    need("unzip")
    run_page("docs/how-to/patient.md", tmp_path, programs=seven_zip)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(text):
        target, _, anchor = link["to"].partition("#")
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        found = page if not target else (page.parent / target).resolve()
        place = found.relative_to(ROOT).as_posix()
        assert found.exists() or place in GENERATED_ELSEWHERE, f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(found), f"{page.name} links to {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """Return what a heading is called in a link: lower case, no punctuation, hyphens for spaces."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    titles = (match["title"].lower() for match in TITLE.finditer(text))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def test_every_page_with_commands_is_run() -> None:
    """A page somebody adds must be added here too, or its commands are never tried."""
    run: dict[str, Callable[..., None]] = {
        "README.md": test_pages_for_a_clone_run,
        "docs/tutorial/first-handover.md": test_pages_for_a_clone_run,
        "docs/how-to/departing-practitioner.md": test_the_departing_practitioner_can_follow,
        "docs/how-to/successor.md": test_the_successor_can_follow,
        "docs/how-to/archive-company.md": test_the_archive_company_can_follow,
        "docs/how-to/patient.md": test_a_patient_can_follow,
    }
    elsewhere = {"docs/format/open-by-hand.md", "docs/format/open-by-hand.fr.md"}
    with_commands = {page.relative_to(ROOT).as_posix() for page in PAGES if blocks(page)}
    assert with_commands == run.keys() | elsewhere


def test_the_format_pages_do_not_depend_on_this_program() -> None:
    for name in ("archive-format-1.md", "patient-archive.md", "open-by-hand.md", "open-by-hand.fr.md"):
        text = (ROOT / "docs" / "format" / name).read_text(encoding="utf-8")
        assert "ython" not in text, f"{name} speaks of the language of one implementation"
        assert not re.search(r"\barchiver/|\bformats/", text), f"{name} names a source file"


TWINS = {
    "docs/format/archive-format-1.md": "docs/format/archive-format-1.fr.md",
    "docs/explanation/threat-model.md": "docs/explanation/threat-model.fr.md",
    "docs/format/open-by-hand.md": "docs/format/open-by-hand.fr.md",
}
"""Pages that exist once for each language, by their English name."""


@pytest.mark.parametrize(("english", "french"), TWINS.items())
def test_both_languages_of_a_page_are_built_alike(english: str, french: str) -> None:
    shapes = [shape((ROOT / page).read_text(encoding="utf-8")) for page in (english, french)]
    assert len(shapes[0]) > 20
    assert shapes[0] == shapes[1]


def shape(text: str) -> list[str]:
    """Return what a page is made of: headings, rows of tables, items of lists, what stands between fences."""
    made: list[str] = []
    for block in FENCED.split(text):
        lines = block.splitlines()
        made += [found[0] for line in lines if (found := PIECE.match(line))]
        made.append(FENCE)
    return made
