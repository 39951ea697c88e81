"""The line from collection to import under rules of Windows (``windows.py``), and at a terminal with a code page."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.journeys.line import EXPORT, IMPORT, SAMPLES, Line
from tests.journeys.program import PATIENCE, Program

RULES = Path(__file__).with_name("windows.py")
UNDER_RULES = (sys.executable, "-X", "warn_default_encoding", str(RULES))
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="this system does not say what is open"
)

TRIAL = """
import sys
sys.path.insert(0, {folder!r})
import windows
windows.begin()
exec(compile({code!r}, "trial.py", "exec"), {{"__name__": {name!r}}})
"""


def attempt(tmp_path: Path, code: str, name: str = "archiver.trial") -> str:
    """Run ``code`` as that of a module ``name`` under the rules; return the last line of its complaint."""
    (tmp_path / "open.txt").touch()
    trial = TRIAL.format(folder=str(RULES.parent), code=code, name=name)
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", trial],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE,
    )  # fmt: skip
    return done.stderr.strip().rpartition("\n")[2]


REFUSED = {
    "import os; os.fchmod(0, 0o600)": "has no attribute 'fchmod' on Windows",
    "from os import fork": "cannot import name 'fork'",
    "import os; os.sched_getaffinity(0)": "has no attribute 'sched_getaffinity'",
    "import signal; signal.SIGKILL": "has no attribute 'SIGKILL'",
    "import socket; socket.AF_UNIX": "has no attribute 'AF_UNIX'",
    "import fcntl": "No module named 'fcntl'",
    "import multiprocessing as m; m.get_context('fork')": "cannot find context for 'fork'",
    "open('nul.txt', 'wb')": "Windows refuses this name",
    "from pathlib import Path; Path('a:b').mkdir()": "Windows refuses this name",
    "open('x.', 'wb')": "Windows refuses this name",
    "open('OPEN.TXT', 'wb')": "open.txt has this name on Windows",
    "open('x' * 200, 'wb')": "too long a path for Windows",
    "f = open('open.txt', 'rb'); from pathlib import Path; Path('open.txt').unlink()": "WinError 32",
    "f = open('open.txt', 'rb'); from pathlib import Path; Path('open.txt').rename('y')": "WinError 32",
    "import os; open('y', 'wb').close(); f = open('open.txt', 'rb'); os.replace('y', 'open.txt')": "WinError 32",
    "open('open.txt').read()": "EncodingWarning: 'encoding' argument not specified",
}


@pytest.mark.parametrize("code", REFUSED)
def test_each_rule_refuses(tmp_path: Path, code: str) -> None:
    assert REFUSED[code] in attempt(tmp_path, code)


@pytest.mark.parametrize(
    "code",
    [
        "import os; assert not hasattr(os, 'O_TMPFILE') and os.cpu_count() and os.urandom(1)",
        "import signal; signal.SIGINT, signal.SIGTERM",
        "from pathlib import Path; Path('open.txt').replace('y'); Path('y').unlink()",
        "import tempfile; tempfile.TemporaryFile().close(); tempfile.TemporaryDirectory().cleanup()",
    ],
)
def test_what_windows_has_is_left(tmp_path: Path, code: str) -> None:
    assert attempt(tmp_path, code) == ""


def test_the_libraries_are_left_alone(tmp_path: Path) -> None:
    assert attempt(tmp_path, "import os, fcntl; os.fork", "library") == ""


def test_the_line_keeps_the_rules(small_line: Line, tmp_path: Path) -> None:
    names = (
        "practice.db",
        "roster.csv",
        "pressoir.sqlite",
        "roots.pem",
        "kerbrat",
        "pressoir",
        "receiver.identity",
    )
    folder = small_line.copy(tmp_path, *names)
    temporary = folder / "temporary"
    temporary.mkdir()
    program = Program(folder=folder, language="fr", before=UNDER_RULES)

    def run(*arguments: str | Path) -> str:
        done = program(*arguments, TMPDIR=str(temporary), ARCHIVER_TRACE="1")
        assert done.status in {0, 4}, done.err
        return done.out

    run("keys", "new", "mine", "--name", "Dr Élise Exemple", "--no-passphrase")
    run("collect", "opendental", "pressoir.sqlite", "--into", "successor.db")
    run("collect", "dicom", SAMPLES / "practice" / "imaging", "--into", "practice.db")
    run("collect", "documents", SAMPLES / "practice" / "papers", "--into", "practice.db")
    run(*EXPORT, "--by-retention-year")
    assert processes(temporary) >= 2
    report = ("--report", "verdict.pdf", "--report-signer", "kerbrat/signer.p12")
    run("verify", "package-set.asice", "--roots", "roots.pem", *report)
    bringing_in = (IMPORT[0], "package-set.asice", *IMPORT[2:])
    run(*bringing_in)
    assert processes(temporary) >= 2
    run(*bringing_in, "--receipt", "again.json")
    processes(temporary)
    assert not [*temporary.iterdir()]


def processes(folder: Path) -> int:
    """Take away the files by which processes that were started anew have said so; return how many there were."""
    files = [*folder.glob("spawned-*")]
    for one in files:
        one.unlink()
    return len(files)


CODE_PAGES = ("cp850", "cp1252")
"""What consoles and files of a French Windows use."""
LETTER = "é"


@pytest.mark.parametrize("page", CODE_PAGES)
def test_a_terminal_with_a_code_page_gets_its_letters(small_line: Line, tmp_path: Path, page: str) -> None:
    program = Program(folder=small_line.copy(tmp_path, "package.asice", "roots.pem"), language="fr")
    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb", buffering=0) as terminal:
        process = subprocess.Popen(
            program.command("verify", "package.asice", "--roots", "roots.pem"),
            cwd=program.folder,
            env=program.environment(TERM="xterm", PYTHONIOENCODING=page),
            stdin=subprocess.DEVNULL,
            stdout=follower,
            stderr=follower,
        )
        os.close(follower)
        seen = b""
        with suppress(OSError):  # how Linux says that nobody writes any more
            while piece := terminal.read(1 << 16):
                seen += piece
        assert process.wait(PATIENCE) == 0
    assert LETTER.encode(page) in seen
    assert LETTER.encode("utf-8") not in seen


@pytest.mark.parametrize("page", CODE_PAGES)
def test_a_pipe_gets_utf_8_whatever_the_code_page_is(small_line: Line, tmp_path: Path, page: str) -> None:
    program = Program(folder=small_line.copy(tmp_path, "package.asice", "roots.pem"), language="fr")
    asked = ("verify", "package.asice", "--roots", "roots.pem", "--at", "2027-01-01")
    assert program(*asked, PYTHONIOENCODING=page) == program(*asked)
