"""The reference of JSON output names every value that commands print."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.recovery.recovery_set import split_identity
from archiver.vault.description import description_of
from archiver.vault.journal.log_key import LOG_KEY, WITNESS_KEY, find_log_key
from archiver.verdict_questions import BY_NAME
from formats.words import LANGUAGES
from tests.docs.pages import DOCS, ROOT
from tests.docs.practices import lay_results
from tests.engines.seaweedfs import VAULT, SeaweedServer
from tests.journeys.program import Program
from tests.orthanc import Orthanc
from tests.unit.dicom.images import image
from tests.vectors.generator.pdlgc.archive import Plan, build

PROGRAM = Path(sys.executable).with_name("archiver")
ROOTS = ("--roots", "roots.pem")
READING = ("--identity", "receiver.identity", *ROOTS)
WHY = ("--reason", "Expertise", "--by", "Anne Exemple")
COMMANDS: dict[str, tuple[str, ...]] = {
    "sources": ("sources",),
    "collected": (
        *("collect", "dicom-receive", "--images", "imaging", "--into", "practice.db"),
        *("--port", "0", "--idle", "1"),
    ),
    "previewed": (
        *("collect", "documents", str(ROOT / "samples/practice/papers"), "--into", "practice.db"),
        *("--pattern", "{family}/{number} {title}", "--preview"),
    ),
    "exported": (
        *("export", "practice.db", "again.asice", "--practitioner", "99900000029", "--roster", "roster.csv"),
        *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12", "--unsigned", "essai"),
    ),
    "exported_each": (
        *("export", "practice.db", "orphan", "--situation", "orphan"),
        *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12"),
    ),
    "roster": ("roster", "check", "practice.db", "wrong.csv"),
    "planned": (
        *(
            "export",
            "practice.db",
            "planned.asice",
            "--practitioner",
            "99900000029",
            "--roster",
            "roster.csv",
        ),
        *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12", "--dry-run"),
    ),
    "proposed": ("roster", "propose", "practice.db", "--rule", "attending", "--to", "proposal"),
    "roster_signed": (
        *("roster", "sign", "roster.csv", "--signer", "kerbrat/signer.p12"),
        *("--practice", "Cabinet des Tilleuls", "--between", "99900000029", "--between", "99900000011"),
    ),
    "roster_verified": ("roster", "verify", "signed/roster.csv", "--roots", "roots.pem"),
    "judged": ("judge", "pdlgc", "PA20261128T101500.ZIP"),
    "verdict": ("verify", "package.asice", "--roots", "roots.pem"),
    "inspected": ("inspect", "package.asice", *READING),
    "receipt": ("import", "package.asice", *READING, "--into", "other.db", "--practice", "Cabinet"),
    "import_previewed": (
        *("import", "package.asice", *READING, "--into", "other.db", "--practice", "Cabinet", "--preview"),
    ),
    "proven": ("proof", "patient", "package.asice", *READING, "45", "--to", "proof-45.json"),
    "listed_for_expert": (
        *("proof", "absent", "package.asice", *READING, "--expert", "pressoir/receiver.recipient"),
        *("--to", "patients.age"),
    ),
    "proof": (
        *("proof", "verify", "given.age", "package.asice", *READING, "--patient", "perrichon"),
        *("--patient", "Lemoine Gontran"),
    ),
    "unit": ("keys", "show-unit", "package.asice", *READING, "--patient", "45"),
    "people": ("people", "list", "successor.db"),
    "find": ("find", "practice.db", "lemoine"),
    "show": ("show", "practice.db", "45"),
    "delivered": (
        *("deliver", "practice.db", "--patient", "45", "--to", "for-the-patient.zip", "--as", "zip"),
        *("--by", "Dr Exemple", "--receiver", "M. Exemple"),
    ),
    "tables": (
        *("deliver", "practice.db", "--all", "--as", "tables", "--to", "tables"),
        *("--by", "Dr Exemple", "--receiver", "M. Exemple"),
    ),
    "packaged": (
        *("deliver", "practice.db", "--all", "--as", "eark", "--to", "eark.zip"),
        *("--by", "Dr Exemple", "--receiver", "Archives Exemple"),
    ),
    "exported_fhir": (
        *("deliver", "practice.db", "--patient", "45", "--as", "fhir", "--to", "fhir"),
        *("--by", "Dr Exemple", "--receiver", "M. Exemple"),
    ),
    "transferred": ("deliver", "package.asice", "--as", "seda", "--to", "sip.zip", *ROOTS),
    "bagged": ("deliver", "package.asice", "--as", "bagit", "--to", "bag", *ROOTS),
    "exported_pdlgc": (
        *("deliver", "practice.db", "--all", "--as", "pdlgc", "--no-pdf", "--to", "official"),
        *("--signer", "kerbrat/signer.p12", "--by", "Dr Exemple", "--receiver", "M. Exemple"),
    ),
    "keys": ("keys", "new", "new", "--name", "Dr Exemple", "--no-passphrase"),
    "kit": ("keys", "recovery", "receiver.identity", "--out", "kit.pdf"),
    "drill": ("keys", "drill", "package.asice", "--cards-file", "cards.txt", *ROOTS),
    "restored": ("keys", "restore", "restored", "--cards-file", "cards.txt", "--no-passphrase"),
    "shared": (
        *("keys", "share", "package.asice", "shared.asice", *READING),
        *("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12"),
    ),
    "split": (
        *("split", "package.asice", *READING, "--roster", "split.csv", "--unsigned", "An example"),
        *("--receiver", "Anne=pressoir/receiver.recipient", "--leave-out", "--to", "parts"),
        *("--sender", "Archives", "--signer", "kerbrat/signer.p12"),
    ),
    "split_planned": (
        *("split", "package.asice", *READING, "--roster", "split.csv", "--dry-run"),
        *("--receiver", "Anne=pressoir/receiver.recipient", "--leave-out", "--to", "planned"),
        *("--sender", "Archives", "--signer", "kerbrat/signer.p12"),
    ),
    "tools": ("package", "tools", "package.asice"),
    "retention": ("retention", "list", "practice.db"),
    "retention_decision": ("retention", "keep", "practice.db", "1", "--until", "2060-12-31", *WHY),
    "retention_decisions": ("retention", "decisions", "practice.db"),
    "hold": ("hold", "set", "practice.db", "1", *WHY),
    "holds": ("hold", "list", "practice.db"),
    "request": ("request", "open", "practice.db", "1", "--name", "Anne Exemple", "--by", "Anne Exemple"),
    "requests": ("request", "list", "practice.db"),
    "breach": (
        *("breach", "open", "practice.db", "--what", "Laptop stolen", "--nature", "confidentiality"),
        *("--by", "Dr Exemple"),
    ),
    "breaches": ("breach", "list", "practice.db"),
    "host": (
        "host",
        "add",
        "practice.db",
        "--name",
        "Archives",
        "--service",
        "archives",
        "--by",
        "Dr Exemple",
    ),
    "hosts": ("host", "list", "practice.db"),
    "vault_description": (
        *(
            "vault",
            "init",
            "vault",
            "--name",
            "Archives Exemple",
            "--storage",
            "disk-a",
            "--storage",
            "disk-b",
        ),
        *("--certificate", "HDS-2026-0001", "--until", "2099-05-01"),
    ),
    "deposits": (
        *("vault", "deposit", "vault", "package.asice", "nowhere.asice", "--signer", "kerbrat/signer.p12"),
        *("--receipts", "receipts", *ROOTS),
    ),
    "deposited": ("vault", "list", "vault"),
    "deposited_package": ("vault", "show", "vault", "PACKAGE"),
    "due": ("vault", "due", "vault", "--on", "2046-12-31", "--units"),
    "vault_hold": ("vault", "hold", "vault", "PACKAGE", *WHY, "--signer", "kerbrat/signer.p12"),
    "vault_approvers": (
        "vault",
        "approver",
        "vault",
        "--name",
        "Anne Martin",
        "--signer",
        "kerbrat/signer.p12",
    ),
    "vault_destructions": ("vault", "destroy", "list", "vault"),
    "given_back": ("vault", "fetch", "vault", "PACKAGE", "--to", "given-back"),
    "restituted": (
        *("vault", "restitute", "vault", "--all", "--to", "restituted", "--by", "Anne Martin"),
        *("--receiver", "Autres Archives", "--signer", "kerbrat/signer.p12"),
    ),
    "audit": ("vault", "audit", "vault"),
    "preservation_profile": ("vault", "profile", "set", "vault", "--tsa", "http://127.0.0.1:9/tsa"),
    "backup_init": (
        *("backup", "init", "new-backup", "--source", "successor.db", "--to", "second-disk"),
        *("--name", "Cabinet"),
    ),
    "backup_run": ("backup", "run", "backup"),
    "backup_status": ("backup", "status", "backup"),
    "backup_drill": ("backup", "drill", "backup"),
    "backup_restore": ("backup", "restore", "backup", "--into", "restored.db"),
    "backup_schedule": ("backup", "schedule", "backup", "--to", "schedule"),
    "parity_made": ("vault", "parity", "make", "vault"),
    "parity": ("vault", "parity", "show", "vault"),
    "vault_evidence": ("vault", "renew", "vault", "--dry-run"),
    "rebuilt": ("vault", "rebuild", "vault"),
    "journal": ("vault", "journal", "show", "vault"),
    "sealed": ("vault", "journal", "seal", "vault"),
    "journal_verified": ("vault", "journal", "verify", "vault"),
    "witnessed": (
        *("vault", "witness", "vault", "vault/journal", "--to", "cosigned"),
        *("--log-key", "JOURNAL_KEY"),
    ),
    "cosigned": ("vault", "journal", "add-cosignature", "vault", "cosigned", "--witness", "WITNESS_KEY"),
    "storage_filled": ("vault", "storage", "add", "vault", "disk-c", "--uncertified", "Essai"),
    "storage_retired": ("vault", "storage", "retire", "vault", "storage-1", *WHY),
    "storage_cleared": (
        *("vault", "storage", "clear", "vault", "storage-1", *WHY[2:], "--to", "statements"),
        *("--signer", "kerbrat/signer.p12"),
    ),
    "vault_storages": ("vault", "storage", "list", "vault"),
    "register": ("register", "notice", "practice.db", "--to", "notice-of-it"),
    "completeness": ("dossier", "check", "practice.db"),
    "receipt_signed": ("receipt", "sign", "receipt.json", "--signer", "kerbrat/signer.p12"),
    "receipt_checked": (
        *("receipt", "check", "receipt.json", "--package", "package.asice", *READING),
        *("--roots", "pressoir/roots.pem"),
    ),
    "handover_recorded": ("handover", "record", "practice.db", "--package", "package.asice", *ROOTS),
    "handovers": ("handover", "status", "practice.db"),
    "handover_proven": (
        *("handover", "proof", "practice.db", "package.asice", "--to", "M. Exemple", "--how", "by-hand"),
        *("--by", "Dr Exemple"),
    ),
    "dossier_gone": ("dossier", "gone", "practice.db"),
    "dossier_review": ("dossier", "review", "practice.db", "1"),
    "compared": ("people", "show", "successor.db"),
    "duplicates": ("people", "duplicates", "practice.db"),
    "imports": ("import", "list", "successor.db"),
    "undone": ("import", "undo", "successor.db", "--by", "Dr Exemple", "--dry-run"),
    "answers": ("people", "answer", "successor.db", "--file", "answers.csv", "--by", "Dr Exemple"),
    "decision": ("people", "same", "successor.db", "z93tp-wkgg1", "--by", "Dr Exemple"),
    "paperwork": ("paperwork", "transfer", "package.asice", "--to", "papers-of-it", *ROOTS),
    "departure": (
        *("paperwork", "departure", "practice.db", "--practitioner", "Kerbrat", "--situation", "departure"),
        *("--to", "letters-of-it"),
    ),
    "templates": ("paperwork", "templates", "templates"),
}
ENDED = {"judged": 6, "receipt_checked": 4, "roster": 32, "roster_verified": 3, "hosts": 5, "deposits": 54}
"""How those end that have more to say than that all went well."""
NAMED = re.compile(r"^\| (?P<paths>`[^|]*`)", re.MULTILINE)
VARYING = {
    "kinds",
    "tables",
    "counts",
    "left_out",
    "terms",
    "facts",
    "patient",
    "cells",
    "known",
    "nearest",
    "unfinished",
    "states",
    "resources",
    "rows_by_table",
    "removed",
    "restored",
}
"""Objects whose names are data."""
ENTRIES = {"retention", "holds", "retention_decisions", "requests", "breaches", "hosts"}
"""Documents of which ``listed`` are entries whose names are described, not cells of a list."""
SINGLE = {one: one.removesuffix("s") for one in ENTRIES - {"retention", "breaches"}} | {"breaches": "breach"}
"""By such a document, the section that describes one entry."""


FOLLOWING = frozenset({"vault", "host"})
"""First words of the commands that follow from one another."""


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    shutil.copytree(ROOT / "samples" / "practice" / "imaging", folder / "imaging")
    files = ("package.asice", "roots.pem", "receiver.identity", "roster.csv", "receipt.json")
    stores = ("practice.db", "practice.files", "successor.db", "successor.files")
    lay_results(demo, folder, *files, *stores, "kerbrat", "pressoir")
    program = Program(folder=folder)
    program("receipt", "sign", "receipt.json", "--signer", "pressoir/signer.p12").ok()
    program("handover", "record", "practice.db", "receipt.json", "--roots", "pressoir/roots.pem").incomplete()
    roster = (folder / "roster.csv").read_text(encoding="utf-8")
    (folder / "split.csv").write_text(roster.replace("99900000029", "Anne"), encoding="utf-8")
    (folder / "wrong.csv").write_text(
        (folder / "roster.csv").read_text(encoding="utf-8")
        + "45;Perrichon;Gérard;1955-11-23;\n45;Perrichon;Gilbert;1955-11-23;\n4711;Perrichon;Gérard;;\n",
        encoding="utf-8",
    )
    listing = ("proof", "absent", "package.asice", *READING, "--expert", "pressoir/receiver.recipient")
    Program(folder=folder)(*listing, "--to", "given.age").ok()
    with (folder / "receiver.identity").open("rb") as stream:
        (key,) = read_identities(stream)
    assert isinstance(key, HybridIdentity)
    cards = split_identity(key, threshold=3, cards=5).cards
    (folder / "answers.csv").write_text("question;answer\napdss-04pv1;different\n", encoding="utf-8")
    (folder / "cards.txt").write_text(
        "\n\n".join(" ".join(card.words) for card in cards[:3]), encoding="utf-8"
    )
    name, data = build(Plan(kind="nothing"))
    (folder / name).write_bytes(data)
    (folder / "signed").mkdir()
    shutil.copy(folder / "roster.csv", folder / "signed")
    sign = COMMANDS["roster_signed"]
    Program(folder=folder)(*sign[:2], "signed/roster.csv", *sign[3:]).ok()
    for name in ("disk", "second-disk"):
        (folder / name).mkdir()
    of_backup = ("--source", "successor.db", "--to", "disk", "--name", "Cabinet")
    Program(folder=folder)("backup", "init", "backup", *of_backup).ok()
    return folder


@cache
def ended(shape: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a command once; before one of ``FOLLOWING``, those like it that stand above, whichever worker ran them."""
    first = COMMANDS[shape][0]
    if first in FOLLOWING:
        above = takewhile(lambda one: one != shape, COMMANDS)
        for earlier in [one for one in above if COMMANDS[one][0] == first]:
            ended(earlier, folder)
    packages = [
        json.loads(one.read_text(encoding="utf-8"))["package"] for one in folder.glob("receipts/*.json")
    ]
    stands_for = dict(zip(("PACKAGE",), packages, strict=False)) | _keys(folder)
    words = [stands_for.get(word, word) for word in COMMANDS[shape]]
    command = [str(PROGRAM), *words, "--json"]
    environment = os.environ | {"ARCHIVER_DATA": str(folder / "data")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("shape", COMMANDS)
def test_every_value_is_described(shape: str, folder: Path) -> None:
    done = ended(shape, folder)
    assert done.returncode == ENDED.get(shape, 0), done.stderr.decode()
    document = json.loads(done.stdout)
    found = set(_paths(document, "", VARYING - {"listed"} if shape in ENTRIES else VARYING))
    assert found
    for language in LANGUAGES:
        described = set(_described(shape, language))
        assert found <= described, f"{shape} does not describe {sorted(found - described)} in {language}"


def _keys(folder: Path) -> dict[str, str]:
    """Return the keys of the journal and of the witness in the vault, as soon as it has them."""
    place = folder / "vault"
    if not place.is_dir():
        return {}
    origin = description_of(place).id
    files = {"JOURNAL_KEY": LOG_KEY, "WITNESS_KEY": WITNESS_KEY}
    found = {name: find_log_key(place, origin, file) for name, file in files.items()}
    return {name: str(key.public) for name, key in found.items() if key}


def test_a_repair_is_described(folder: Path) -> None:
    desk = Program(folder=folder)
    hosted = ("--uncertified", "Données fictives")
    disks = ("--storage", "disk-e", "--storage", "disk-f")
    desk("vault", "init", "mended", "--name", "Archives Exemple", *disks, *hosted).ok()
    signing = ("--signer", "kerbrat/signer.p12", "--receipts", "receipts-of-it", *ROOTS)
    desk("vault", "deposit", "mended", "package.asice", *signing).ok()
    stored = next((folder / "disk-e").rglob("*.asice"))
    stored.write_bytes(stored.read_bytes()[:-1] + b"\0\0")
    assert desk("vault", "audit", "mended", "--all").status == 87
    document = desk("vault", "repair", "mended", "--json").ok().document
    assert document["copies"][0]["files"]
    for language in LANGUAGES:
        assert set(_paths(document, "", VARYING)) <= set(_described("repaired", language))


def test_a_probe_is_described(seaweed: SeaweedServer, tmp_path: Path) -> None:
    address = seaweed.address(seaweed.bucket(locking=False))
    account = {"AWS_ACCESS_KEY_ID": VAULT.key_id, "AWS_SECRET_ACCESS_KEY": VAULT.secret}
    document = Program(folder=tmp_path)("vault", "probe", str(address), "--json", **account).document
    for language in LANGUAGES:
        assert set(_paths(document, "", VARYING)) <= set(_described("probe", language))


def test_the_studies_of_a_node_are_described(orthanc: Orthanc, tmp_path: Path) -> None:
    orthanc.add(image(tmp_path / "one.dcm"))
    document = Program(folder=tmp_path)("studies", orthanc.address, "--json").ok().document
    for language in LANGUAGES:
        assert set(_paths(document, "", VARYING)) <= set(_described("studies", language))


def _described(shape: str, language: str) -> Iterator[str]:
    """Return the paths of one section; the verdict's answers and the tables repeat a group."""
    page = "receipt.md" if shape == "receipt" else "output.md"
    text = (DOCS / language / "reference" / page).read_text(encoding="utf-8")
    if shape != "receipt":
        text = next(part for part in text.split("\n## ") if part.startswith(f"{shape}\n"))
    paths = [path for row in NAMED.finditer(text) for path in re.findall(r"`([^`]+)`", row["paths"])]
    yield from paths
    if shape == "verdict":
        yield from (f"{one}.{path[2:]}" for path in paths if path.startswith("*.") for one in BY_NAME)
        yield from (f"findings[].{name}" for name in ("severity", "code", "where", "text"))
    if shape == "import_previewed":
        compared = (
            path.replace("questions[]", "dossiers[].questions[]") for path in _described("compared", language)
        )
        yield from (*_described("receipt", language), *compared)
    if shape == "collected":
        yield from (path.replace("kinds.", "tables.") for path in paths)
    if shape in SINGLE:
        yield from (f"listed[].{path}" for path in _described(SINGLE[shape], language))
    if shape in {"unit", "receipt"}:
        yield from ("patient.*", "dossiers[].patient.*")


def _paths(value: Any, path: str, varying: Collection[str]) -> Iterator[str]:
    if isinstance(value, dict):
        varies = path.rpartition(".")[2].removesuffix("[]") in varying
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{'*' if varies else name}".removeprefix("."), varying)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]", varying)
    else:
        yield path
