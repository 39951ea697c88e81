"""A sealed package for an archive, without any key: a SEDA transfer and a bag, judged by other people's rules."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.journeys.line import SAMPLES, Line
from tests.journeys.program import Program
from tests.judges import judge_bag
from tests.open_bytes import Open
from tests.seda import NAMES, seda_faults
from tests.traits import Search, traits_of

TRUST = ("--roots", "roots.pem")
TERMS = """\
archival_agreement = "IC-000001"
archival_agency = "SAE-EXEMPLE"
appraisal_rule = "APP-00020"
appraisal_years = 10
"""


@pytest.fixture
def keeper(small_line: Line, tmp_path: Path) -> Program:
    """The machine of an archive: it has a package and the sender's root, and no key."""
    small_line.copy(tmp_path, "package.asice", "roots.pem")
    return Program(folder=tmp_path)


def read_sip(path: Path) -> tuple[etree._Element, dict[str, bytes]]:
    """Return the manifest of a SIP, and its files under the names that the manifest says they had."""
    with zipfile.ZipFile(path) as archive:
        manifest = etree.fromstring(archive.read("manifest.xml"))
        files = {
            one.findtext("s:FileInfo/s:Filename", "", NAMES): archive.read(one.findtext("s:Uri", "", NAMES))
            for one in manifest.iter(f"{{{NAMES['s']}}}BinaryDataObject")
        }
        assert len(archive.namelist()) == len(files) + 1
    return manifest, files


def units_of(manifest: etree._Element) -> dict[str, etree._Element]:
    """Return the archive units of sealed units by their identifiers."""
    path = ".//s:ArchiveUnit[s:Content/s:DescriptionLevel='File']"
    found = manifest.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    return {
        one.findtext("s:Content/s:TransferringAgencyArchiveUnitIdentifier", "", NAMES): one for one in found
    }


def public_manifest(files: dict[str, bytes]) -> Any:
    return json.loads(files["manifest.json"])


def test_a_transfer_is_valid_and_says_of_every_file_what_it_is(keeper: Program) -> None:
    done = keeper("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *TRUST, "--json").ok()
    with zipfile.ZipFile(keeper.folder / "sip.zip") as archive:
        written = archive.read("manifest.xml")
        assert {name.split("/")[0] for name in archive.namelist()} == {"manifest.xml", "content"}
        assert max(name.count("/") for name in archive.namelist()) == 1
    assert seda_faults(written) == []
    assert seda_faults(written.replace(b"<Size>", b"<Size>-")) != []
    manifest, files = read_sip(keeper.folder / "sip.zip")
    for one in manifest.iter(f"{{{NAMES['s']}}}BinaryDataObject"):
        data = files[one.findtext("s:FileInfo/s:Filename", "", NAMES)]
        digest = one.find("s:MessageDigest", NAMES)
        assert digest is not None and digest.get("algorithm") == "SHA-512"
        assert digest.text == hashlib.sha512(data).hexdigest()
        assert one.findtext("s:Size", "", NAMES) == str(len(data))
        formats = one.findtext("s:FormatIdentification/s:FormatId", "", NAMES)
        assert formats or one.findtext("s:FormatIdentification/s:MimeType", "", NAMES)
    document = done.document
    assert (document["files"], document["units"]) == (len(files), len(public_manifest(files)["units"]))
    assert document["size"] == (keeper.folder / "sip.zip").stat().st_size


def test_under_their_own_names_the_files_are_the_package_again(keeper: Program) -> None:
    keeper("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *TRUST).ok()
    _, files = read_sip(keeper.folder / "sip.zip")
    for name, data in files.items():
        path = keeper.folder / "again" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    again = keeper("verify", "again", *TRUST, "--json")
    whole = keeper("verify", "package.asice", *TRUST, "--json")
    assert again.status == whole.status
    for question in ("intact", "complete", "signed_by", "trusted"):
        assert again.document[question] == whole.document[question]


def test_each_unit_has_the_rule_of_its_own_term(keeper: Program) -> None:
    keeper("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *TRUST).ok()
    manifest, files = read_sip(keeper.folder / "sip.zip")
    found = units_of(manifest)
    units = public_manifest(files)["units"]
    assert set(found) == {one["id"] for one in units} and len(units) == 5
    for one in units:
        rule = found[one["id"]].find("s:Management/s:AppraisalRule", NAMES)
        assert rule is not None and rule.findtext("s:FinalAction", "", NAMES) == "Destroy"
        start = rule.findtext("s:StartDate", "", NAMES)
        assert f"{int(start[:4]) + 20}{start[4:]}" == one["destroy_from"]
    access = manifest.find(".//s:ArchiveUnit/s:Management/s:AccessRule/s:Rule", NAMES)
    assert access is not None and access.text == "DENT-SECRET-MEDICAL"


def test_what_has_no_term_or_is_held_is_never_destroyed(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "practice.db", "pressoir", "kerbrat", "roots.pem")
    desk = Program(folder=tmp_path)
    (tmp_path / "holds.csv").write_text(
        "numéro;nom;prénom;date de naissance\n1;Lemoine-Garnier;Anne-Sophie;1979-03-14\n", encoding="utf-8"
    )
    keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    desk.here("export", "practice.db", "all.asice", "--all", *keys, "--hold", "holds.csv").ok()
    done = desk("deliver", "all.asice", "--as", "seda", "--to", "sip.zip", *TRUST, "--json").ok()
    manifest, files = read_sip(tmp_path / "sip.zip")
    found, units = units_of(manifest), public_manifest(files)["units"]
    on_hold = [one["id"] for one in units if one["hold"]]
    endless = [one["id"] for one in units if one["destroy_from"] is None]
    assert on_hold and done.document["on_hold"] == len(on_hold)
    assert endless and done.document["without_term"] == len(endless)
    for identity in on_hold:
        assert found[identity].find("s:Management/s:HoldRule/s:HoldReason", NAMES) is not None
    for identity in endless:
        assert found[identity].find("s:Management/s:AppraisalRule", NAMES) is None
    (proofs,) = manifest.findall(".//s:ArchiveUnit[@id='AU-PREUVES']", NAMES)
    assert proofs.find("s:Management/s:AppraisalRule", NAMES) is None  # as long as the last unit
    with zipfile.ZipFile(tmp_path / "sip.zip") as archive:
        assert seda_faults(archive.read("manifest.xml")) == []


def test_nothing_that_was_written_names_a_patient(demo_line: Line, keeper: Program) -> None:
    keeper("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *TRUST).ok()
    keeper("deliver", "package.asice", "--as", "bagit", "--to", "bag", *TRUST).ok()
    pictures = (SAMPLES / "practice" / name for name in ("images", "imaging", "papers"))
    files = [path for folder in pictures for path in folder.rglob("*") if path.is_file()]
    traits = traits_of(demo_line.folder / "tilleuls.sqlite", demo_line.folder / "practice.db", files)
    search = Search(traits=traits, public=("Cabinet dentaire des Tilleuls", "Dr Malo Kerbrat"))
    with zipfile.ZipFile(keeper.folder / "sip.zip") as archive:
        # what is of the package itself is judged where packages are (test_no_patient_in_the_open)
        written = {
            "manifest.xml": archive.read("manifest.xml"),
            "names": "\n".join(archive.namelist()).encode(),
        }
    for tag in (keeper.folder / "bag").glob("*.txt"):
        written[tag.name] = tag.read_bytes()
    assert len(written) == 8
    for where, data in written.items():
        assert search.found(Open(where=where, raw=data, texts=())) == set(), where
    assert search.found(Open(where="planted", raw=b"<Title>Lemoine-Garnier</Title>", texts=()))


def test_the_archive_says_how_it_calls_things(keeper: Program) -> None:
    (keeper.folder / "terms.toml").write_text(TERMS, encoding="utf-8")
    command = ("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *TRUST)
    done = keeper(*command, "--transfer-terms", "terms.toml").ok()
    assert "APP-00020 (10 years)" in done.out
    manifest, files = read_sip(keeper.folder / "sip.zip")
    assert manifest.findtext("s:ArchivalAgreement", "", NAMES) == "IC-000001"
    assert manifest.findtext("s:ArchivalAgency/s:Identifier", "", NAMES) == "SAE-EXEMPLE"
    last = public_manifest(files)["units"][-1]
    start = units_of(manifest)[last["id"]].findtext("s:Management/s:AppraisalRule/s:StartDate", "", NAMES)
    assert int(start[:4]) + 10 == int(last["destroy_from"][:4])


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ("archival_agency = ", "it is not TOML"),
        ('agency = "SAE"', "no term is called so"),
        ("appraisal_years = 0", "it is no number of years"),
        ("appraisal_years = true", "it is no number of years"),
        ("archival_agency = 7", "it is no text of one line"),
        ('hold_rule = " "', "it is no text of one line"),
        ('hold_rule = "a\\u0000b"', "it is no text of one line"),
    ],
)
def test_terms_that_nobody_can_follow_are_refused(keeper: Program, terms: str, reason: str) -> None:
    (keeper.folder / "terms.toml").write_text(terms, encoding="utf-8")
    command = ("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *TRUST)
    refused = keeper(*command, "--transfer-terms", "terms.toml")
    assert (refused.status, reason in refused.err) == (46, True), refused.err
    assert not (keeper.folder / "sip.zip").exists()


def test_a_bag_is_valid_for_others_and_its_package_for_us(keeper: Program) -> None:
    done = keeper("deliver", "package.asice", "--as", "bagit", "--to", "bag", *TRUST, "--json").ok()
    bag = keeper.folder / "bag"
    assert judge_bag(bag, keeper.folder) == ""
    copied = bag / "data" / "package.asice"
    assert copied.read_bytes() == (keeper.folder / "package.asice").read_bytes()
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text("utf-8").splitlines())
    assert info["External-Identifier"] == done.document["package"]
    assert info["Payload-Oxum"] == f"{copied.stat().st_size}.1"
    assert info["Source-Organization"] == "Cabinet dentaire des Tilleuls"
    assert keeper("verify", "bag", *TRUST).status == keeper("verify", "package.asice", *TRUST).status
    copied.write_bytes(copied.read_bytes()[:-1] + b"?")
    assert "package.asice" in judge_bag(bag, keeper.folder)


def test_a_set_is_one_bag_and_no_transfer(small_line: Line, tmp_path: Path) -> None:
    small_line.copy(tmp_path, "practice.db", "pressoir", "kerbrat", "roots.pem")
    desk = Program(folder=tmp_path)
    keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
    desk.here("export", "practice.db", "years.asice", "--all", *keys, "--by-retention-year").ok()
    desk("deliver", "years-set.asice", "--as", "bagit", "--to", "bag", *TRUST).ok()
    packages = {path.name for path in tmp_path.glob("years-*.asice")}
    assert {path.name for path in (tmp_path / "bag" / "data").iterdir()} == packages and len(packages) > 2
    assert judge_bag(tmp_path / "bag", tmp_path) == ""
    refused = desk("deliver", "years-set.asice", "--as", "seda", "--to", "sip.zip", *TRUST)
    assert refused.status == 2 and "name each volume of the set" in refused.err
    desk("deliver", "years-001.asice", "--as", "seda", "--to", "sip.zip", *TRUST).ok()


@pytest.mark.parametrize("form", ["seda", "bagit"])
def test_what_cannot_be_handed_over_leaves_nothing(keeper: Program, small_line: Line, form: str) -> None:
    small_line.copy(keeper.folder, "practice.db")
    folder = keeper.folder
    whole = (folder / "package.asice").read_bytes()
    middle = len(whole) // 2
    spoilt = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    (folder / "spoilt.asice").write_bytes(spoilt)
    (folder / "there").write_text("mine", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}

    def refused(source: str, to: str, *more: str) -> int:
        done = keeper("deliver", source, "--as", form, "--to", to, *more)
        assert done.err.startswith("error: "), done.err
        return done.status

    assert refused("spoilt.asice", "new", *TRUST) == 14
    assert refused("package.asice", "there", *TRUST) == 42
    assert refused("practice.db", "new") == 2
    assert refused("package.asice", "new", *TRUST, "--all") == 2
    assert refused("package.asice", "new", "--accept", "0" * 64) == 17
    assert refused("nowhere.asice", "new", *TRUST) == 54
    assert {path.name for path in folder.iterdir()} == before
    assert (folder / "there").read_text(encoding="utf-8") == "mine"
