"""Verification reports: four files an archivist files."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics

from archiver.errors import AlreadyExists
from archiver.examination.examine import examine_whole
from archiver.examination.examine_each import ExaminedPlace, examine_each
from archiver.operations.write_report import ReportRequest, write_report
from archiver.package import layout
from archiver.package.errors import MemberUnlisted
from archiver.paper import verdict_page
from archiver.paper.page_writer import LEFT
from archiver.paper.verdict_page import VerdictPage, print_verdict
from archiver.paper.verdict_text import FRENCH
from archiver.signing.errors import CertificateEnded
from archiver.signing.signatures.cades import examine_signature
from archiver.signing.validity import PathStatus
from archiver.verdict import fault_line, refuted_answer
from archiver.verdict_basis import Basis, ExaminedFile
from formats.digests import Digest
from formats.findings import Severity
from tests.evidence import add_evidence, reader
from tests.packages import SIGNED, package, signer, trust, unpacked, volume_set
from tests.tools import need, run
from tests.tsa import authority

COMPANY = "Société d’archivage Exemple"
BASIS = Basis(
    file=ExaminedFile(name="n", digest=None, size=None), at=SIGNED, policy="p", policy_issued=date(2026, 1, 1)
)
MADE = SIGNED + timedelta(days=3)


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "kerbrat.asice"
    path.write_bytes(package())
    return [ExaminedPlace(path=path, examined=examine_whole(path, trust(signer())))]


def request(folder, **kinds):
    return ReportRequest(
        target=folder / "report.pdf",
        signer=signer(COMPANY),
        trust=trust(signer()),
        made=MADE,
        **kinds,
    )


def damaged(data: bytes) -> bytes:
    """Return a package one bit of whose first unit was changed."""
    at = data.index(b"units/") + 60
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_files_and_what_they_say(examined, tmp_path):
    files = write_report(examined, request(tmp_path))
    names = ["report.json", "report.json.p7s", "report.pdf", "report.pdf.p7s"]
    assert sorted(path.name for path in files) == names
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert document["verdict"]["intact"]["state"] == "proven"
    assert document["verdict"]["existed_at"]["code"] == "no-timestamp"
    assert document["handover"]["sender"]["name"] == "SELARL Exemple"
    listed = unpacked(package(), tmp_path / "tree") / layout.ASIC_MANIFEST
    assert document["signed_list_sha256"] == hashlib.sha256(listed.read_bytes()).hexdigest()
    printed = text(tmp_path / "report.pdf")
    for words in (
        "Rapport de vérification",
        "Verification report",
        "5 réponses : 4 prouvées, 1 inconnue",
        "5 answers: 4 proven, 1 unknown",
        "kerbrat.asice",
        COMPANY,
    ):
        assert words in printed
    assert hashlib.sha256((tmp_path / "report.json").read_bytes()).hexdigest() in printed
    assert document["signed_list_sha256"] in printed


def test_it_names_what_it_rests_on(examined, tmp_path):
    """The very file, the revision, the anchors, the policy, the moment, and whether revocation was examined."""
    write_report(examined, request(tmp_path))
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    data = examined[0].path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert document["file"] == {"name": "kerbrat.asice", "size": len(data), "sha256": digest}
    (anchor,) = document["basis"]["anchors"]
    assert anchor["service"] == "signers"
    assert anchor["sha256"] == hashlib.sha256(signer().roots[0]).hexdigest()
    assert document["basis"]["policy"]["name"] == "ETSI TS 119 312 V1.5.1"
    assert document["basis"]["at"] == SIGNED.isoformat()
    assert document["verdict"]["revision"] == 1
    assert document["verdict"]["trusted"]["revocation"] == "not-examined"
    assert document["verdict"]["trusted"]["indication"] == "TOTAL-PASSED"
    assert document["verdict"]["existed_at"]["sub_indication"] == "NO_POE"
    printed = " ".join(text(tmp_path / "report.pdf").split())
    for words in (
        digest,
        f"{len(data)} octets",
        "révision 1",
        anchor["subject"],
        "ETSI TS 119 312 V1.5.1 (2024-12-01)",
        "2026-03-01 09:30:00",
        "signataires : non examinée",
        "Aucune information de révocation n’a été examinée.",
        "INDETERMINATE / NO_POE",
        "TOTAL-PASSED",
    ):
        assert words in printed, words


def _starts(path: Path, wanted: str) -> float:
    """Return where on the first sheet the line that begins with ``wanted`` starts, in points."""
    found: list[float] = []

    def seen(line: str, _: object, place: list[float], *_more: object) -> None:
        if line.strip().startswith(wanted):
            found.append(place[4])

    PdfReader(path).pages[0].extract_text(visitor_text=seen)
    (start,) = found
    return start


def _end_of_title() -> float:
    return LEFT * mm + pdfmetrics.stringWidth(FRENCH.title, "bold", 20)


def test_the_heading_counts_and_never_says_that_all_is_well(examined, tmp_path):
    failure = MemberUnlisted(where="x", member="y")
    (one,) = examined
    bad = replace(one.examined, verdict=replace(one.examined.verdict, complete=refuted_answer(failure)))
    write_report([replace(one, examined=bad)], request(tmp_path))
    printed = " ".join(text(tmp_path / "report.pdf").split())
    assert "À REFUSER / TO BE REFUSED" in printed
    assert "5 réponses : 3 prouvées, 1 réfutée, 1 inconnue" in printed
    assert "5 answers: 3 proven, 1 refuted, 1 unknown" in printed
    assert _starts(tmp_path / "report.pdf", "5 réponses") > _end_of_title()
    assert _starts(tmp_path / "report.pdf", "À REFUSER") > _end_of_title()
    assert "TOUT EST" not in printed and "EVERYTHING" not in printed


def test_of_a_folder_there_is_no_digest(tmp_path):
    tree = unpacked(package(), tmp_path / "tree")
    found = examine_whole(tree, trust(signer()))
    write_report([ExaminedPlace(path=tree, examined=found)], request(tmp_path))
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert document["file"] == {"name": "tree", "size": None, "sha256": None}
    assert "ni taille ni empreinte" in text(tmp_path / "report.pdf")


def test_of_a_set_each_volume_is_named_with_its_digest_and_size(tmp_path):
    volume_list = volume_set(tmp_path)
    names = ["p-001.asice", "p-002.asice", "p-003.asice"]
    (tmp_path / names[2]).unlink()
    found = examine_whole(volume_list, trust(signer()))
    write_report([ExaminedPlace(path=volume_list, examined=found)], request(tmp_path))
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    printed = " ".join(text(tmp_path / "report.pdf").split())
    assert [one["name"] for one in document["volumes"]] == names
    for one in document["volumes"][:2]:
        data = (tmp_path / one["name"]).read_bytes()
        assert (one["size"], one["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert one["sha256"] in printed and f"{one['name']} : {len(data)} octets" in printed
    assert document["volumes"][2] == {"name": names[2], "size": None, "sha256": None}
    assert f"{names[2]} : dossier ou fichier absent" in printed
    assert document["file"]["sha256"] == hashlib.sha256(volume_list.read_bytes()).hexdigest()


def test_the_schema_names_the_same_keys(examined, tmp_path):
    write_report(examined, request(tmp_path))
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    root = Path(__file__).resolve().parents[3]
    schema = json.loads((root / "docs" / "schemas" / "verdict.schema.json").read_text("utf-8"))["$defs"]
    parts = {
        "report": document,
        "verdict": document["verdict"],
        "answer": document["verdict"]["trusted"],
        "file": document["file"],
        "basis": document["basis"],
        "anchor": document["basis"]["anchors"][0],
        "handover": document["handover"],
        "organisation": document["handover"]["sender"],
    }
    for name, part in parts.items():
        assert set(schema[name]["required"]) == set(schema[name]["properties"]) == set(part), name


def test_evidence_is_reported_so_that_it_is_renewed_in_time(tmp_path):
    path = tmp_path / "kerbrat.asice"
    path.write_bytes(package())
    add_evidence(path)
    found = examine_whole(path, reader())
    write_report([ExaminedPlace(path=path, examined=found)], request(tmp_path))
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    (record,) = document["verdict"]["evidence"]
    root = Path(__file__).resolve().parents[3]
    schema = json.loads((root / "docs" / "schemas" / "verdict.schema.json").read_text("utf-8"))["$defs"]
    for name, part in {"record": record, "stamp": record["stamps"][0]}.items():
        assert set(schema[name]["required"]) == set(schema[name]["properties"]) == set(part), name
    assert (record["chains"], record["renewal"]) == (1, "time-stamp")
    assert record["stamps"][0]["ends_by"] == "certificate"
    printed = text(tmp_path / "report.pdf")
    for words in ("5 réponses : 5 prouvées", "À renouveler avant le 2031-01-01", "Horodatage Un", "1.1"):
        assert words in printed, words


def test_several_packages_are_one_report(tmp_path):
    """A list in front, then each on sheets of its own; one that is not there does not stop the others."""
    good, bad, lost = (tmp_path / name for name in ("good.asice", "bad.asice", "lost.asice"))
    good.write_bytes(package())
    bad.write_bytes(damaged(package()))
    each = list(examine_each([good, bad, lost], trust(signer())))
    write_report(each, request(tmp_path))
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert document["summary"] == {
        "packages": 3, "proven": 1, "undecided": 0, "unexamined": 1, "refused": 1,
    }  # fmt: skip
    assert [one["verdict"]["package"] for one in document["packages"]] == [
        path.name for path in (good, bad, lost)
    ]
    assert [one["verdict"]["intact"]["state"] for one in document["packages"]] == [
        "proven",
        "refuted",
        "unknown",
    ]
    root = Path(__file__).resolve().parents[3]
    schema = json.loads((root / "docs" / "schemas" / "verdict.schema.json").read_text("utf-8"))["$defs"]
    parts = {"reports": document, "summary": document["summary"], "reported": document["packages"][0]}
    for name, part in parts.items():
        assert set(schema[name]["required"]) == set(schema[name]["properties"]) == set(part), name
    sheets = [page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages]
    for name in ("good.asice", "bad.asice", "lost.asice", "digest-mismatch"):
        assert name in sheets[0], name
    assert hashlib.sha256((tmp_path / "report.json").read_bytes()).hexdigest() in sheets[0]
    assert sum("Rapport de vérification" in one for one in sheets) == 4


def test_each_is_signed(examined, tmp_path):
    write_report(examined, request(tmp_path, stamp=authority().at(MADE)))
    accepted = trust(signer(COMPANY), at=MADE + timedelta(days=1))
    accepted = replace(accepted, tsa_roots=authority().roots)
    for name in ("report.pdf", "report.json"):
        data, signature = ((tmp_path / f"{name}{end}").read_bytes() for end in ("", ".p7s"))
        found = examine_signature(signature, data, accepted)
        assert found.path_status is PathStatus.TRUSTED
        assert found.stamp is not None and found.stamp.time == MADE
        assert COMPANY in found.signer.subject


def test_the_same_verdict_and_moment_give_the_same_files(examined, tmp_path):
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        made.append([path.read_bytes() for path in write_report(examined, request(folder))])
    assert made[0] == made[1]


@pytest.mark.parametrize("taken", ["report.pdf", "report.json", "report.pdf.p7s", "report.json.p7s"])
def test_nothing_is_replaced(examined, tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    with pytest.raises(AlreadyExists):
        write_report(examined, request(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [taken]


def test_nobody_signs_one_after_their_certificate_ended(examined, tmp_path):
    with pytest.raises(CertificateEnded):
        write_report(examined, replace(request(tmp_path), made=MADE.replace(year=2037)))
    assert not list(tmp_path.iterdir())


def test_a_hostile_verdict_still_prints(examined, tmp_path):
    failure = MemberUnlisted(where="x" * 900, member="\x00\x1b[31m" + "é€漢" * 300)
    verdict = replace(
        examined[0].examined.verdict, complete=refuted_answer(failure), findings=(fault_line(failure),) * 90
    )
    page = VerdictPage(
        verdict=verdict, manifest=None, file="n" * 300, signed_list=None, basis=BASIS, made=MADE, report="r.pdf",
        document="r.json", document_digest=Digest.of(b"{}"), signer="s",
    )  # fmt: skip
    with (tmp_path / "r.pdf").open("wb") as target:
        print_verdict(page, target)
    printed = text(tmp_path / "r.pdf")
    assert "TO BE REFUSED" in printed and "\x1b" not in printed


@pytest.mark.parametrize("more", [0, 1, 50])
def test_the_sheet_counts_the_findings_it_has_no_room_for(examined, tmp_path, more):
    """The worst are printed, how many are left out is said, and the document beside it has every one."""
    count = verdict_page.MAX_FINDINGS + more
    worst = fault_line(MemberUnlisted(where="THE-WORST", member="m"))
    others = [replace(worst, severity=Severity.NOTE, where=f"n{at}") for at in range(count - 1)]
    verdict = replace(examined[0].examined.verdict, findings=(*others, worst))
    place = replace(examined[0], examined=replace(examined[0].examined, verdict=verdict))
    write_report([place], request(tmp_path))
    printed = " ".join(text(tmp_path / "report.pdf").split())
    assert printed.count("[member-unlisted]") == verdict_page.MAX_FINDINGS
    assert printed.index("THE-WORST") < printed.index("n0:")
    left = re.search(
        r"… et (\d+) autres? constats?.+ report.json / … and (\d+) more findings?; .+ report.json", printed
    )
    assert (left is None) == (more == 0)
    if left:
        assert {left[1], left[2]} == {str(more)}
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert len(document["verdict"]["findings"]) == count


def test_openssl_verifies_the_report_as_it_says(examined, tmp_path):
    from archiver.signing.keys.key_file import ROOTS, write_signer

    write_report(examined, request(tmp_path))
    write_signer(tmp_path, signer(COMPANY), None)
    for name in ("report.pdf", "report.json"):
        output = run(
            *(need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", f"{name}.p7s"),
            *("-content", name, "-CAfile", ROOTS, "-purpose", "any", "-attime", "1790000000", "-out", "out"),
            cwd=tmp_path,
        )
        assert "CAdES Verification successful" in output
