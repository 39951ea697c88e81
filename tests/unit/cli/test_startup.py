"""A command loads what it uses, and starts within its share of processor time."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

import archiver.cli.commands
from archiver.cli.exits import INTERRUPTED, SUCCESS
from archiver.cli.program import COMMANDS, commands_of
from tests.benchmarks import starting
from tests.journeys.line import IMPORT, Line
from tests.journeys.program import PROGRAM, Program

HEAVY = ("pyhanko", "aiohttp", "reportlab", "fhir")
"""What no command loads that makes no paper."""
MAKING = (
    "sqlite_utils",
    "click",
    "pydicom",
    "PIL",
    "pyzipper",
    "shamir_mnemonic",
    "archiver.assembly.seal",
)
"""What only making a store, sealing, imaging and recovery cards need."""
OPENING = ("archiver.practice.store", "formats.model.dossier", "formats.fhir", "formats.pdlgc")
"""What only opening a dossier needs."""
READING = ("archiver.package.checks.check_package", "archiver.handover.opening", "formats.pdlgc.read")
"""What only examining a package and reading its dossiers needs."""
LARGE = ("numpy",)
"""What only much data is worth loading for."""
ASKING = """
import sys
sys.argv = ["archiver", *sys.argv[1:]]
from archiver.cli.main import run
try:
    run()
finally:
    print(sorted(sys.modules.keys() & set({heavy!r})))
"""


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("keys", "new", "made", "--name", "Dr Exemple", "--no-passphrase"),
        ("collect", "documents", "papers", "--into", "practice.db"),
        ("patients", "practice.db"),
        ("people", "list", "practice.db"),
    ],
    ids=" ".join,
)
def test_it_loads_no_more_than_it_uses(tmp_path: Path, command: tuple[str, ...]) -> None:
    asked = ASKING.replace("{heavy!r}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", asked, *command],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


ON_FEW_DOSSIERS = {
    starting.VERIFY: (*MAKING, *OPENING, *LARGE, "sqlite3"),
    starting.INSPECT: (*MAKING, *(one for one in OPENING if one != "formats.pdlgc"), *LARGE, "sqlite3"),
    IMPORT: (*MAKING, *LARGE),
    starting.COLLECT: (*MAKING, *LARGE, "lxml", "cryptography.x509", "formats.dicom", "formats.papers"),
    (*starting.COLLECT[:-1], "new.db"): ("pydicom", "PIL", "lxml", "cryptography.x509", "formats.papers"),
    starting.COMMANDS["export"]: (
        *(one for one in MAKING if one != "archiver.assembly.seal"),
        *(*LARGE, *READING),
    ),
}
"""Commands on a few dossiers whose images were collected, and what else none of them may load."""


@pytest.mark.unmeasured
@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "others"), ON_FEW_DOSSIERS.items(), ids=[" ".join(one) for one in ON_FEW_DOSSIERS]
)
def test_a_command_on_few_dossiers_loads_no_more_than_it_uses(
    small_line: Line, tmp_path: Path, command: tuple[str, ...], others: tuple[str, ...]
) -> None:
    folder = small_line.copy(tmp_path, *starting.NEEDS)
    asked = ASKING.replace("{heavy!r}", repr(HEAVY + others))
    done = subprocess.run(
        [sys.executable, "-c", asked, *command],
        cwd=folder,
        env=Program(folder=folder).environment(),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == SUCCESS, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


SHARES = {"--help": 1.65, "verify": 4, "inspect": 4, "collect": 4, "export": 6}
"""Times the processor time of the reference at most (0.15 seconds on a quiet machine); an export writes six clinical
documents a dossier, and the page that opens the package."""
ROUNDS = 12


@pytest.mark.unmeasured
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not say what one process used")
@pytest.mark.parametrize("name", SHARES)
def test_a_command_starts_within_its_share_of_what_its_libraries_take(
    small_line: Line, tmp_path: Path, name: str
) -> None:
    """In turn with as many references as take as long, the least of as many rounds as it takes.

    Another's load stretches both alike; what is short finds a quiet moment more easily than what is long.
    """
    starting.compile_all()
    folder = small_line.copy(tmp_path, *starting.NEEDS)
    command = (str(PROGRAM), *starting.COMMANDS[name])
    starts = math.ceil(SHARES[name])
    starting.seconds(starting.REFERENCE, folder)  # brings what both load into memory
    ours, allowed = [], []
    for _ in range(ROUNDS):
        (folder / "new.asice").unlink(missing_ok=True)  # of the round before
        ours.append(starting.seconds(command, folder))
        references = [starting.seconds(starting.REFERENCE, folder) for _ in range(starts)]
        allowed.append(sum(references) / starts * SHARES[name])
        if len(ours) > 2 and min(ours) <= min(allowed):
            break
    assert min(ours) <= min(allowed), (min(ours), min(allowed))


STOPPED = """
import sys
class Stopped:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stopped())
from archiver.cli.start import run
run()
"""


@pytest.mark.parametrize(
    ("loading", "ending"),
    [("archiver.cli.main", ""), ("typer", ""), ("archiver.cli.commands.verify", "[interrupted]\n")],
)
def test_whoever_stops_it_while_it_loads_sees_no_trace(loading: str, ending: str) -> None:
    asked = STOPPED.replace("{name!r}", repr(loading))
    done = subprocess.run(
        [sys.executable, "-c", asked, "--help"], capture_output=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stdout, done.stderr[-len("[interrupted]\n") :]) == (INTERRUPTED, "", ending)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("module", COMMANDS)
def test_what_a_module_registers_is_listed(module: str) -> None:
    assert tuple(commands_of(module).commands) == COMMANDS[module]


def test_every_module_of_commands_is_listed() -> None:
    folder = Path(archiver.cli.commands.__file__).parent
    found = {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.rglob("*.py")
        if path.name != "__init__.py" and "def register(program:" in path.read_text(encoding="utf-8")
    }
    assert found == set(COMMANDS)


def test_a_command_loads_no_other_commands(tmp_path: Path) -> None:
    asked = ASKING.replace("sorted(", "sorted(one for one in ").replace(
        "sys.modules.keys() & set({heavy!r})", "sys.modules if one.startswith('archiver.cli.commands.')"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, "patients", "practice.db"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.stdout.splitlines()[-1] == "['archiver.cli.commands.patients']", done.stdout + done.stderr
