"""The commands of the README, the tutorial and the how-tos run, and print what the pages say they print."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import load_signer, write_signer
from tests.clinical import document
from tests.docs.pages import DOCS, ROOT, TYPED, blocks, run_blocks, twin
from tests.docs.practices import alias, lay_clone, lay_results, lay_sources, lay_whole, lay_years
from tests.engines.seaweedfs import ADMIN, VAULT, SeaweedServer
from tests.journeys.line import Line, lay_molaire
from tests.journeys.program import Program
from tests.orthanc import PASSWORD, Orthanc
from tests.tools import need
from tests.tsa import LocalAuthority, listening
from tests.unit.dicom.images import image
from tests.unit.fhir_exports.exports import bundle
from tests.unit.plain_archives.archives import archive
from tests.unit.portability.archives import lay_packed
from tests.unit.xdm.medium import Entry, lay_zip
from tests.vectors.generator.pdlgc.archive import Plan, build as conforming_archive
from tests.vectors.generator.pdlgc.corpus import flaws

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("samples/**/*.md"), *DOCS.rglob("*.md")])
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


@both("docs/en/how-to/imaging.md")
def test_folders_of_images_can_be_collected(page: str, tables: Path, demo: Path, tmp_path: Path) -> None:
    lay_sources(tables, tmp_path)
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/retention.md")
def test_retention_can_be_followed(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/completeness.md")
def test_completeness_can_be_checked(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/data-protection.md")
def test_whoever_answers_for_the_data_can_follow(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/access-request.md")
def test_an_access_request_can_be_answered(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/split.md")
def test_a_sealed_package_can_be_split(page: str, demo: Path, tmp_path: Path) -> None:
    lay_whole(demo, tmp_path)
    run_page(page, tmp_path)


@both("docs/en/how-to/court.md")
def test_a_court_is_shown_who_was_handed_over(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem")
    lay_results(demo / "pressoir", tmp_path, "receiver.identity")
    run_page(page, tmp_path)


@both("docs/en/how-to/judge.md")
def test_a_vendor_can_judge_an_archive(page: str, tmp_path: Path) -> None:
    for plan in (Plan(), next(one.plan for one in flaws() if one.key == "2-readme-ascii-an-accent")):
        name, data = conforming_archive(plan)
        (tmp_path / (name if plan == Plan() else "PA20261128T101501.ZIP")).write_bytes(data)
    run_page(page, tmp_path)


@both("docs/en/how-to/mapping.md")
def test_a_technician_can_follow(page: str, tmp_path: Path) -> None:
    lay_molaire(tmp_path)
    run_page(page, tmp_path)


@both("docs/en/how-to/imaging-network.md")
def test_whoever_takes_images_from_the_network_can_follow(
    page: str, demo: Path, orthanc: Orthanc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    orthanc.add(image(tmp_path / "one.dcm"), image(tmp_path / "two.dcm", study="2", StudyDate="20200909"))
    (tmp_path / "password.txt").write_text(PASSWORD, encoding="utf-8")
    monkeypatch.setenv("NODE", orthanc.address)
    monkeypatch.setenv("SERVER", orthanc.web)
    run_page(page, tmp_path)
    assert len(list((tmp_path / "images").rglob("*.dcm"))) == 2


@both("docs/en/how-to/object-storage.md")
def test_whoever_rents_an_object_storage_can_follow(
    page: str, seaweed: SeaweedServer, locking_bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, account in (("vault", VAULT), ("admin", ADMIN)):
        path = tmp_path / f"{name}.ini"
        path.write_text(
            f"[default]\naws_access_key_id = {account.key_id}\naws_secret_access_key = {account.secret}\n"
        )
        path.chmod(0o600)
    monkeypatch.setenv("STORAGE", str(seaweed.address(locking_bucket, uuid4().hex)))
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


@both("docs/en/how-to/backup.md")
def test_a_dentist_can_back_up_the_practice(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/storages.md")
def test_whoever_replaces_a_disk_can_follow(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "practice.db", "practice.files", "package.asice", "roots.pem")
    desk = Program(folder=tmp_path)
    desk("keys", "new", "archives", "--name", "Archives Exemple", ARCHIVER_NEW_PASSPHRASE=TYPED).ok()
    hosted = ("--host", "Val de Loire Archives", "--certificate", "HDS-2026-0001", "--until", "2099-05-01")
    disks = ("--storage", "disk-a", "--storage", "disk-b")
    desk("vault", "init", "vault", "--name", "Archives Exemple", *disks, *hosted).ok()
    signing = ("--signer", "archives/signer.p12", "--receipts", "receipts", "--roots", "roots.pem")
    desk("vault", "deposit", "vault", "package.asice", *signing, ARCHIVER_SIGNER_PASSPHRASE=TYPED).ok()
    (tmp_path / "backup-disk").mkdir()
    names = ("--source", "practice.db", "--to", "backup-disk", "--name", "Cabinet des Tilleuls")
    desk("backup", "init", "backup", *names).ok()
    run_page(page, tmp_path)


@both("docs/en/how-to/renewal.md")
def test_whoever_proves_packages_for_decades_can_follow(
    page: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem")
    stamper = LocalAuthority(
        "Horodatage Exemple", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    (tmp_path / "tsa-roots.pem").write_text(write_pem(stamper.roots), encoding="ascii")
    with listening(lambda query: (200, stamper.reply(query, datetime.now(UTC)))) as address:
        monkeypatch.setenv("TSA", address)
        run_page(page, tmp_path)


@both("docs/en/how-to/dossier.md")
def test_somebody_with_a_patient_on_the_telephone_can_follow(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "package.asice", "roots.pem", "receiver.identity", "roster.csv")
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    run_page(page, tmp_path)


@both("docs/en/how-to/official-archive.md")
def test_whoever_hands_over_the_official_archive_can_follow(page: str, demo: Path, tmp_path: Path) -> None:
    lay_results(demo, tmp_path, "package.asice", "receiver.identity", "roster.csv")
    lay_results(demo, tmp_path, "practice.db", "practice.files")
    write_signer(tmp_path, load_signer(demo / "kerbrat" / "signer.p12", None), TYPED)
    need("unzip")
    need("xmlsec1")
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


@both("docs/en/how-to/end-of-retention.md")
def test_whoever_ends_a_retention_can_follow(page: str, small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "package.asice", "roots.pem")
    desk = Program(folder=tmp_path)
    desk("keys", "new", "archives", "--name", "Archives Exemple", ARCHIVER_NEW_PASSPHRASE=TYPED).ok()
    hosted = ("--uncertified", "Données fictives")
    desk("vault", "init", "vault", "--name", "Archives Exemple", *hosted).ok()
    signing = ("--signer", "archives/signer.p12", "--receipts", "receipts", "--roots", "roots.pem")
    desk("vault", "deposit", "vault", "package.asice", *signing, ARCHIVER_SIGNER_PASSPHRASE=TYPED).ok()
    run_page(page, tmp_path)


@both("docs/en/how-to/paperwork.md")
def test_whoever_signs_can_follow(page: str, demo: Path, tmp_path: Path) -> None:
    needed = ("package.asice", "roots.pem", "receiver.identity", "practice.db", "receipt.json")
    lay_results(demo, tmp_path, *needed)
    run_page(page, tmp_path)


@both("docs/en/reference/clinical-documents.md")
def test_whoever_receives_documents_can_follow(page: str, tmp_path: Path) -> None:
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "summary.xml").write_bytes(document())
    lay_zip(tmp_path / "medium", [Entry("DOC0001.XML", document(number="2"))])
    run_page(page, tmp_path)


@both("docs/en/reference/standard-sources.md")
def test_whoever_receives_archives_and_exports_can_follow(page: str, tmp_path: Path) -> None:
    (tmp_path / "delivered").mkdir()
    (tmp_path / "delivered" / "one.zip").write_bytes(archive())
    lay_packed(tmp_path)
    (tmp_path / "export.json").write_bytes(bundle())
    run_page(page, tmp_path)


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
    """Of a page that no test here follows, nobody ever tries the commands."""
    marks = [mark for one in globals().values() for mark in getattr(one, "pytestmark", ())]
    run = {name for mark in marks if mark.args[0] == "page" for name in mark.args[1] if isinstance(name, str)}
    by_hand = ("format/open-by-hand", "format/roster", "reference/receipt", "how-to/journal")
    elsewhere = {f"docs/{one}/{page}.md" for one in ("en", "fr") for page in by_hand}
    with_commands = {page.relative_to(ROOT).as_posix() for page in PAGES if blocks(page)}
    assert with_commands == run | elsewhere


def test_the_format_pages_do_not_depend_on_this_program() -> None:
    pages = [page for page in DOCS.glob("*/format/*.md") if page.name != "patient-bundle.md"]
    assert len(pages) >= 8
    for page in pages:
        name, text = page.relative_to(DOCS), page.read_text(encoding="utf-8")
        assert "ython" not in text, f"{name} speaks of the language of one implementation"
        assert not re.search(r"\barchiver/|\bformats/", text), f"{name} names a source file"
