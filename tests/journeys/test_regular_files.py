"""No command waits for a pipe, reads a device to its end, or takes a folder for a file."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.recovery.recovery_set import split_identity
from tests.journeys.command_lines import (
    BACKUP,
    LINES,
    LISTING,
    VAULT,
    PathParameter,
    commands,
    path_parameters,
)
from tests.journeys.line import Line, lay_molaire
from tests.journeys.program import Program

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in its folders")

SECONDS = 20
"""Longer than any refusal takes; a pipe without a writer is waited for without end."""
MEMORY = 256 << 20
"""Bytes the process may grow by; a device that never ends is read until memory is."""
REGISTERS = ("register processing", "register notice", "breach sheet")
READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
STORAGE = tuple(f"storage {name}" for name in ("add", "list", "retire", "clear"))
NETWORK = ("dicom-receive", "dicom-node", "dicomweb")
"""Sources that lie in the network."""
JUDGES = tuple(f"judge {kind}" for kind in ("pdlgc", "xdm", "cda", "dicom"))
WRITTEN = {
    *(PathParameter(command=name, place=1) for name in ("export", "keys share")),
    *(PathParameter(command=name, place=0) for name in ("keys new", "keys restore")),
    *(PathParameter(command=name, option="--into") for name in LINES if "--into" in LINES[name]),
    PathParameter(command="keys recovery", option="--out"),
    PathParameter(command="vault init", place=0),
    PathParameter(command="backup init", place=0),
    *(PathParameter(command=f"backup {name}", option="--to") for name in ("restore", "schedule")),
    PathParameter(command="vault deposit", option="--receipts"),
    *(PathParameter(command=f"vault {name}", option="--to") for name in ("fetch", "export", "restitute")),
    PathParameter(command="vault destroy carry-out", option="--to"),
    *(PathParameter(command=f"{name} storage clear", option="--to") for name in ("vault", "backup")),
    PathParameter(command="vault due", option="--csv"),
    PathParameter(command="vault audit", option="--report"),
    *(
        PathParameter(command=f"vault {name}", option="--to")
        for name in ("journal export", "journal proof", "witness")
    ),
    PathParameter(command="verify", option="--report"),
    *(PathParameter(command=name, option="--to") for name in ("package tools", "roster propose")),
    *(PathParameter(command=name, option="--to") for name in ("package tools", "mapping propose")),
    PathParameter(command="split", option="--to"),
    *(PathParameter(command=f"proof {name}", option="--to") for name in ("patient", "absent")),
    *(PathParameter(command=f"paperwork {name}", option="--to") for name in ("transfer", "departure")),
    PathParameter(command="paperwork templates", place=0),
    PathParameter(command="export", option="--paperwork"),
    PathParameter(command="paperwork receipt", option="--to"),
    PathParameter(command="patients", option="--roster"),
    *(PathParameter(command="people show", option=option) for option in ("--page", "--answers")),
    *(PathParameter(command=name, option="--page") for name in ("dossier check", "mapping preview", *JUDGES)),
    *(PathParameter(command=name, option="--to") for name in ("deliver", "request fulfil")),
    *(PathParameter(command=name, option="--to") for name in REGISTERS),
    *(PathParameter(command="import", option=option) for option in ("--receipt", "--page", "--list")),
    *(
        PathParameter(command=f"collect {name}", option="--report")
        for name in ("mapped", "dicom", "documents", *NETWORK)
    ),
    *(PathParameter(command=f"collect {name}", option="--images") for name in NETWORK),
}
"""What is written: that something else is there already is said otherwise, if it is not simply replaced."""
FOLDERS = {
    *(
        PathParameter(command=f"backup {name}", place=0)
        for name in ("run", "watch", "status", "drill", "restore", "schedule", *STORAGE)
    ),
    *(
        PathParameter(command=f"vault {name}", place=0)
        for name in (
            *("host", "deposit", "list", "show", "fetch", "export", "audit", "rebuild", "repair", "renew"),
            *("profile show", "profile set", "witness", "parity make", "parity show", "parity set"),
            *(f"journal {name}" for name in ("seal", "verify", "show", "export", "proof", "add-cosignature")),
            *("due", "hold", "lift", "restitute", "approver", *STORAGE),
            *(f"destroy {name}" for name in ("request", "approve", "withdraw", "carry-out", "list")),
        )
    ),
    *(
        PathParameter(command=name, option=option)
        for name in JUDGES[:3]
        for option in ("--schemas", "--schematrons")
    ),
    *(PathParameter(command=f"collect {name}", place=0) for name in ("bridges", "dicom", "documents")),
    PathParameter(command="collect opendental", option="--images"),
    *(
        PathParameter(command=name, option="--files")
        for name in ("collect mapped", "mapping preview", "mapping check")
    ),
    PathParameter(command="deliver", option="--pdf-cache"),
    *(PathParameter(command=f"paperwork {name}", option="--templates") for name in ("transfer", "departure")),
    *(PathParameter(command=name, option="--templates") for name in REGISTERS),
    PathParameter(command="paperwork receipt", option="--templates"),
}
"""What is a folder."""


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("files")
    names = ("practice.db", "package.asice", "kerbrat", "pressoir", "receiver.identity", "roots.pem")
    small_line.copy(folder, *names, "pressoir.sqlite")
    lay_molaire(folder)
    (folder / "folder").mkdir()
    with (folder / "receiver.identity").open("rb") as stream:
        (key,) = read_identities(stream)
    assert isinstance(key, HybridIdentity)
    cards = [" ".join(one.words) for one in split_identity(key, threshold=2, cards=2).cards]
    (folder / "cards.txt").write_text("\n\n".join(cards), encoding="utf-8")
    (folder / "pin.txt").write_text("1234\n", encoding="utf-8")
    (folder / "answers.csv").write_text("question;answer\n", encoding="utf-8")
    (folder / "claims.csv").write_text("identifier;recipient;delivered_on\n", encoding="utf-8")
    (folder / "credentials.ini").write_text(
        "[default]\naws_access_key_id = nobody\naws_secret_access_key = nothing\n", encoding="utf-8"
    )
    (folder / "credentials.ini").chmod(0o600)
    (folder / "empty").mkdir()
    program = Program(folder=folder)
    program(*["breach", "open", "practice.db", "--what", "x", "--nature", "integrity", "--by", "x"]).ok()
    program(*LISTING).ok()
    program(*VAULT).ok()
    (folder / "backup-disk").mkdir()
    program(*BACKUP).ok()
    program(
        "import",
        "package.asice",
        *READING,
        "--into",
        "here.db",
        "--practice",
        "Cabinet",
        "--receipt",
        "receipt.json",
    ).ok()
    return program


@contextmanager
def bounded() -> Iterator[None]:
    """Fail when the block takes more time or memory than a refusal."""

    def late(*_: object) -> NoReturn:
        raise AssertionError(f"it still waits after {SECONDS} s")

    before, grown = signal.signal(signal.SIGALRM, late), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown) << 10 < MEMORY


def test_every_command_has_its_line() -> None:
    assert {name for name, _ in commands()} == set(LINES)
    assert len(path_parameters()) >= 100
    assert set(path_parameters()) >= WRITTEN


@pytest.mark.parametrize(
    ("parameter", "kind"),
    [
        pytest.param(parameter, kind, id=f"{parameter}-{kind}")
        for parameter in path_parameters()
        for kind in ("pipe", "device", "folder")
        if kind != "folder" or parameter not in WRITTEN | FOLDERS  # a folder belongs there, or nothing is yet
    ],
)
def test_what_is_no_regular_file_is_refused(parameter: PathParameter, kind: str, desk: Program) -> None:
    for left in desk.folder.glob("new*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    place = desk.folder / "pipe"
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    value = {"pipe": "pipe", "device": "/dev/zero", "folder": "empty"}[kind]
    with bounded():
        ended = desk.here(*parameter.line(value))
    assert ended.status != 0 or parameter in WRITTEN, ended.out + ended.err
    codes = re.findall(r"\[([a-z-]+)\]", ended.err) or ["usage"]
    if parameter in WRITTEN:
        assert "unexpected" not in codes, ended.err
    elif parameter in FOLDERS:
        assert codes[0] in {"not-a-folder", "folder-not-found"}, ended.err
    elif kind != "folder":
        assert codes == ["not-a-regular-file"], ended.err
    else:
        assert not {"unexpected", "usage"} & set(codes), ended.err
