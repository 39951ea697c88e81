"""The rules of speech: results, remarks and progress each have their place, for every command there is."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.exits import INCOMPLETE, NONCONFORMING
from archiver.cli.program import program
from tests.clinical import document
from tests.journeys import command_lines
from tests.journeys.line import EXPORT, IMPORT, ROOT, SAMPLES, Line, contents
from tests.journeys.program import PATIENCE, Program
from tests.unit.fhir_exports import exports as fhir_exports
from tests.unit.plain_archives.archives import lay_archives
from tests.unit.portability import archives as portability
from tests.unit.xdm.medium import Entry, lay
from tests.vectors.generator.pdlgc.archive import build as conforming_archive

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
WHY = ("--reason", "Expertise", "--by", "Anne Exemple")
MAPPING = ROOT / "docs" / "mappings" / "molaire-3.toml"
COMMANDS: dict[str, tuple[str | Path, ...]] = {
    "collect opendental": ("pressoir.sqlite", "--into", "fresh.db"),
    "collect mapped": (SAMPLES / "molaire", "--mapping", MAPPING, "--into", "mapped.db"),
    "mapping check": (MAPPING,),
    "mapping propose": (SAMPLES / "molaire", "--software", "Molaire", "--to", "new.toml"),
    "mapping preview": (SAMPLES / "molaire", "--mapping", MAPPING),
    "collect dicom": (SAMPLES / "practice" / "imaging", "--into", "practice.db"),
    "collect bridges": (SAMPLES / "practice" / "imaging", "--into", "practice.db"),
    "collect documents": (SAMPLES / "practice" / "papers", "--into", "practice.db"),
    "collect any": ("pressoir.sqlite", "--into", "again.db"),
    "collect cda": ("clinical.xml", "--into", "fresh.db"),
    "collect xdm": ("medium", "--into", "fresh.db"),
    "collect archive": ("unpacked", "--into", "fresh.db"),
    "collect pdlgc": ("pdlgc", "--into", "fresh.db"),
    "collect fhir": ("export.json", "--into", "fresh.db"),
    "judge pdlgc": ("PA20261128T101500.ZIP",),
    "judge xdm": ("medium",),
    "judge cda": ("clinical.xml",),
    "judge dicom": (SAMPLES / "practice" / "imaging",),
    "patients": ("practice.db",),
    "export": (*EXPORT[1:2], "new.asice", *EXPORT[3:]),
    "verify": ("package.asice", "--roots", "roots.pem"),
    "inspect": ("package.asice", *READING),
    "import": IMPORT[1:],
    "keys new": ("made", "--name", "Dr Exemple", "--no-passphrase"),
    "keys recovery": ("receiver.identity", "--out", "kit.pdf"),
    "keys share": (
        *("package.asice", "shared.asice", *READING, "--to", "pressoir/receiver.recipient"),
        *("--signer", "kerbrat/signer.p12"),
    ),
    "keys show-unit": ("package.asice", *READING, "--patient", "45"),
    "package tools": ("package.asice", "--to", "tools"),
    "split": (
        *("package.asice", *READING, "--roster", "roster.csv", "--to", "parts", "--sender", "Archives"),
        *("--unsigned", "essai"),
        *("--receiver", "99900000029=pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12"),
    ),
    "proof patient": ("package.asice", "45", "--to", "proof.json", *READING),
    "proof absent": (
        *("package.asice", "--expert", "pressoir/receiver.recipient", "--to", "patients.age", *READING),
    ),
    "people list": ("successor.db",),
    "import list": ("successor.db",),
    "retention list": ("practice.db",),
    "retention keep": ("practice.db", "1", "--until", "2060-12-31", *WHY),
    "retention consolidation": ("practice.db", "1", "--on", "2024-03-01", *WHY),
    "retention decisions": ("practice.db",),
    "hold set": ("practice.db", "1", *WHY),
    "hold list": ("practice.db",),
    "dossier check": ("practice.db",),
    "dossier gone": ("practice.db",),
    "dossier review": ("practice.db", "1"),
    "handover status": ("practice.db",),
    "request open": ("practice.db", "1", "--name", "Anne Exemple", "--by", "Anne Exemple"),
    "request list": ("practice.db",),
    "register processing": ("practice.db", "--to", "register"),
    "register notice": ("practice.db", "--to", "notice"),
    "breach open": (
        *("practice.db", "--what", "Laptop stolen", "--nature", "confidentiality", "--by", "Anne Exemple"),
    ),
    "breach list": ("practice.db",),
    "host add": (
        *("practice.db", "--name", "Archives", "--service", "archives", "--certificate", "HDS-1"),
        *("--until", "2060-12-31", "--by", "Anne Exemple"),
    ),
    "host list": ("practice.db",),
    "roster check": ("practice.db", "roster.csv"),
    "roster propose": ("practice.db", "--rule", "attending", "--to", "proposal"),
    "people show": ("successor.db",),
    "people duplicates": ("successor.db",),
    "roster sign": (
        *("roster.csv", "--signer", "kerbrat/signer.p12"),
        *("--practice", "Cabinet des Tilleuls", "--between", "99900000029"),
    ),
    "roster verify": ("roster.csv", "--roots", "roots.pem"),
    "find": ("practice.db", "lemoine"),
    "show": ("practice.db", "45"),
    "deliver": ("practice.db", "--patient", "45", "--to", "for-him", "--by", "Anne", "--receiver", "Gérard"),
    "paperwork transfer": ("package.asice", "--roots", "roots.pem", "--to", "paperwork"),
    "paperwork departure": (
        *("practice.db", "--practitioner", "99900000029", "--situation", "departure"),
        *("--to", "letters"),
    ),
    "paperwork templates": ("templates",),
}
"""A good run of every command that prints JSON."""
ENDED = {f"collect {name}": INCOMPLETE for name in ("mapped", "documents", "archive")} | {
    f"judge {name}": NONCONFORMING for name in ("xdm", "cda", "dicom")
}
"""How those end of which something stayed behind, as it does of the sample practice."""
ELSEWHERE = {
    "evidence build": "journeys/test_evidence.py",
    "evidence renew": "journeys/test_evidence.py",
    "evidence show": "journeys/test_evidence.py",
    "keys drill": "journeys/test_recovery.py",
    "proof verify": "journeys/test_proofs.py",
    "keys restore": "docs/test_output.py",
    "collect dicom-receive": "interop/test_images_orthanc.py",
    "collect dicomweb": "interop/test_dicomweb.py",
    "collect dicom-node": "interop/test_images_orthanc.py",
    "studies": "interop/test_images_orthanc.py",
    "sources": "docs/test_output.py",
    "vault probe": "journeys/test_vault_probe.py",
    "vault repair": "journeys/test_vault_repair.py",
    "vault parity make": "journeys/test_vault_parity.py",
    "vault parity show": "journeys/test_vault_parity.py",
    "vault parity set": "journeys/test_vault_parity.py",
    "vault witness": "journeys/test_vault_journal.py",
    **{
        f"vault journal {verb}": "journeys/test_vault_journal.py"
        for verb in ("seal", "verify", "show", "add-cosignature")
    },
    "people same": "docs/test_output.py",
    "people different": "journeys/test_successor.py",
    "people answer": "docs/test_output.py",
    "import undo": "journeys/test_import_undone.py",
    "people undo": "journeys/test_who_is_who.py",
    "people separate": "journeys/test_successor.py",
    "retention withdraw": "journeys/test_holds.py",
    "hold lift": "journeys/test_holds.py",
    "receipt sign": "journeys/test_receipts.py",
    "receipt check": "journeys/test_receipts.py",
    "handover record": "journeys/test_receipts.py",
    "handover proof": "journeys/test_situations.py",
    "paperwork receipt": "journeys/test_receipts.py",
    **{
        f"request {name}": "journeys/test_requests.py"
        for name in ("identity", "show", "fulfil", "proof", "close", "reopen")
    },
    **{
        f"breach {verb}": "journeys/test_registers.py"
        for verb in ("update", "notify", "inform", "close", "reopen", "sheet")
    },
    **{f"host {verb}": "journeys/test_registers.py" for verb in ("renew", "end")},
    **{
        f"vault {verb}": "journeys/test_vault.py"
        for verb in ("init", "host", "deposit", "list", "show", "fetch", "export", "audit", "rebuild")
    },
    **{
        f"vault {verb}": "journeys/test_vault_renewal.py" for verb in ("renew", "profile show", "profile set")
    },
    **{
        f"backup {verb}": "journeys/test_backup.py"
        for verb in ("init", "run", "status", "drill", "restore", "schedule")
    },
    **{f"vault {verb}": "journeys/test_vault_disposal.py" for verb in ("due", "lift")},
    **{f"vault {verb}": "docs/test_output.py" for verb in ("hold", "approver", "restitute")},
    **{
        f"vault destroy {verb}": "journeys/test_vault_destruction.py"
        for verb in ("request", "approve", "carry-out", "list")
    },
    "vault destroy withdraw": "journeys/test_vault_withdrawal.py",
    **{
        f"vault storage {name}": "journeys/test_vault_storages.py"
        for name in ("add", "list", "retire", "clear")
    },
    **{
        f"backup storage {name}": "journeys/test_backup_storages.py"
        for name in ("add", "list", "retire", "clear")
    },
}
"""Commands that print JSON and are run elsewhere."""


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program with everything both sides have."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "kerbrat", "pressoir")
    folder = tmp_path_factory.mktemp("console")
    (folder / "clinical.xml").write_bytes(document())
    lay(folder / "medium", [Entry("DOC0001.XML", document())])
    lay_archives(folder / "unpacked")
    (folder / "export.json").write_bytes(fhir_exports.bundle())
    portability.lay(folder / "pdlgc", portability.export())
    name, data = conforming_archive()
    (folder / name).write_bytes(data)
    return Program(folder=small_line.copy(folder, *names, "practice.db", "roster.csv", "pressoir.sqlite"))


def commands(command: Any, *names: str) -> Iterator[tuple[str, set[str]]]:
    """Yield every command of the program with its options."""
    if hasattr(command, "commands"):
        for name, one in command.commands.items():
            yield from commands(one, *names, name)
    else:
        yield " ".join(names), {option for parameter in command.params for option in parameter.opts}


def test_every_command_that_prints_json_is_run() -> None:
    printing = {name for name, options in commands(program()) if "--json" in options}
    assert printing == COMMANDS.keys() | ELSEWHERE.keys()
    for name, journey in ELSEWHERE.items():
        text = (ROOT / "tests" / journey).read_text(encoding="utf-8")
        assert f'"{name.split()[-1]}"' in text and '"--json"' in text


@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_one_document_and_nothing_else(desk: Program, name: str) -> None:
    done = desk(*name.split(), *COMMANDS[name], "--json")
    assert done.status == ENDED.get(name, 0), done.err
    document, end = json.JSONDecoder().raw_decode(done.out)
    assert isinstance(document, dict) and done.out[end:] == "\n"
    assert "\r" not in done.err and "%" not in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_refusal_prints_no_document(desk: Program, name: str) -> None:
    wrong = {
        "collect opendental": "nowhere.sqlite",
        "collect mapped": "nowhere",
        "mapping preview": "nowhere",
        "mapping propose": "nowhere",
        "collect dicom": "nowhere",
        "collect bridges": "nowhere",
        "collect documents": "nowhere",
        "collect cda": "nowhere",
        "collect any": "nowhere",
        "collect xdm": "nowhere",
        "collect archive": "nowhere",
        "collect pdlgc": "nowhere",
        "collect fhir": "nowhere",
        "keys new": "kerbrat",
        "paperwork templates": "kerbrat",
    }
    first = wrong.get(name, "nowhere.db")
    if name in ELSEWHERE:
        return
    before = contents(desk.folder)
    done = desk.here(*name.split(), first, *COMMANDS[name][1:], "--json")
    assert done.status not in {0, 1, 2}
    assert done.out == "" and done.err.count("\n") == 1 and done.err.startswith("error: ")
    assert contents(desk.folder) == before


@pytest.mark.parametrize("name", [name for name, _ in commands(program())])
def test_every_command_explains_itself(desk: Program, name: str) -> None:
    done = desk.here(*name.split(), "--help").ok()
    assert done.err == "" and name.rsplit(maxsplit=1)[-1] in done.out
    misused = desk.here(*name.split(), "--nonsense")
    assert misused.status == 2 and "[usage]" in misused.err and misused.out == ""


@pytest.mark.parametrize("name", [name for name, _ in commands(program())])
def test_no_value_is_dropped_for_another_given_after_it(desk: Program, name: str) -> None:
    command: Any = dict(command_lines.commands())[name]
    single = [one for one in command.params if one.param_type_name == "option" and not one.multiple]
    assert single
    for option in single:
        arguments = [option.opts[-1]] if option.is_flag else [option.opts[-1], "any"]
        done = desk.here(*name.split(), *arguments, *arguments)
        assert done.status == 2 and done.out == "", arguments
        assert f"{max(option.opts, key=len)} is not usable: it is given more than once." in done.err


WINDOW = (24, 100)
"""Rows and columns of the terminal; one without any shows nothing."""


def on_a_terminal(program: Program, *arguments: str | Path) -> tuple[str, str]:
    """Run a command whose standard error is a terminal; return standard output and what the terminal saw."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", *WINDOW, 0, 0))
    try:
        process = subprocess.Popen(
            program.command(*arguments),
            cwd=program.folder,
            env=program.environment(TERM="xterm"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=follower,
        )
        os.close(follower)
        seen = b"".join(_read(leader))
        out, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, seen.decode("utf-8", "replace")
    finally:
        os.close(leader)
    return out.decode("utf-8"), seen.decode("utf-8")


def _read(leader: int) -> Iterator[bytes]:
    """Yield what comes until nobody writes any more, which Linux reports as a fault."""
    while True:
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:
            return
        if not piece:
            return
        yield piece


PROGRESS = {
    "collect opendental": ("Collecting",),
    "export": ("Sealing",),
    "verify": ("Verifying",),
    "inspect": ("Verifying",),
    "import": ("Verifying", "Importing"),
}


@pytest.mark.parametrize("name", PROGRESS)
def test_progress_is_drawn_on_a_terminal_and_never_in_a_pipe(
    desk: Program, name: str, tmp_path: Path, small_line: Line
) -> None:
    program = Program(folder=tmp_path)
    small_line.copy(tmp_path, *(path.name for path in small_line.folder.iterdir() if path.suffix != ".files"))
    (tmp_path / "new.asice").unlink(missing_ok=True)
    out, seen = on_a_terminal(program, *name.split(), *COMMANDS[name])
    for word in PROGRESS[name]:
        assert f"{word}: " in seen
        assert f"{word}: " not in out
    assert "\r" in seen and "\r" not in out
    for path in ("fresh.db", "new.asice"):
        (tmp_path / path).unlink(missing_ok=True)
    piped = program(*name.split(), *COMMANDS[name])
    assert piped.status == ENDED.get(name, 0), piped.err
    for word in PROGRESS[name]:
        assert f"{word}: " not in piped.err + piped.out
    assert "\r" not in piped.err + piped.out
