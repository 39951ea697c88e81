"""Names from data: no command shows one that acts on a terminal, no list holds one that a spreadsheet computes."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from dataclasses import replace

import pytest

from archiver.practice.store import open_store
from formats.model.people import Patient
from tests.clinical import document, person
from tests.journeys.command_lines import LINES, VAULT, PathParameter, commands, path_parameters
from tests.journeys.line import Line, lay_molaire
from tests.journeys.program import Ended, Program
from tests.unit.fhir_exports import exports as fhir_exports
from tests.unit.plain_archives.archives import DOSSIER, lay_archives
from tests.unit.portability import archives as portability
from tests.unit.xdm.medium import Entry, lay
from tests.vectors.generator.pdlgc.archive import Plan, build

ACTS = "\x1b[2J\x1b]0;x\x07\x9b2J\x85\x7f\r\u202e\u2066\u200f\u061c\u200b\u2028\ufeff"
"""Clears a screen, names a window, ends a line, turns the direction, hides: C0, DEL, C1, bidirectional, invisible."""
FORMULA = '=HYPERLINK("http://127.0.0.1/";"x")'
FORMULAS = (FORMULA, "+1", "-1+1", "@SUM(1)", "\tx", "\uff1d1", "a\r=1", " =1", "-1")
ALLOWED = {"\n"}


def assert_harmless(ended: Ended) -> None:
    """What was printed shows everything it holds."""
    for text in (ended.out, ended.err):
        acting = {
            one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        } - ALLOWED
        assert not acting, (acting, text)


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A practice where every name was made by somebody who wants to do harm, and a package of it."""
    folder = tmp_path_factory.mktemp("names")
    small_line.copy(folder, "practice.db", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    small_line.copy(folder, "pressoir.sqlite")
    with closing(sqlite3.connect(folder / "practice.db")) as store:
        names = [
            (table, column)
            for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for _, column, *_ in store.execute(f"PRAGMA table_info([{table}])").fetchall()
            if "name" in column or column in {"title", "label", "text", "description"}
        ]
        for table, column in names:
            if table in {"patients", "practices", "practitioners", "documents", "acts", "related_persons"}:
                store.execute(f"UPDATE [{table}] SET [{column}] = [{column}] || ? WHERE [{column}] <> '' "
                              f"AND [{column}] NOT LIKE '[%' AND [{column}] NOT LIKE '%urn:%'", (ACTS,))  # fmt: skip
        store.commit()
    with closing(sqlite3.connect(folder / "pressoir.sqlite")) as source:
        source.execute("UPDATE patient SET LName = LName || ?, FName = ? || FName", (ACTS, FORMULA))
        source.commit()
    lay_molaire(folder)
    papers = folder / "papers"
    papers.mkdir()
    if os.name != "nt":
        (papers / f"x{ACTS.replace(chr(0), '')}.pdf").write_bytes(b"%PDF-1.4\n")
    (papers / "=x.txt").write_bytes(b"Bonjour")
    with (folder / "papers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["file", "patient number", "family name", "given name", "birth date"])
        writer.writerow(["=x.txt", "77777", FORMULA, "-Anne" + ACTS, ""])
    shutil.copytree(papers, folder / "folder")
    acting = "".join(one for one in ACTS if one >= " ")  # XML has no place for the others
    hostile = document(patient=person(FORMULA, f"Anne{acting}"))
    (folder / "clinical").mkdir()
    (folder / "clinical" / "=x.xml").write_bytes(hostile)
    (folder / "clinical" / "=y.xml").write_bytes(b"no document")
    medium = lay(folder / "medium", [Entry("DOC0001.XML", hostile)])
    (medium / "=x.bin").write_bytes(b"of nobody")
    traits = replace(DOSSIER.patient.traits, birth_family_name=FORMULA, used_given_name=f"Anne{ACTS}")
    hostile_dossier = replace(DOSSIER, patient=replace(DOSSIER.patient, traits=traits))
    (lay_archives(folder / "unpacked", hostile_dossier) / "=x.bin").write_bytes(b"of nobody")
    named = {**fhir_exports.PATIENT, "id": "x", "name": [{"family": FORMULA, "given": [f"Anne{ACTS}"]}]}
    strange = {"resourceType": f"=x{ACTS}", "id": "y"}
    (folder / "export.json").write_bytes(fhir_exports.bundle((*fhir_exports.EVERYTHING, named, strange)))
    one = portability.packed(portability.part([Entry("DOC0001.XML", hostile)], pdfs=("=x.pdf",)))
    portability.lay(folder / "pdlgc", portability.export({"PAT00001.ZIP": one}))
    hostile_plan = Plan(described=lambda found: found.append(replace(found[1], name=f"=x{acting}.TXT")))
    (folder / "pdlgc.zip").write_bytes(build(hostile_plan)[1])
    program = Program(folder=folder)
    program("export", "practice.db", "package.asice", "--all", *SIGN).ok()
    program(
        "import",
        "package.asice",
        "--into",
        "here.db",
        "--practice",
        "Cabinet",
        "--receipt",
        "receipt.json",
        *OPEN,
    ).ok()
    if os.name != "nt":
        shutil.copy(folder / "package.asice", folder / f"p{ACTS}.asice")
    return program


SIGN = ("--signer", "kerbrat/signer.p12", "--to", "pressoir/receiver.recipient")
OPEN = ("--identity", "receiver.identity", "--roots", "kerbrat/roots.pem")
WHY = ("--reason", "Expertise", "--by", "Anne")
ASKED = ("--name", "Anne", "--by", "Anne")
EXPERT = ("--expert", "pressoir/receiver.recipient")
PART = (
    *("--receiver", "Anne=pressoir/receiver.recipient", "--sender", "Archives", "--unsigned", "essai"),
    *(*SIGN[:2], *OPEN),
)
RECEIVER = ("--by", "Anne", "--receiver", "Anne")
SHOWN = {
    "export": [("export", "practice.db", "again.asice", "--all", *SIGN)],
    "verify": [("verify", "package.asice", "--roots", "kerbrat/roots.pem")],
    "inspect": [("inspect", "package.asice", *OPEN)],
    "import": [
        (
            "import",
            "package.asice",
            "--into",
            "new.db",
            *OPEN,
            "--preview",
            "--page",
            "seen.html",
            "--list",
            "seen.csv",
        ),
        ("import", "package.asice", "--into", "new.db", *OPEN, "--only", f"no{ACTS}.csv"),
        ("import", "package.asice", "--into", "new.db", *OPEN),
    ],
    "patients": [("patients", "practice.db"), ("patients", "new.db", "--roster", "roster.csv")],
    "roster check": [
        ("roster", "check", "practice.db", "roster.csv"),
        ("roster", "check", "practice.db", f"no{ACTS}.csv"),
        ("roster", "check", "new.db", "roster.csv"),
    ],
    "deliver": [
        ("deliver", "practice.db", "--patient", "1", "--to", "again-1", *RECEIVER),
        ("deliver", "practice.db", "--all", "--as", "zip", "--to", "again-2", *RECEIVER),
        ("deliver", "package.asice", "--patient", "45", "--to", "again-3", *OPEN),
        (
            *("deliver", "practice.db", "--all", "--as", "pdlgc", "--no-pdf", "--to", "again-4"),
            *("--signer", "kerbrat/signer.p12", *RECEIVER),
        ),
        ("deliver", "practice.db", "--patient", "1", "--to", "kerbrat", *RECEIVER),
        ("deliver", "practice.db", "--all", "--as", "eark", "--to", "again-4", *RECEIVER),
        ("deliver", "practice.db", "--all", "--as", "fhir", "--to", "again-7", *RECEIVER),
        ("deliver", "practice.db", "--all", "--as", "dicom", "--to", "again-8", *RECEIVER),
        ("deliver", "package.asice", "--as", "seda", "--to", "again-5", *OPEN[2:]),
        ("deliver", "package.asice", "--as", "bagit", "--to", "again-6", *OPEN[2:]),
    ],
    "show": [
        ("show", "practice.db", "1"),
        ("show", "practice.db", "45", "--section", "acts", "--section", "documents", "--section", "chart"),
        ("show", "practice.db", f"lemoine{ACTS}"),
        ("show", "package.asice", "1", *OPEN),
    ],
    "roster sign": [
        ("roster", "sign", "roster.csv", *SIGN[:2], "--practice", ACTS, "--between", "Anne"),
        ("roster", "sign", "roster.csv", *SIGN[:2], "--practice", "P", "--between", f"Anne{ACTS}"),
        ("roster", "sign", "roster.csv", *SIGN[:2], "--practice", "P", "--between", "Anne"),
    ],
    "roster verify": [("roster", "verify", f"no{ACTS}.csv"), ("roster", "verify", "roster.csv")],
    "find": [
        ("find", "practice.db", "lemoine"),
        ("find", "practice.db", f"x{ACTS}"),
        ("find", "package.asice", "Perrichon", *OPEN),
    ],
    "roster propose": [
        ("roster", "propose", "practice.db", "--rule", "attending", "--to", "proposal"),
        ("roster", "propose", "practice.db", "--rule", f"x{ACTS}", "--to", "proposal"),
        ("roster", "propose", "new.db", "--rule", "booked-with", "--practitioner", f"x{ACTS}", "--to", "p"),
        ("roster", "check", "practice.db", "proposal/roster.csv"),
    ],
    "import list": [("import", "list", "new.db")],
    "import undo": [("import", "undo", "new.db", "--by", "Anne", "--dry-run")],
    "people list": [("people", "list", "new.db")],
    "people duplicates": [("people", "duplicates", "new.db")],
    "people show": [
        ("people", "show", "new.db"),
        ("people", "show", "new.db", ACTS),
        ("people", "show", "new.db", "--answers", "again.answers.csv", "--page", "again.html"),
    ],
    "people answer": [("people", "answer", "new.db", "--file", "again.answers.csv", "--by", "Anne")],
    "people same": [("people", "same", "new.db", "999", "--by", "Anne")],
    "people different": [("people", "different", "new.db", "999", "--by", "Anne")],
    "people undo": [("people", "undo", "new.db", f"x{ACTS}", "--by", "Anne")],
    "people separate": [("people", "separate", "new.db", ACTS, "--by", "Anne")],
    "hold set": [("hold", "set", "practice.db", "1", *WHY), ("hold", "set", "practice.db", ACTS, *WHY)],
    "hold list": [("hold", "list", "practice.db", "--all")],
    "hold lift": [("hold", "lift", "practice.db", "1", *WHY)],
    "retention list": [("retention", "list", "practice.db")],
    "retention keep": [("retention", "keep", "practice.db", "1", "--until", "2060-12-31", *WHY)],
    "retention consolidation": [
        ("retention", "consolidation", "practice.db", "1", "--on", "2024-03-01", *WHY),
        ("retention", "consolidation", "practice.db", "1", "--on", f"2024{ACTS}", *WHY),
    ],
    "retention decisions": [("retention", "decisions", "practice.db", "--all")],
    "retention withdraw": [("retention", "withdraw", "practice.db", "1", *WHY)],
    "request open": [
        ("request", "open", "practice.db", "1", *ASKED, "--received", "2026-01-01"),
        ("request", "open", "practice.db", ACTS, *ASKED, "--received", ACTS),
    ],
    "request identity": [("request", "identity", "practice.db", "1", "--how", "x", "--by", "Anne")],
    "request list": [("request", "list", "practice.db", "--all")],
    "request fulfil": [
        ("request", "fulfil", "practice.db", "1", "--to", "again-1", "--by", "Anne"),
        ("request", "fulfil", "practice.db", "1", "--to", "again-2", "--by", "Anne", "--only", ACTS),
        ("request", "fulfil", "practice.db", "1", "--to", "again-2", "--by", "Anne", "--without", ACTS),
    ],
    "request show": [("request", "show", "practice.db", "1")],
    "request proof": [
        ("request", "proof", "practice.db", "1", "--how", "by-hand", "--to", "Anne", "--by", "Anne")
    ],
    "request close": [("request", "close", "practice.db", "1", "--as", "refusal", *WHY)],
    "request reopen": [("request", "reopen", "practice.db", "1", *WHY)],
    "dossier check": [("dossier", "check", "practice.db")],
    "proof patient": [
        ("proof", "patient", "package.asice", "1", "--to", "again.json", *OPEN),
        ("proof", "patient", "package.asice", ACTS, "--to", "again.json", *OPEN),
    ],
    "split": [
        ("patients", "here.db", "--roster", "split.csv"),
        ("split", "package.asice", "--roster", "split.csv", *PART, "--leave-out", "--to", f"parts{ACTS}"),
        ("split", "package.asice", "--roster", f"no{ACTS}.csv", *PART, "--to", "parts"),
        (
            "split",
            "package.asice",
            "--roster",
            "split.csv",
            *PART,
            "--receiver",
            f"{ACTS}={ACTS}",
            "--to",
            "parts",
        ),
        (
            "split",
            "package.asice",
            "--roster",
            "split.csv",
            *PART,
            "--receiver",
            f"Paul={ACTS}",
            "--to",
            "parts",
        ),
    ],
    "proof absent": [("proof", "absent", "package.asice", *EXPERT, "--to", "again.age", *OPEN)],
    "proof verify": [
        ("proof", "patient", "package.asice", "1", "--to", "proof.json", *OPEN),
        ("proof", "verify", "proof.json", "package.asice", *OPEN[2:]),
        ("proof", "absent", "package.asice", *EXPERT, "--to", "listed.age", *OPEN),
        ("proof", "verify", "listed.age", "package.asice", *OPEN, "--patient", ACTS, "--patient", "dupont"),
    ],
    "register processing": [
        ("register", "processing", "practice.db", "--to", f"r{ACTS}"),
        ("register", "processing", "practice.db", "--to", "r", "--templates", f"t{ACTS}"),
    ],
    "register notice": [("register", "notice", "practice.db", "--to", f"n{ACTS}")],
    "breach open": [
        ("breach", "open", "practice.db", "--what", "x", "--nature", "integrity", "--by", "Anne"),
        ("breach", "open", "practice.db", "--what", ACTS, "--nature", "integrity", "--by", "Anne"),
    ],
    "breach update": [("breach", "update", "practice.db", "1", "--data", f"x{ACTS}", "--by", "Anne")],
    "breach notify": [("breach", "notify", "practice.db", "1", "--on", ACTS, "--by", "Anne")],
    "breach inform": [("breach", "inform", "practice.db", "1", "--how", f"x{ACTS}", "--by", "Anne")],
    "breach close": [("breach", "close", "practice.db", "1", *WHY)],
    "breach reopen": [("breach", "reopen", "practice.db", "1", *WHY)],
    "breach list": [("breach", "list", "practice.db", "--all")],
    "breach sheet": [("breach", "sheet", "practice.db", "1", "--to", f"s{ACTS}")],
    "host add": [
        ("host", "add", "practice.db", "--name", "H", "--service", "s", "--by", "Anne"),
        ("host", "add", "practice.db", "--name", f"H{ACTS}", "--service", "s", "--by", "Anne"),
    ],
    "host renew": [("host", "renew", "practice.db", "1", "--until", ACTS, "--by", "Anne")],
    "host end": [("host", "end", "practice.db", "1", *WHY)],
    "host list": [("host", "list", "practice.db", "--all")],
    "vault init": [
        ("vault", "init", f"again{ACTS}", "--name", "H", "--uncertified", f"x{ACTS}"),
        ("vault", "init", f"again{ACTS}", "--name", f"H{ACTS}", "--uncertified", "x"),
        VAULT,
    ],
    "vault host": [("vault", "host", "vault", f"s{ACTS}", "--uncertified", "x")],
    "vault storage add": [("vault", "storage", "add", "vault", f"again{ACTS}", "--uncertified", "x")],
    "vault storage list": [("vault", "storage", "list", "vault")],
    "vault storage retire": [("vault", "storage", "retire", "vault", f"s{ACTS}", *WHY)],
    "vault storage clear": [
        ("vault", "storage", "clear", "vault", f"s{ACTS}", *WHY[2:], "--to", f"t{ACTS}", *SIGN[:2])
    ],
    "backup storage add": [("backup", "storage", "add", f"b{ACTS}", f"again{ACTS}")],
    "backup storage list": [("backup", "storage", "list", f"b{ACTS}")],
    "backup storage retire": [("backup", "storage", "retire", f"b{ACTS}", "storage-1", *WHY)],
    "backup storage clear": [
        ("backup", "storage", "clear", f"b{ACTS}", "storage-1", *WHY[2:], "--to", f"t{ACTS}")
    ],
    "vault deposit": [
        (
            *("vault", "deposit", "vault", f"p{ACTS}.asice", "package.asice", *SIGN[:2]),
            *("--receipts", f"again{ACTS}", *OPEN[2:]),
        ),
    ],
    "read": [
        ("read", "practice.db", "--no-browser", "--idle", "1"),
        ("read", f"no{ACTS}.db", "--no-browser", "--idle", "1"),
    ],
    "vault list": [("vault", "list", "vault"), ("vault", "list", "vault", "--sender", f"x{ACTS}")],
    "vault show": [("vault", "show", "vault", f"x{ACTS}")],
    "vault fetch": [("vault", "fetch", "vault", f"x{ACTS}", "--to", f"again{ACTS}")],
    "vault export": [("vault", "export", "vault", "--sender", f"x{ACTS}", "--to", f"again{ACTS}")],
    "vault audit": [("vault", "audit", "vault", "--report", f"report{ACTS}.html")],
    "vault parity make": [("vault", "parity", "make", "vault", f"x{ACTS}")],
    "vault parity show": [("vault", "parity", "show", "vault")],
    "vault parity set": [("vault", "parity", "set", "vault", "10")],
    "vault rebuild": [("vault", "rebuild", "vault")],
    "vault repair": [("vault", "repair", "vault")],
    "vault profile set": [
        ("vault", "profile", "set", "vault", "--tsa", f"http://a.example/{ACTS}"),
        ("vault", "profile", "set", "vault", "--tsa", f"a{ACTS}", "--ends", f"x{ACTS}"),
    ],
    "vault profile show": [("vault", "profile", "show", "vault")],
    "vault renew": [("vault", "renew", "vault", "--dry-run")],
    "vault journal seal": [("vault", "journal", "seal", "vault")],
    "vault journal verify": [
        ("vault", "journal", "verify", "vault"),
        ("vault", "journal", "verify", "vault", "--checkpoint", f"no{ACTS}"),
        ("vault", "journal", "verify", "vault", "--log-key", f"no{ACTS}"),
    ],
    "vault journal show": [("vault", "journal", "show", "vault", "--package", f"no{ACTS}")],
    "vault journal proof": [("vault", "journal", "proof", "vault", "--to", f"proof{ACTS}")],
    "vault journal export": [("vault", "journal", "export", "vault", "--to", f"journal{ACTS}")],
    "vault journal add-cosignature": [("vault", "journal", "add-cosignature", "vault", f"no{ACTS}")],
    "vault witness": [("vault", "witness", "vault", f"no{ACTS}", "--to", f"x{ACTS}")],
    "vault due": [("vault", "due", "vault", "--csv", f"due{ACTS}.csv")],
    "vault hold": [("vault", "hold", "vault", f"x{ACTS}", *WHY, *SIGN[:2])],
    "vault lift": [("vault", "lift", "vault", f"x{ACTS}", *WHY, *SIGN[:2])],
    "vault restitute": [
        (
            *("vault", "restitute", "vault", f"x{ACTS}", "--to", f"again{ACTS}", *SIGN[:2]),
            *("--by", f"x{ACTS}", "--receiver", f"x{ACTS}"),
        )
    ],
    "vault approver": [("vault", "approver", "vault", "--name", f"x{ACTS}", *SIGN[:2])],
    "vault destroy request": [("vault", "destroy", "request", "vault", f"x{ACTS}", *WHY[2:], *SIGN[:2])],
    "vault destroy approve": [("vault", "destroy", "approve", "vault", f"x{ACTS}", *WHY[2:], *SIGN[:2])],
    "vault destroy withdraw": [("vault", "destroy", "withdraw", "vault", f"x{ACTS}", *WHY, *SIGN[:2])],
    "vault destroy carry-out": [
        ("vault", "destroy", "carry-out", "vault", f"x{ACTS}", "--to", f"again{ACTS}", *SIGN[:2])
    ],
    "vault destroy list": [("vault", "destroy", "list", "vault")],
    "receipt sign": [
        ("receipt", "sign", "receipt.json", *SIGN[:2]),
        ("receipt", "sign", f"no{ACTS}.json", *SIGN[:2]),
    ],
    "receipt check": [
        ("receipt", "check", "receipt.json", "--package", "package.asice", *OPEN),
        ("receipt", "check", f"no{ACTS}.json", "--package", "package.asice", *OPEN),
    ],
    "handover record": [
        ("handover", "record", "practice.db", "receipt.json", "--roots", "kerbrat/roots.pem"),
        ("handover", "record", "practice.db", f"no{ACTS}.json"),
        ("handover", "record", "practice.db", "--package", "package.asice", "--roots", "kerbrat/roots.pem"),
    ],
    "handover status": [("handover", "status", "practice.db")],
    "handover proof": [
        ("handover", "proof", "practice.db", f"no{ACTS}", "--to", ACTS, "--how", "by-hand", "--by", ACTS),
        ("handover", "proof", "practice.db", "--claims", f"no{ACTS}.csv", "--how", "by-hand", "--by", ACTS),
    ],
    "paperwork receipt": [
        ("paperwork", "receipt", "receipt.json", "--to", "slip"),
        ("paperwork", "receipt", "receipt.json", "--to", f"p{ACTS}"),
    ],
    "dossier gone": [("dossier", "gone", "practice.db"), ("dossier", "gone", "practice.db", "--drop")],
    "dossier review": [
        ("dossier", "review", "practice.db"),
        ("dossier", "review", "practice.db", "1"),
        ("dossier", "review", "practice.db", "1", "--by", f"x{ACTS}", "--remark", ACTS),
    ],
    "keys show-unit": [
        ("keys", "show-unit", "package.asice", "--patient", "1", *OPEN),
        ("keys", "show-unit", "package.asice", "--patient", f"x{ACTS}", *OPEN),
        ("keys", "show-unit", "package.asice", "--patient", "Kerbrat", *OPEN),
    ],
    "collect opendental": [("collect", "opendental", "pressoir.sqlite", "--into", "new.db")],
    "collect mapped": [
        ("collect", "mapped", "molaire", "--mapping", "molaire-3.toml", "--into", "mapped.db"),
        ("collect", "mapped", "molaire", "--mapping", f"no{ACTS}.toml", "--into", "mapped.db"),
        ("collect", "mapped", f"no{ACTS}", "--mapping", "molaire-3.toml", "--into", "mapped.db"),
    ],
    "mapping preview": [
        ("mapping", "preview", "molaire", "--mapping", "molaire-3.toml", "--page", "molaire.html"),
        ("mapping", "preview", f"no{ACTS}", "--mapping", "molaire-3.toml"),
    ],
    "mapping propose": [
        ("mapping", "propose", "molaire", "--software", f"x{ACTS}", "--to", "proposal.toml"),
        ("mapping", "propose", f"no{ACTS}", "--software", "x", "--to", "other.toml"),
    ],
    "mapping check": [
        ("mapping", "check", "molaire-3.toml"),
        ("mapping", "check", f"no{ACTS}.toml"),
        ("mapping", "check", "molaire-3.toml", "--source", f"no{ACTS}"),
        ("mapping", "check", "molaire-3.toml", "--source", "molaire", "--files", f"no{ACTS}"),
    ],
    "collect documents": [
        ("collect", "documents", "papers", "--into", "practice.db", "--report", "papers-report.csv"),
        ("collect", "documents", "papers", "--into", "practice.db", "--assign", "papers-report.csv"),
    ],
    "collect any": [
        ("collect", "pressoir.sqlite", "--into", "new.db"),
        ("collect", f"x/{ACTS}", "--into", "new.db"),
    ],
    "sources": [("sources",)],
    "judge pdlgc": [
        ("judge", "pdlgc", "pdlgc.zip", "--page", "judged.html"),
        ("judge", "pdlgc", f"no{ACTS}.zip"),
    ],
    "judge xdm": [("judge", "xdm", "medium"), ("judge", "xdm", f"no{ACTS}")],
    "judge cda": [("judge", "cda", "clinical/=x.xml"), ("judge", "cda", f"no{ACTS}")],
    "judge dicom": [("judge", "dicom", "folder"), ("judge", "dicom", f"no{ACTS}")],
    "collect cda": [("collect", "cda", "clinical", "--into", "new.db", "--report", "cda-report.csv")],
    "collect xdm": [("collect", "xdm", "medium", "--into", "new.db", "--report", "xdm-report.csv")],
    "collect fhir": [("collect", "fhir", "export.json", "--into", "new.db", "--report", "fhir-report.csv")],
    "collect pdlgc": [("collect", "pdlgc", "pdlgc", "--into", "new.db", "--report", "pdlgc-report.csv")],
    "collect archive": [
        ("collect", "archive", "unpacked", "--into", "new.db", "--report", "archive-report.csv")
    ],
    "collect bridges": [
        ("collect", "bridges", "folder", "--into", "practice.db", "--report", "bridges-report.csv")
    ],
    "collect dicom": [
        ("collect", "dicom", "folder", "--into", "practice.db", "--report", "dicom-report.csv")
    ],
    "collect dicom-receive": [
        (
            *("collect", "dicom-receive", "--into", "practice.db", "--images", "folder"),
            *("--port", "0", "--idle", "1", "--report", "received-report.csv"),
        ),
        (
            *("collect", "dicom-receive", "--into", "practice.db", "--images", f"x{ACTS}"),
            *("--address", f"no{ACTS}", "--port", "0", "--idle", "1"),
        ),
    ],
    "collect dicom-node": [
        ("collect", "dicom-node", f"P{ACTS}@127.0.0.1:9", "--into", "practice.db", "--images", f"x{ACTS}"),
        ("collect", "dicom-node", "PACS@127.0.0.1:9", "--into", "practice.db", "--images", f"x{ACTS}"),
    ],
    "collect dicomweb": [
        ("collect", "dicomweb", f"http://127.0.0.1:9/{ACTS}", "--into", "practice.db", "--images", "folder"),
        (
            *("collect", "dicomweb", "http://127.0.0.1:9/x", "--into", "practice.db", "--images", "folder"),
            *("--user", f"x{ACTS}"),
        ),
    ],
    "backup init": [
        ("backup", "init", f"b{ACTS}", "--source", f"x{ACTS}", "--to", f"y{ACTS}", "--name", "H"),
        ("backup", "init", f"b{ACTS}", "--source", "practice.db", "--to", f"y{ACTS}", "--name", f"H{ACTS}"),
    ],
    "backup run": [("backup", "run", f"b{ACTS}")],
    "backup watch": [("backup", "watch", f"b{ACTS}", "--runs", "1")],
    "backup status": [("backup", "status", f"b{ACTS}")],
    "backup drill": [("backup", "drill", f"b{ACTS}", *OPEN[:2])],
    "backup restore": [
        ("backup", "restore", "--storage", f"s{ACTS}", *OPEN[:2], "--into", "new.db"),
        ("backup", "restore", f"b{ACTS}", *OPEN[:2], "--into", "new.db"),
    ],
    "backup schedule": [("backup", "schedule", f"b{ACTS}", "--to", f"t{ACTS}")],
    "vault probe": [
        ("vault", "probe", f"s3:http://127.0.0.1:9/{ACTS}"),
        ("vault", "probe", "s3:http://127.0.0.1:9/bucket", "--credentials", f"no{ACTS}.ini"),
    ],
    "studies": [("studies", f"P{ACTS}@127.0.0.1:9"), ("studies", "PACS@127.0.0.1:9")],
    "evidence show": [("evidence", "show", "package.asice")],
    "evidence build": [("evidence", "build", "package.asice", "--tsa", f"http://127.0.0.1:9/{ACTS}")],
    "evidence renew": [("evidence", "renew", "package.asice", "--tsa", f"http://127.0.0.1:9/{ACTS}")],
    "keys new": [("keys", "new", "k", "--name", f"Anne{ACTS}", "--no-passphrase")],
    "keys recovery": [("keys", "recovery", f"{ACTS}", "--out", "x.pdf")],
    "keys drill": [("keys", "drill", "package.asice", "--cards-file", f"{ACTS}")],
    "keys restore": [("keys", "restore", "k", "--cards-file", f"{ACTS}", "--no-passphrase")],
    "keys share": [("keys", "share", "package.asice", "s.asice", *SIGN, *OPEN)],
    "paperwork transfer": [
        ("paperwork", "transfer", "package.asice", "--to", f"again{ACTS}", *OPEN),
        ("paperwork", "transfer", f"p{ACTS}.asice", "--to", f"again{ACTS}-2"),
    ],
    "paperwork departure": [
        (
            *("paperwork", "departure", "practice.db", "--practitioner", "99900000029"),
            *("--situation", "departure", "--to", f"again{ACTS}-4"),
        ),
        (
            *("paperwork", "departure", "practice.db", "--practitioner", f"x{ACTS}"),
            *("--situation", "departure", "--to", f"again{ACTS}-5"),
        ),
    ],
    "paperwork templates": [("paperwork", "templates", f"again{ACTS}-3")],
    "package tools": [
        ("package", "tools", f"p{ACTS}.asice", "--to", f"again{ACTS}"),
        ("package", "tools", f"p{ACTS}.asice", "--to", "kerbrat"),
    ],
}
"""What every command is asked to show; in this order, for some need what others made."""


def test_no_command_shows_a_name_that_acts(desk: Program) -> None:
    assert {name for name, _ in commands()} <= SHOWN.keys()
    seen = ""
    for lines in SHOWN.values():
        for line in lines:
            for more in ((), ("--json",)):
                again = any(word.startswith("again") for word in line)
                for left in desk.folder.glob("again*" if again else "roster.csv" if more else "-"):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
                if more and "s.asice" in line:
                    continue
                ended = desk.here(*line, *more)
                assert "[unexpected]" not in ended.err, ended.err
                assert_harmless(ended)
                if more and ended.out:
                    json.loads(ended.out)
                seen += ended.out + ended.err
    for readme in desk.folder.glob("again*/*.txt"):
        assert_harmless(Ended(status=0, out=readme.read_text(encoding="utf-8"), err=""))
    assert "\\x1b[2J" in seen and "\\u202e" in seen and "\\x9b" in seen


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names of files")
@pytest.mark.parametrize("parameter", path_parameters(), ids=str)
def test_no_refusal_shows_a_path_that_acts(parameter: PathParameter, desk: Program) -> None:
    small = PathParameter(command=parameter.command, option=parameter.option, place=parameter.place)
    ended = desk.here(*small.line(f"no{ACTS}.x"))
    assert_harmless(ended)
    assert LINES[parameter.command]


def test_no_receipt_shows_a_name_that_acts(desk: Program) -> None:
    """The sender's name is as the source has it: it may hold anything, a line of its own too."""
    with open_store(desk.folder / "practice.db", reading=True) as store:
        assert any(ACTS in practice.name for practice in store.practices())
    with closing(sqlite3.connect(desk.folder / "practice.db")) as source:
        source.execute("UPDATE practices SET name = name || ?", ("\n\nSigned by Dr Faux",))
        source.commit()
    desk.here("export", "practice.db", "receipt.asice", "--all", *SIGN).ok()
    taken = desk.here("import", "receipt.asice", *OPEN, "--into", "receipt.db", "--receipt", "taken.json")
    assert taken.status in {0, 3, 4}, taken.err
    text = (desk.folder / "taken.txt").read_text(encoding="utf-8")
    assert_harmless(Ended(status=0, out=text, err=""))
    assert "\\x0a\\x0aSigned by Dr Faux" in text
    assert not [line for line in text.splitlines() if line.startswith("Signed by Dr Faux")]


def test_no_list_holds_a_formula_and_every_list_is_read_back(desk: Program) -> None:
    with open_store(desk.folder / "formulas.db", create=True):
        pass
    with closing(sqlite3.connect(desk.folder / "pressoir.sqlite")) as source:
        for number, formula in enumerate(FORMULAS, 1):
            source.execute(
                "UPDATE patient SET LName = ?, FName = ? WHERE PatNum = ?", (formula, formula, number)
            )
        source.commit()
    desk.here("collect", "opendental", "pressoir.sqlite", "--into", "formulas.db")
    desk.here("patients", "formulas.db", "--roster", "formulas.csv").ok()
    assert desk.here(
        "collect", "documents", "papers", "--into", "practice.db", "--report", "again.csv"
    ).status in {0, 4}
    for name in ("formulas.csv", "again.csv"):
        with (desk.folder / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, delimiter=";"))
        cells = [cell for row in rows for cell in row]
        computed = [
            cell for cell in cells if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))
        ]
        assert set(computed) <= {"-1"}  # a number
        assert [cell for cell in cells if cell.startswith("'")]
    with open_store(desk.folder / "formulas.db", reading=True) as store:
        patients = list(store.patients())
    assert {one.traits.birth_family_name for one in patients} & set(FORMULAS)
    roster = ("--roster", "formulas.csv", "--practitioner", "1", "--unsigned", "essai")
    ended = desk.here("export", "formulas.db", "formulas.asice", *roster, *SIGN)
    assert "[roster-mismatch]" not in ended.err
    assert isinstance(patients[0], Patient)
