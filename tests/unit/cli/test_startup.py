"""A command loads what it uses: the libraries that take a second are left out where nothing is signed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archiver.cli.exits import INTERRUPTED, SUCCESS
from tests.journeys.line import IMPORT, Line
from tests.journeys.program import Program

HEAVY = ("pyhanko", "aiohttp", "reportlab", "fhir")
ASKING = """
import sys
sys.argv = ["archiver", *sys.argv[1:]]
from archiver.cli.main import run
try:
    run()
finally:
    print(sorted({name.partition(".")[0] for name in sys.modules} & set({heavy!r})))
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
        [sys.executable, "-c", asked, *command], cwd=tmp_path, capture_output=True, check=False, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("verify", "package.asice", "--roots", "roots.pem"),
        ("inspect", "package.asice", "--identity", "receiver.identity", "--roots", "roots.pem"),
        IMPORT,
        ("collect", "opendental", "pressoir.sqlite", "--into", "collected.db"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_what_only_reads_a_package_loads_nothing_that_signs(
    small_line: Line, tmp_path: Path, command: tuple[str, ...]
) -> None:
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "pressoir.sqlite")
    folder = small_line.copy(tmp_path, *names)
    asked = ASKING.replace("{heavy!r}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", asked, *command],
        cwd=folder,
        env=Program(folder=folder).environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == SUCCESS, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_reading_a_package_loads_nothing_that_only_writing_needs() -> None:
    asked = "import sys, archiver.operations.receive; print(sorted({'pydicom', 'pyzipper', 'fhir'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


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


@pytest.mark.parametrize("loading", ["archiver.cli.main", "typer", "archiver.cli.verifying"])
def test_whoever_stops_it_while_it_loads_sees_no_trace(loading: str) -> None:
    asked = STOPPED.replace("{name!r}", repr(loading))
    done = subprocess.run(
        [sys.executable, "-c", asked, "--help"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")
